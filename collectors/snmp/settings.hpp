// What holds for all devices that are watched by SNMP, and what is said of each.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collectors/snmp/credentials.hpp"
#include "collectors/snmp/history.hpp"
#include "collectors/snmp/session.hpp"
#include "collectors/snmp/survey.hpp"

namespace kurabe::collectors::snmp {

inline constexpr std::uint16_t kPort = 161;

struct Settings {
    std::vector<Credential> credentials;
    Filters filters = {};
    Patience patience = {};
    // For one poll of one device, from the look-up of its name to the last answer.
    std::chrono::milliseconds deadline{10000};
    // Whether polls follow one another; see Circumstances.
    bool goes_on = true;
};

struct Target {
    std::string host;                        // a name or an address
    std::string known_as = {};               // of reports; empty: the host
    std::string name = {};                   // another by which credentials know it
    std::optional<std::uint16_t> port = {};  // none: the credential's, else kPort
    Wanted wanted = {};
    std::chrono::seconds heartbeat = kUsualHeartbeat;  // see History

    [[nodiscard]] const std::string& reported_host() const noexcept {
        return known_as.empty() ? host : known_as;
    }
};

}  // namespace kurabe::collectors::snmp
