// Hosts that push and stand in no service: what their pages show is made up of what the store has.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/site.hpp"
#include "store/result.hpp"

namespace kurabe::server {

// The host of a page. `kept` owns what `place` points to when the configuration does not.
struct FoundHost {
    HostPlace place;
    std::shared_ptr<const void> kept = {};
    // Why nothing is known of its plugins, when the configuration does not name them.
    std::optional<Error> damage = {};
};

// Of the configuration, or of the store: then its service has no name, and its plugins are those of
// its series, `base` first; an archive that cannot be used has none. kNotFound names the address;
// other errors are the store's.
[[nodiscard]] Result<FoundHost> find_host(const SiteParts& parts, std::string_view address);

// Of which the host has series, in the order of these, some of them several times. Files of
// RRDtool, of which a host may have thousands, are not opened for it. Errors are the store's.
[[nodiscard]] Result<std::vector<std::string>> stored_plugins(const SiteParts& parts,
                                                              std::string_view address);

// Those that the store has, sorted.
[[nodiscard]] std::vector<std::string> unlisted_hosts(const SiteParts& parts);

}  // namespace kurabe::server
