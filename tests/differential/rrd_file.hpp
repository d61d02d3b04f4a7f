// A look into a .rrd file of one data source: rows and accumulators as bits, which rrdtool's own
// output rounds to eleven digits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace kurabe::tests {

struct RrdRra {
    std::string cf;
    std::uint64_t rows;
    std::uint64_t pdp_per_row;
    double cdp_value;
    std::uint64_t cdp_unknown;
    std::map<std::int64_t, double> values;  // by row time in seconds
};

struct RrdFile {
    double pdp_value;
    std::uint64_t pdp_unknown_seconds;
    std::vector<RrdRra> rras;

    [[nodiscard]] static RrdFile read(const std::filesystem::path& path);
};

}  // namespace kurabe::tests
