// .rrd files of random histories on both sides, and random definitions over them.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "cli/full_program.hpp"
#include "tests/differential/rrd_twin.hpp"

namespace kurabe::tests {

// a.rrd: a minute, DS "one" and "two", several RRAs. b.rrd: two minutes. h.rrd: Holt-Winters.
class GraphDifferential : public testing::Test {
  protected:
    static constexpr std::int64_t kFirst = 1'700'000'040;  // a multiple of 60
    static constexpr int kMinutes = 1500;

    void SetUp() override;

    [[nodiscard]] int below(int limit);
    [[nodiscard]] const std::string& any(const std::vector<std::string>& words);

    // "-s START -e END": rows of all files are within, and some without.
    [[nodiscard]] std::string random_range();
    // " DEF:..." of three variables a, b and c, then a CDEF d and VDEFs v and t; t has a time.
    [[nodiscard]] std::string random_variables();
    // " PRINT:..." and others, of these variables.
    [[nodiscard]] std::string random_prints();
    // " XPORT:..." and, when `drawn`, " LINE1:..." and " AREA:...".
    [[nodiscard]] std::string random_columns(bool drawn);
    [[nodiscard]] static int rounds(int quick);

    cli::FullProgram program_;
    RrdTwin twin_{&program_};

  private:
    [[nodiscard]] std::string random_data(std::string_view name, std::string_view file,
                                          const std::vector<std::string>& cfs);

    std::mt19937 random_;
};

}  // namespace kurabe::tests
