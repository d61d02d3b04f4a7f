// Scales, grids and their labels.
#include <array>

#include <fmt/format.h>

#include "render/graph_option.hpp"
#include "render/grid_options.hpp"

namespace kurabe::render {

namespace {

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

constexpr std::array kOptions = {
    Option{"lower-limit", 'l', kValue,
           [](OptionState& s, const std::string& v) {
               return set_real(s.options.lower_limit, "lower-limit", v);
           }},
    Option{"upper-limit", 'u', kValue,
           [](OptionState& s, const std::string& v) {
               return set_real(s.options.upper_limit, "upper-limit", v);
           }},
    Option{"rigid", 'r', kFlag, set_flag<&GraphOptions::rigid>},
    Option{"allow-shrink", 0, kFlag, unsupported_option},
    Option{"alt-autoscale", 'A', kFlag, set_flag<&GraphOptions::alt_autoscale>},
    Option{"alt-autoscale-min", 'J', kFlag, unsupported_option},
    Option{"alt-autoscale-max", 'M', kFlag, unsupported_option},
    Option{"logarithmic", 'o', kFlag, unsupported_option},
    Option{"base", 'b', kValue, set_base},
    Option{"units", 0, kValue, unsupported_option},
    Option{"units-exponent", 'X', kValue, set_units_exponent},
    Option{"units-length", 'L', kValue,
           [](OptionState& s, const std::string& v) {
               return set_integer(s.options.units_length, "units-length", v, 0, 100);
           }},
    Option{"x-grid", 'x', kValue, set_x_grid},
    Option{"y-grid", 'y', kValue, set_y_grid},
    Option{"week-fmt", 0, kValue, set_week_format},
    Option{"alt-y-grid", 'Y', kFlag, set_flag<&GraphOptions::alt_y_grid>},
    Option{"alt-y-mrtg", 0, kFlag, ignore_option},
    Option{"no-minor", 'I', kFlag, set_flag<&GraphOptions::no_minor>},
    Option{"left-axis-format", 0, kValue, unsupported_option},
    Option{"left-axis-formatter", 0, kValue, unsupported_option},
    Option{"right-axis", 0, kValue, unsupported_option},
    Option{"right-axis-format", 0, kValue, unsupported_option},
    Option{"right-axis-formatter", 0, kValue, unsupported_option},
};

}  // namespace

std::span<const Option> axis_options() {
    return kOptions;
}

}  // namespace kurabe::render
