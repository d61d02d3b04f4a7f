// Random definitions of .rrd files: data sources of all types, RRAs of all consolidation functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/types.hpp"
#include "tests/differential/random.hpp"

namespace kurabe::tests {

struct RrdSchema {
    struct Source {
        std::string name;
        store::DsType type;
    };

    std::int64_t step = 60;
    std::int64_t begin = 0;
    std::vector<Source> sources;
    std::int64_t longest_row = 1;          // PDPs per row of the coarsest RRA
    std::vector<std::string> definitions;  // "DS:...", "RRA:..."

    struct Options {
        bool holt_winters = false;
        bool computed = true;
        std::vector<std::int64_t> steps = {1, 7, 10, 60, 300};
    };
    [[nodiscard]] static RrdSchema make(Random& random, const Options& options);
    [[nodiscard]] std::string create_command(const std::string& file) const;
};

}  // namespace kurabe::tests
