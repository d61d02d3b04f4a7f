// Random updates of an .rrd file: gaps, wraps, unknown and wrong readings, late and fractional
// times.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/differential/random.hpp"
#include "tests/differential/rrd_schema.hpp"

namespace kurabe::tests {

class RrdHistory {
  public:
    RrdHistory(const RrdSchema& schema, Random& random);

    // The words of the next command after the file's name: options, then one to five arguments.
    [[nodiscard]] std::string next();

  private:
    [[nodiscard]] std::string argument(const std::vector<std::size_t>& order);
    [[nodiscard]] std::string time();
    [[nodiscard]] std::string reading(std::size_t source);
    [[nodiscard]] std::string finite_reading(std::size_t source);
    [[nodiscard]] std::string counter(std::size_t source);
    [[nodiscard]] std::int64_t advance();
    [[nodiscard]] std::vector<std::size_t> random_order(bool& is_template);

    const RrdSchema& schema_;
    Random& random_;
    std::int64_t micros_;
    bool has_wrong_input_;  // now and then
    bool is_regular_;       // most of the time one reading per step
    bool is_finite_;        // rrdtool cannot sort infinite values, which a COMPUTE may want to
    std::vector<std::uint64_t> counters_;
};

}  // namespace kurabe::tests
