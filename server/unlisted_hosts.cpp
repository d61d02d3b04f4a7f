// A set of names.
#include "server/unlisted_hosts.hpp"

#include <utility>

#include <fmt/format.h>

namespace kurabe::server {

UnlistedHosts::UnlistedHosts(IsListed is_listed, const std::vector<std::string>& stored,
                             std::size_t most)
    : is_listed_(std::move(is_listed)), most_(most) {
    const auto hosts = hosts_.lock();
    for (const std::string& host : stored) {
        if (!is_listed_(host)) hosts->insert(host);
    }
}

Result<void> UnlistedHosts::admit(std::string_view host) {
    if (is_listed_(host)) return {};
    if (hosts_.lock_shared()->contains(host)) return {};
    const auto hosts = hosts_.lock();
    if (hosts->size() >= most_ && !hosts->contains(host)) {
        return fail(ErrorCode::kLimit,
                    fmt::format("'{}' is not in the configuration, and {} such hosts are stored; "
                                "add it, or raise 'unlisted_hosts'",
                                host, hosts->size()));
    }
    hosts->emplace(host);
    return {};
}

}  // namespace kurabe::server
