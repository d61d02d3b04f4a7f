// A .rrd file with known contents, and one graph definition evaluated by rrdtool and by us.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "render/variable_table.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/rrdtool_series_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {

class RenderDifferential : public ::testing::Test {
  protected:
    static constexpr std::int64_t kFirst = 1'700'000'040;  // a multiple of 60

    void SetUp() override;

    // A gauge "a" every `step` seconds from kFirst on; each value a word for `rrdtool update`.
    void create(std::string_view name, int step, const std::vector<std::string>& rras,
                const std::vector<std::string>& values);

    // "DEF:a={dir}/x.rrd:a:AVERAGE" with the directory filled in.
    [[nodiscard]] std::string with_directory(std::string_view text) const;

    // What both print for the same words of `rrdtool graph`; an error is one text.
    [[nodiscard]] std::vector<std::string> rrdtool_prints(const std::vector<std::string>& words);
    [[nodiscard]] std::vector<std::string> our_prints(const std::vector<std::string>& words);
    // Also quotes the definition on failure. Numbers may differ by `noise`.
    void expect_same_prints(const std::vector<std::string>& words, double noise = 0);

    // The rows of one variable as `rrdtool xport` gives them: `start` is the first row's time.
    struct Exported {
        std::string error;
        std::int64_t start = 0;
        std::int64_t step = 1;
        std::vector<double> values;
    };
    [[nodiscard]] Exported rrdtool_export(const std::vector<std::string>& words,
                                          std::string_view name);

    // The ends of the y scale that rrdtool chooses.
    [[nodiscard]] std::pair<double, double> rrdtool_scale(const std::vector<std::string>& words);

    [[nodiscard]] Result<render::GraphDefinition> parse(const std::vector<std::string>& words);

    TemporaryDirectory directory_;
    RrdtoolProcess rrdtool_;
    RrdtoolSeriesSource source_{rrdtool_};
};

// Within what eleven digits of input allow, or by not more than `noise`.
[[nodiscard]] bool close_enough(double left, double right, double noise);
// The same text, or the same but for a number at its start that is close enough.
[[nodiscard]] bool same_text(std::string_view left, std::string_view right, double noise);

}  // namespace kurabe::tests
