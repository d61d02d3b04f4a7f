// LINE, AREA, STACK, HRULE, VRULE and TICK. The parts that several have (value and colour, legend
// and the options after it) stand first.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "render/element_parsers.hpp"
#include "render/numbers.hpp"

namespace kurabe::render {

namespace {

constexpr double kLineWidthMax_px = 1000;
constexpr std::size_t kDashesMax = 32;
constexpr double kDashMax_px = 10'000;
constexpr double kDefaultDash_px = 5;
constexpr double kGradientHeightMax_px = 100'000;

// ---- Values ----

Result<ValueReference> parse_value(std::string_view text, const ElementContext& context) {
    if (find_variable(context.names, text)) {
        return ValueReference(std::string(text));
    }
    if (const auto number = parse_real(text)) {
        return ValueReference(*number);
    }
    return invalid_element(fmt::format("{} is not a vname nor a number", text));
}

struct ValueAndColor {
    ValueReference value;
    std::optional<Color> color;
    std::optional<Color> second_color;  // of a gradient
};

Result<Color> color_of(std::string_view digits, const ElementFields& fields) {
    auto color = parse_color(digits);
    if (color) return color;
    return invalid_element(fmt::format("{}, in {}", color.error().message, fields.text()));
}

Result<ValueAndColor> take_value_and_color(ElementFields& fields, const ElementContext& context) {
    const auto field = fields.take();
    if (!field) {
        return invalid_element(fmt::format("No positional VNAME in {}", fields.text()));
    }
    const std::size_t hash = std::min(field->find('#'), field->size());
    auto value = parse_value(std::string_view(*field).substr(0, hash), context);
    if (!value) {
        return std::unexpected(value.error());
    }
    ValueAndColor result{std::move(*value), {}, {}};
    if (hash == field->size()) {
        return result;
    }
    const std::string_view digits = std::string_view(*field).substr(hash + 1);
    const std::size_t second = std::min(digits.find('#'), digits.size());
    const auto color = color_of(digits.substr(0, second), fields);
    if (!color) {
        return std::unexpected(color.error());
    }
    result.color = *color;
    if (second < digits.size()) {
        const auto other = color_of(digits.substr(second + 1), fields);
        if (!other) {
            return std::unexpected(other.error());
        }
        result.second_color = *other;
    }
    return result;
}

Result<Color> required_color(const ValueAndColor& drawn, const ElementFields& fields) {
    if (!drawn.color) {
        return invalid_element(
            fmt::format("a color is needed after the value in {}", fields.text()));
    }
    return *drawn.color;
}

// A number or a VDEF, for what stands at one place.
Result<void> check_no_series(const ValueReference& value, const ElementContext& context,
                             const ElementFields& fields) {
    const auto* const name = std::get_if<std::string>(&value);
    if (name != nullptr && is_series(context.names, *name)) {
        return invalid_element(
            fmt::format("Using vname {} of wrong type in line {}", *name, fields.text()));
    }
    return {};
}

// ---- Legends and the options after them ----

struct Decoration {
    std::string legend;
    bool stack = false;
    bool skip_scale = false;
    Dashes dashes;
    std::optional<double> gradient_height_px;
};

bool is_option(std::string_view field) {
    return field == "STACK" || field == "skipscale" || field == "dashes" ||
           field.starts_with("dashes=") || field.starts_with("dash-offset=") ||
           field.starts_with("gradheight=");
}

Result<Dashes> parse_dashes(std::string_view text) {
    Dashes dashes;
    while (true) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const auto length = parse_real(text.substr(0, comma));
        if (!length || *length < 0 || *length > kDashMax_px) {
            return invalid_element(
                fmt::format("Could not parse number: {}", text.substr(0, comma)));
        }
        dashes.on_off_px.push_back(*length);
        if (dashes.on_off_px.size() > kDashesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("a dash pattern is limited to {} lengths", kDashesMax));
        }
        if (comma == text.size()) {
            break;
        }
        text.remove_prefix(comma + 1);
    }
    if (std::ranges::all_of(dashes.on_off_px, [](double length) { return length == 0; })) {
        return invalid_element("a dash pattern needs a length above 0");
    }
    return dashes;
}

