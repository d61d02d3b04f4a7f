// Scales, grids and their labels.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "render/axis_format.hpp"
#include "render/graph_option.hpp"
#include "render/graph_parser.hpp"
#include "render/grid_options.hpp"
#include "render/numbers.hpp"
#include "store/number.hpp"

namespace kurabe::render {

namespace {

// The longest beginning of a text that is a number, as rrdtool's messages name it.
struct LeadingNumber {
    double value;
    std::size_t size;
};
std::optional<LeadingNumber> leading_number(std::string_view text) {
    for (std::size_t size = text.size(); size > 0; --size) {
        const auto number = store::parse_number(text.substr(0, size));
        if (number) return LeadingNumber{*number, size};
    }
    return std::nullopt;
}

// Read as rrdtool reads numbers, to the last bit: a limit may just reach a round number.
// NaN and infinity are no limits.
Applied set_limit(std::optional<double>& limit, char letter, const std::string& text) {
    if (text.size() > kTextBytesMax) {
        return fail(ErrorCode::kLimit, fmt::format("option -{} - too long for a number", letter));
    }
    const auto number = leading_number(text);
    if (!number) {
        return invalid_option(
            fmt::format("option -{} - Cannot convert '{}' to float", letter, text));
    }
    if (number->size < text.size()) {
        return invalid_option(
            fmt::format("option -{} - Converted '{}' to {:f}, but cannot convert '{}'", letter,
                        text, number->value, text.substr(number->size)));
    }
    limit.reset();
    if (std::isfinite(number->value)) limit = number->value;
    return {};
}

Applied set_base(OptionState& state, const std::string& value) {
    if (value != "1000" && value != "1024") {
        return invalid_option("the only sensible value for base apart from 1000 is 1024");
    }
    state.options.base = value == "1024" ? 1024 : 1000;
    return {};
}

Applied set_units_exponent(OptionState& state, const std::string& value) {
    int exponent = 0;
    const auto done = set_integer(exponent, "units-exponent", value, -24, 24);
    if (done) {
        state.options.units_exponent = exponent;
    }
    return done;
}

Applied set_units(OptionState& state, const std::string& value) {
    if (value != "si") {
        return invalid_option(fmt::format("invalid argument for --units: {}", value));
    }
    state.options.si_units = true;
    return {};
}

Applied set_units_length(OptionState& state, const std::string& value) {
    state.options.keep_label_room = true;
    return set_integer(state.options.units_length, "units-length", value, 0, 100);
}

Applied set_formatter(AxisFormat& format, std::string_view side, const std::string& value) {
    constexpr std::array<std::string_view, 3> kFormatters = {"numeric", "timestamp", "duration"};
    const auto found = std::ranges::find(kFormatters, value);
    if (found == kFormatters.end()) {
        return invalid_option(fmt::format("Unknown {} axis formatter", side));
    }
    format.formatter = static_cast<AxisFormatter>(found - kFormatters.begin());
    return {};
}

Applied set_right_axis(OptionState& state, const std::string& value) {
    const auto invalid = [] {
        return invalid_option("invalid right-axis format expected scale:shift");
    };
    const std::size_t colon = value.find(':');
    if (colon == std::string::npos) return invalid();
    const auto scale = parse_real(std::string_view(value).substr(0, colon));
    const auto shift = parse_real(std::string_view(value).substr(colon + 1));
    if (!scale || !shift) return invalid();
    if (*scale == 0) return invalid_option("the second_axis_scale  must not be 0");
    state.options.right_axis = RightAxis{.scale = *scale, .shift = *shift};
    return {};
}

Applied set_x_grid(OptionState& state, const std::string& value) {
    state.options.no_x_grid = value == "none";
    state.options.x_grid.reset();
    if (state.options.no_x_grid) {
        return {};
    }
    const auto grid = parse_x_grid(value, state.zone);
    if (!grid) {
        return std::unexpected(grid.error());
    }
    state.options.x_grid = *grid;
    return {};
}

Applied set_week_format(OptionState& state, const std::string& value) {
    if (const auto label = state.zone.format(value, Time{}); !label) {
        return std::unexpected(label.error());
    }
    return set_text(state.options.week_format, "week-fmt", value);
}

Applied set_y_grid(OptionState& state, const std::string& value) {
    state.options.no_y_grid = value == "none";
    state.options.y_grid.reset();
    if (state.options.no_y_grid) {
        return {};
    }
    const auto grid = parse_y_grid(value);
    if (!grid) {
        return std::unexpected(grid.error());
    }
    state.options.y_grid = *grid;
    return {};
}

constexpr std::array kAxesOptions = {
    Option{"lower-limit", 'l', kValue,
           [](OptionState& s, const std::string& v) {
               return set_limit(s.options.lower_limit, 'l', v);
           }},
    Option{"upper-limit", 'u', kValue,
           [](OptionState& s, const std::string& v) {
               return set_limit(s.options.upper_limit, 'u', v);
           }},
    Option{"rigid", 'r', kFlag, set_flag<&GraphOptions::rigid>},
    Option{"allow-shrink", 0, kFlag, set_flag<&GraphOptions::allow_shrink>},
    Option{"alt-autoscale", 'A', kFlag, set_flag<&GraphOptions::alt_autoscale>},
    Option{"alt-autoscale-min", 'J', kFlag, set_flag<&GraphOptions::alt_autoscale_min>},
    Option{"alt-autoscale-max", 'M', kFlag, set_flag<&GraphOptions::alt_autoscale_max>},
    Option{"logarithmic", 'o', kFlag, set_flag<&GraphOptions::logarithmic>},
    Option{"base", 'b', kValue, set_base},
    Option{"units", 0, kValue, set_units},
    Option{"units-exponent", 'X', kValue, set_units_exponent},
    Option{"units-length", 'L', kValue, set_units_length},
    Option{"x-grid", 'x', kValue, set_x_grid},
    Option{"y-grid", 'y', kValue, set_y_grid},
    Option{"week-fmt", 0, kValue, set_week_format},
    Option{"alt-y-grid", 'Y', kFlag, set_flag<&GraphOptions::alt_y_grid>},
    Option{"alt-y-mrtg", 0, kFlag, ignore_option},
    Option{"no-minor", 'I', kFlag, set_flag<&GraphOptions::no_minor>},
    Option{"left-axis-format", 0, kValue,
           [](OptionState& s, const std::string& v) {
               return set_text(s.options.left_axis_format.format, "left-axis-format", v);
           }},
    Option{"left-axis-formatter", 0, kValue,
           [](OptionState& s, const std::string& v) {
               return set_formatter(s.options.left_axis_format, "left", v);
           }},
    Option{"right-axis", 0, kValue, set_right_axis},
    Option{"right-axis-format", 0, kValue,
           [](OptionState& s, const std::string& v) {
               return set_text(s.options.right_axis_format.format, "right-axis-format", v);
           }},
    Option{"right-axis-formatter", 0, kValue,
           [](OptionState& s, const std::string& v) {
               return set_formatter(s.options.right_axis_format, "right", v);
           }},
};

}  // namespace

std::span<const Option> axis_options() {
    return kAxesOptions;
}

Applied check_axis_options(const GraphOptions& options) {
    if (options.logarithmic && options.lower_limit && *options.lower_limit <= 0) {
        return invalid_option("for a logarithmic yaxis you must specify a lower-limit > 0");
    }
    if (options.logarithmic && options.rigid && options.upper_limit && *options.upper_limit <= 0) {
        return invalid_option("for a logarithmic yaxis you must specify an upper-limit > 0");
    }
    const auto left = check_axis_format(options.left_axis_format);
    return left ? check_axis_format(options.right_axis_format) : left;
}

}  // namespace kurabe::render
