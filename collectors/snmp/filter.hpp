// Which interfaces and disks of a device are kept.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kurabe::collectors::snmp {

inline constexpr std::size_t kPatternsMax = 100;
inline constexpr std::size_t kPatternBytesMax = 128;

// Patterns as of glob(7): "eth*", "Gi1/0/[1-4]".
struct Filter {
    std::vector<std::string> only = {};    // empty: all
    std::vector<std::string> except = {};  // of those

    [[nodiscard]] bool keeps(std::string_view name) const;
};

[[nodiscard]] bool fits_pattern(const std::string& pattern, std::string_view name);

}  // namespace kurabe::collectors::snmp
