// What one collection of one host brings home.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/sample.hpp"

namespace kurabe::collectors {

// A text about a host that describes it or its graphs: "traffic-interfaces" = "eth0,eth1".
struct Meta {
    std::string plugin;
    std::string key;
    std::string value;
};

// The key of a warning that makes its host critical, as a check does that says so.
inline constexpr std::string_view kCriticalWarning = "critical";

// Something that could not be collected, for the host's page: "traffic" = "cannot read ...".
struct Warning {
    std::string plugin;
    std::string key;
    std::string text;
};

struct Report {
    store::Batch batch;
    store::Time time;  // of meta and warnings
    std::vector<Meta> meta;
    std::vector<Warning> warnings;
    // Whether the host itself was heard; false for what is said about one that was not.
    bool is_sign_of_life = true;
};

}  // namespace kurabe::collectors
