// One option of a graph's arguments: its name and what its value does; and the kinds of values that
// several options have. The options stand in one table for each part of a graph, named below.
// Used by graph_options.cpp only.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "render/graph_definition.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

// Options that rrdtool does not have, before times and colours are understood.
struct OwnOptions {
    std::optional<std::string> compare;
    std::optional<std::string> scale_with;
    std::optional<ComparisonAlignment> alignment;
    std::vector<std::string> marks;
    std::vector<std::string> bands;
    Theme theme = Theme::kRrdtool;
    // What is given explicitly, which a theme does not change.
    std::array<std::optional<Color>, kColorTagCount> colors;
    std::optional<int> border_px;
};

// What the options say so far; times are understood when both ends are known.
struct OptionState {
    GraphOptions options;
    std::string start = "end-24h";
    std::string end = "now";
    const store::TimeZone& zone;
    OwnOptions own = {};
};

using Applied = Result<void>;

struct Option {
    std::string_view name;
    char letter;  // 0 = none
    bool takes_value;
    Applied (*apply)(OptionState&, const std::string& value);
};

// `takes_value` of an Option.
inline constexpr bool kValue = true;
inline constexpr bool kFlag = false;

// ---- The tables ----

[[nodiscard]] std::span<const Option> axis_options();    // scales, grids and their labels
[[nodiscard]] std::span<const Option> frame_options();   // sizes, and texts around the plot
[[nodiscard]] std::span<const Option> look_options();    // colours, fonts, ways of drawing
[[nodiscard]] std::span<const Option> output_options();  // what is shown and what is written
[[nodiscard]] std::span<const Option> own_options();     // what rrdtool does not have

// Understands what own_options() kept, when the graph's range is known.
[[nodiscard]] Applied finish_own_options(OptionState& state, Time now);

// ---- What options of axes must have in common, whatever their order ----

[[nodiscard]] Applied check_axis_options(const GraphOptions& options);

// ---- Kinds of values ----

[[nodiscard]] std::unexpected<Error> invalid_option(std::string message);

// At most kTextBytesMax bytes.
[[nodiscard]] Applied set_text(std::string& target, std::string_view name,
                               const std::string& value);
// A whole number from `min` to `max`.
[[nodiscard]] Applied set_integer(int& target, std::string_view name, const std::string& value,
                                  int min, int max);

// A flag of the graph's options.
template <bool GraphOptions::*kMember>
Applied set_flag(OptionState& state, const std::string&) {
    state.options.*kMember = true;
    return {};
}

// An option that is understood and changes nothing here.
[[nodiscard]] Applied ignore_option(OptionState&, const std::string&);

}  // namespace kurabe::render