Result<void> read_option(const std::string& field, Decoration& decoration) {
    if (field == "STACK") {
        decoration.stack = true;
    } else if (field == "skipscale") {
        decoration.skip_scale = true;
    } else if (field == "dashes") {
        decoration.dashes.on_off_px = {kDefaultDash_px, kDefaultDash_px};
    } else if (field.starts_with("dashes=")) {
        auto dashes = parse_dashes(std::string_view(field).substr(field.find('=') + 1));
        if (!dashes) {
            return std::unexpected(dashes.error());
        }
        decoration.dashes.on_off_px = std::move(dashes->on_off_px);
    } else if (field.starts_with("dash-offset=")) {
        const std::string text = field.substr(field.find('=') + 1);
        const auto offset = parse_real(text);
        if (!offset) {
            return invalid_element(fmt::format("Could not parse dash-offset: {}", text));
        }
        decoration.dashes.offset_px = *offset;
    } else {
        const std::string text = field.substr(field.find('=') + 1);
        const auto height = parse_real(text);
        if (!height) {
            return invalid_element(fmt::format("Bad gradheight: {}", text));
        }
        decoration.gradient_height_px =
            std::clamp(*height, -kGradientHeightMax_px, kGradientHeightMax_px);
    }
    return {};
}

// "legend:STACK:dashes=5": the first field is always the legend, the options come after it.
Result<Decoration> take_decoration(ElementFields& fields) {
    Decoration decoration;
    std::vector<std::string> options;
    while (fields.size() > 1) {
        auto option = fields.take_last_if(is_option);
        if (!option) {
            break;
        }
        options.push_back(std::move(*option));
    }
    if (fields.size() > 1 && std::any_of(fields.begin() + 1, fields.end(), is_option)) {
        return unused_field(*(fields.end() - 1), fields);
    }
    for (const std::string& option : options) {
        if (const auto read = read_option(option, decoration); !read) {
            return std::unexpected(read.error());
        }
    }
    auto legend = checked_legend(fields.take_rest());
    if (!legend) {
        return std::unexpected(legend.error());
    }
    decoration.legend = std::move(*legend);
    return decoration;
}

// ---- LINE, AREA, STACK ----

struct DrawnParts {
    ValueAndColor drawn;
    Decoration decoration;
};

Result<DrawnParts> take_drawn(ElementFields& fields, const ElementContext& context) {
    auto drawn = take_value_and_color(fields, context);
    if (!drawn) {
        return std::unexpected(drawn.error());
    }
    auto decoration = take_decoration(fields);
    if (!decoration) {
        return std::unexpected(decoration.error());
    }
    return DrawnParts{std::move(*drawn), std::move(*decoration)};
}

LineElement line_of(DrawnParts parts, double width_px) {
    return {.value = std::move(parts.drawn.value),
            .width_px = width_px,
            .color = parts.drawn.color,
            .legend = std::move(parts.decoration.legend),
            .stack = parts.decoration.stack,
            .skip_scale = parts.decoration.skip_scale,
            .dashes = std::move(parts.decoration.dashes)};
}

std::optional<AreaGradient> gradient_of(const DrawnParts& parts) {
    if (!parts.drawn.second_color) return std::nullopt;
    AreaGradient gradient{.second = *parts.drawn.second_color};
    gradient.height_px = parts.decoration.gradient_height_px.value_or(gradient.height_px);
    return gradient;
}

