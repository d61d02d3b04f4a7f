// What a caller who may not is told.
#include "server/access/caller.hpp"

#include <fmt/format.h>

namespace kurabe::server {

Result<void> Caller::check_host(std::string_view host) const {
    if (!is_limited() || (!host.empty() && is_for(host))) return {};
    return fail(ErrorCode::kForbidden, refusal_of(host));
}

std::string Caller::refusal_of(std::string_view host) const {
    return host.empty() ? fmt::format("{} is for some hosts, and this names none", shown())
                        : fmt::format("{} is not for the host '{}'", shown(), host);
}

std::string Caller::shown() const {
    return fmt::format("{} '{}'", kind == Kind::kToken ? "token" : "user", name);
}

}  // namespace kurabe::server
