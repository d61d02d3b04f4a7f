// How many hosts may be stored that the configuration does not list: every new one takes a file of
// megabytes, and whoever may push could name as many as there are names.
// Rule: our own key `unlisted_hosts:` of the configuration, docs/operations.md.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "store/guarded.hpp"
#include "store/result.hpp"

namespace kurabe::server {

inline constexpr std::size_t kUnlistedHostsMax = 1'000;  // unless the configuration says otherwise

// Thread-safe.
class UnlistedHosts {
  public:
    using IsListed = std::function<bool(std::string_view host)>;

    // `stored` are the hosts that are there already; those that are not listed count.
    UnlistedHosts(IsListed is_listed, const std::vector<std::string>& stored, std::size_t most);

    // Whether lines of the host may be taken; an unlisted one that is new counts from then on.
    // kLimit says what would be right.
    [[nodiscard]] Result<void> admit(std::string_view host);

  private:
    IsListed is_listed_;
    std::size_t most_;
    store::Guarded<std::set<std::string, std::less<>>> hosts_;
};

}  // namespace kurabe::server