AreaElement area_of(DrawnParts parts) {
    return {.value = std::move(parts.drawn.value),
            .color = parts.drawn.color,
            .gradient = gradient_of(parts),
            .legend = std::move(parts.decoration.legend),
            .stack = parts.decoration.stack,
            .skip_scale = parts.decoration.skip_scale};
}

// ---- HRULE, VRULE, TICK ----

template <typename Rule>
Parsed parse_rule(ElementFields& fields, const ElementContext& context) {
    auto parts = take_drawn(fields, context);
    if (!parts) {
        return std::unexpected(parts.error());
    }
    if (const auto checked = check_no_series(parts->drawn.value, context, fields); !checked) {
        return std::unexpected(checked.error());
    }
    const auto color = required_color(parts->drawn, fields);
    if (!color) {
        return std::unexpected(color.error());
    }
    if (parts->decoration.stack || parts->decoration.skip_scale) {
        return unused_field(parts->decoration.stack ? "STACK" : "skipscale", fields);
    }
    return Rule{std::move(parts->drawn.value), *color, std::move(parts->decoration.legend),
                std::move(parts->decoration.dashes)};
}

}  // namespace

Parsed parse_line(ElementFields& fields, std::string_view width, const ElementContext& context) {
    double width_px = 1;
    if (!width.empty()) {
        const auto number = parse_real(width);
        if (!number || *number < 0 || *number > kLineWidthMax_px) {
            return invalid_element(fmt::format("Bad line width: {}", width));
        }
        width_px = *number;
    }
    auto parts = take_drawn(fields, context);
    if (!parts) {
        return std::unexpected(parts.error());
    }
    if (parts->decoration.gradient_height_px) {
        return unused_field("gradheight", fields);
    }
    return line_of(std::move(*parts), width_px);
}

Parsed parse_area(ElementFields& fields, const ElementContext& context) {
    auto parts = take_drawn(fields, context);
    if (!parts) {
        return std::unexpected(parts.error());
    }
    if (!parts->decoration.dashes.on_off_px.empty()) {
        return unused_field("dashes", fields);
    }
    return area_of(std::move(*parts));
}

// The deprecated element: drawn as the LINE or AREA before it, and on top of it.
Parsed parse_stack(ElementFields& fields, const ElementContext& context) {
    auto parts = take_drawn(fields, context);
    if (!parts) {
        return std::unexpected(parts.error());
    }
    parts->decoration.stack = true;
    for (std::size_t i = context.before.size(); i-- > 0;) {
        if (const auto* const line = std::get_if<LineElement>(&context.before[i])) {
            return line_of(std::move(*parts), line->width_px);
        }
        if (std::holds_alternative<AreaElement>(context.before[i])) {
            return area_of(std::move(*parts));
        }
    }
    return invalid_element(fmt::format("No previous LINE or AREA found for {}", fields.text()));
}

Parsed parse_horizontal_rule(ElementFields& fields, const ElementContext& context) {
    return parse_rule<HorizontalRuleElement>(fields, context);
}

Parsed parse_vertical_rule(ElementFields& fields, const ElementContext& context) {
    return parse_rule<VerticalRuleElement>(fields, context);
}

Parsed parse_tick(ElementFields& fields, const ElementContext& context) {
    auto drawn = take_value_and_color(fields, context);
    if (!drawn) {
        return std::unexpected(drawn.error());
    }
    const auto color = required_color(*drawn, fields);
    if (!color) {
        return std::unexpected(color.error());
    }
    TickElement tick{.value = std::move(drawn->value), .color = *color, .legend = {}};
    if (const auto text = fields.take(); text && !text->empty()) {
        const auto fraction = parse_real(*text);
        if (!fraction) {
            return invalid_element(fmt::format("error parsing number {}", *text));
        }
        tick.fraction = *fraction;
    }
    auto legend = checked_legend(fields.take_rest());
    if (!legend) {
        return std::unexpected(legend.error());
    }
    tick.legend = std::move(*legend);
    return tick;
}

}  // namespace kurabe::render
