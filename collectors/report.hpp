// What one collection of one host brings home.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "store/sample.hpp"
#include "store/types.hpp"

namespace kurabe::collectors {

// A text about a host that describes it or its graphs: "traffic-interfaces" = "eth0,eth1".
struct Meta {
    std::string plugin;
    std::string key;
    std::string value;
};

// The key of a warning that makes its host critical, as a check does that says so.
inline constexpr std::string_view kCriticalWarning = "critical";

// How long a warning lives that is not told again: Kurado's, and, of what is looked at less often,
// until it has been looked at twice. How often a report comes is the business of who hands it in
// (server/ingest.hpp).
inline constexpr store::Seconds kWarningLifetime{300};
[[nodiscard]] constexpr store::Seconds warning_lifetime(store::Seconds interval) noexcept {
    return std::max(kWarningLifetime, 2 * interval);
}

// Something that could not be collected, for the host's page: "traffic" = "cannot read ...".
struct Warning {
    std::string plugin;
    std::string key;
    std::string text;
    store::Seconds lifetime = kWarningLifetime;  // or longer, see above
};

struct Report {
    store::Batch batch;
    store::Time time;  // of meta and warnings
    std::vector<Meta> meta;
    std::vector<Warning> warnings;
    // Whether the host itself was heard; false for what is said about one that was not.
    bool is_sign_of_life = true;
    // A plugin that was heard though there may be nothing of it here; may be empty.
    std::string plugin = {};
    // Warnings of `plugin` that are over: those of these keys, or all that are not here.
    std::vector<std::string> ended_warnings = {};
    bool ends_other_warnings = false;
    // The samples are all that there were, as those of a spool are: silence between them is no
    // matter of how often the report comes.
    bool is_history = false;
    // More is there already: worth another poll as soon as this is kept.
    bool has_more = false;
};

}  // namespace kurabe::collectors
