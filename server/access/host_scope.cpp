// Any of the patterns.
#include "server/access/host_scope.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace kurabe::server {

Result<HostScope> HostScope::parse(std::span<const std::string> patterns) {
    if (patterns.size() > kScopePatternsMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("more than {} patterns of hosts", kScopePatternsMax));
    }
    HostScope scope;
    for (const std::string& text : patterns) {
        auto pattern = HostPattern::parse(text);
        if (!pattern) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("hosts '{}': {}; write db1, 'web*' or 10.0.7.0/24", text,
                                    pattern.error().message));
        }
        scope.patterns_.push_back(*std::move(pattern));
        scope.texts_.push_back(text);
    }
    return scope;
}

bool HostScope::includes(std::string_view host) const {
    return is_all() || std::ranges::any_of(patterns_, [host](const HostPattern& pattern) {
               return pattern.matches(host);
           });
}

}  // namespace kurabe::server
