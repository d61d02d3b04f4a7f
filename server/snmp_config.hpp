// What the configuration says of devices that the server watches by SNMP: `snmp` of `config`, and
// the lines of rolls. Rule: docs/operations.md.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/snmp/session.hpp"
#include "collectors/snmp/survey.hpp"
#include "store/result.hpp"

namespace kurabe::server {

class YamlMapping;

struct SnmpConfig {
    std::optional<std::filesystem::path> credentials;  // a file; see snmp_credentials.hpp
    collectors::snmp::Filters filters;
    collectors::snmp::Patience patience;
};

// Reads `snmp` of `config`; unknown keys become warnings.
[[nodiscard]] Result<SnmpConfig> read_snmp_config(
    YamlMapping& config, const std::function<std::filesystem::path(std::string_view)>& resolve,
    std::vector<std::string>& warnings);

// What lines of a roll ask for.
struct SnmpLines {
    collectors::snmp::Wanted wanted;   // without plugins, which are not known yet
    std::vector<std::string> plugins;  // by name
};

// Adds a line, "snmp", "snmp:if", "snmp:hr", "snmp:ucd" or "snmp:oid:NAME", given by its arguments,
// and says which plugin it is shown as. kInvalid, in a few words, for another.
[[nodiscard]] Result<std::string> add_snmp_line(const std::vector<std::string>& arguments,
                                                SnmpLines& lines);

}  // namespace kurabe::server
