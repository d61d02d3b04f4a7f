// One function per kind of element, found through one table; the parts that several kinds share
// (value and colour, legend and the options after it) stand first.
#include "render/parse_elements.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "render/element_fields.hpp"
#include "render/graph_parser.hpp"
#include "render/legend_text.hpp"
#include "render/numbers.hpp"
#include "render/print_format.hpp"

namespace kurabe::render {

namespace {

constexpr double kLineWidthMax_px = 1000;
constexpr std::size_t kDashesMax = 32;
constexpr double kDashMax_px = 10'000;
constexpr double kDefaultDash_px = 5;
constexpr std::int64_t kShiftMax = 100L * 366 * 86400;

std::unexpected<Error> invalid(std::string message) {
    return fail(ErrorCode::kInvalid, std::move(message));
}

std::unexpected<Error> unused(std::string_view field, const ElementFields& fields) {
    return invalid(fmt::format("Unused Arguments \"{}\" in command : {}", field, fields.text()));
}

// ---- Values ----

Result<ValueReference> parse_value(std::string_view text, const ElementContext& context) {
    if (find_variable(context.names, text)) {
        return ValueReference(std::string(text));
    }
    if (const auto number = parse_real(text)) {
        return ValueReference(*number);
    }
    return invalid(fmt::format("{} is not a vname nor a number", text));
}

struct ValueAndColor {
    ValueReference value;
    std::optional<Color> color;
};

Result<ValueAndColor> take_value_and_color(ElementFields& fields, const ElementContext& context) {
    const auto field = fields.take();
    if (!field) {
        return invalid(fmt::format("No positional VNAME in {}", fields.text()));
    }
    const std::size_t hash = std::min(field->find('#'), field->size());
    auto value = parse_value(std::string_view(*field).substr(0, hash), context);
    if (!value) {
        return std::unexpected(value.error());
    }
    ValueAndColor result{std::move(*value), {}};
    if (hash == field->size()) {
        return result;
    }
    const std::string_view digits = std::string_view(*field).substr(hash + 1);
    if (digits.find('#') != std::string_view::npos) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("color gradients are not supported, in {}", fields.text()));
    }
    const auto color = parse_color(digits);
    if (!color) {
        return invalid(fmt::format("{}, in {}", color.error().message, fields.text()));
    }
    result.color = *color;
    return result;
}

Result<Color> required_color(const ValueAndColor& drawn, const ElementFields& fields) {
    if (!drawn.color) {
        return invalid(fmt::format("a color is needed after the value in {}", fields.text()));
    }
    return *drawn.color;
}

// A number or a VDEF, for what stands at one place.
Result<void> check_no_series(const ValueReference& value, const ElementContext& context,
                             const ElementFields& fields) {
    const auto* const name = std::get_if<std::string>(&value);
    if (name != nullptr && is_series(context.names, *name)) {
        return invalid(
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
            return invalid(fmt::format("Could not parse number: {}", text.substr(0, comma)));
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
        return invalid("a dash pattern needs a length above 0");
    }
    return dashes;
}

Result<void> read_option(const std::string& field, Decoration& decoration,
                         const ElementFields& fields) {
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
            return invalid(fmt::format("Could not parse dash-offset: {}", text));
        }
        decoration.dashes.offset_px = *offset;
    } else {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("color gradients are not supported, in {}", fields.text()));
    }
    return {};
}

// A legend that a marker ends, and nothing else wrong with it.
Result<std::string> checked_legend(std::string legend) {
    if (const auto parsed = parse_legend_text(legend); !parsed) {
        return std::unexpected(parsed.error());
    }
    return legend;
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
        return unused(*(fields.end() - 1), fields);
    }
    for (const std::string& option : options) {
        if (const auto read = read_option(option, decoration, fields); !read) {
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

using Parsed = Result<Element>;

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

AreaElement area_of(DrawnParts parts) {
    return {.value = std::move(parts.drawn.value),
            .color = parts.drawn.color,
            .legend = std::move(parts.decoration.legend),
            .stack = parts.decoration.stack,
            .skip_scale = parts.decoration.skip_scale};
}

Parsed parse_line(ElementFields& fields, std::string_view width, const ElementContext& context) {
    double width_px = 1;
    if (!width.empty()) {
        const auto number = parse_real(width);
        if (!number || *number < 0 || *number > kLineWidthMax_px) {
            return invalid(fmt::format("Bad line width: {}", width));
        }
        width_px = *number;
    }
    auto parts = take_drawn(fields, context);
    return parts ? Parsed(line_of(std::move(*parts), width_px)) : std::unexpected(parts.error());
}

Parsed parse_area(ElementFields& fields, const ElementContext& context) {
    auto parts = take_drawn(fields, context);
    return parts ? Parsed(area_of(std::move(*parts))) : std::unexpected(parts.error());
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
    return invalid(fmt::format("No previous LINE or AREA found for {}", fields.text()));
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
        return unused(parts->decoration.stack ? "STACK" : "skipscale", fields);
    }
    return Rule{std::move(parts->drawn.value), *color, std::move(parts->decoration.legend),
                std::move(parts->decoration.dashes)};
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
            return invalid(fmt::format("error parsing number {}", *text));
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

// ---- PRINT, GPRINT, COMMENT, TEXTALIGN, SHIFT ----

Result<void> check_print(const PrintElement& print, const ElementContext& context) {
    if (print.kind == PrintKind::kTimeOfStatistic) {
        if (const auto text = context.zone.format(print.format, Time{}); !text) {
            return std::unexpected(text.error());
        }
    } else if (const auto format = parse_number_format(print.format); !format) {
        return std::unexpected(format.error());
    }
    if (print.in_graph) {
        if (const auto legend = parse_legend_text(print.format); !legend) {
            return std::unexpected(legend.error());
        }
    }
    return {};
}

Result<void> take_series_format(ElementFields& fields, PrintElement& print) {
    const auto text = fields.take();
    const auto cf = store::parse_rra_cf(text.value_or(""));
    if (!cf) {
        return invalid(text ? fmt::format("bad CF for DEF/CDEF: {}", *text)
                            : fmt::format("No positional CF/FORMAT in {}", fields.text()));
    }
    print.cf = store::folding_of(*cf);
    return {};
}

Result<void> take_statistic_format(ElementFields& fields, PrintElement& print) {
    if (!fields.empty() && store::parse_rra_cf(*fields.begin())) {
        return unused(fields.size() > 1 ? *(fields.begin() + 1) : *fields.begin(), fields);
    }
    const auto option = fields.take_last_if([](std::string_view field) {
        return field == "strftime" || field == "valstrftime" || field == "valstrfduration";
    });
    if (option && *option != "strftime") {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("{} is not supported, in {}", *option, fields.text()));
    }
    print.kind = option ? PrintKind::kTimeOfStatistic : PrintKind::kNumber;
    return {};
}

Parsed parse_print(ElementFields& fields, const ElementContext& context, bool in_graph) {
    PrintElement print{
        .variable = fields.take().value_or(""), .cf = {}, .format = {}, .in_graph = in_graph};
    const auto kind = find_variable(context.names, print.variable);
    if (!kind) {
        return invalid(fmt::format("undefined vname {}", print.variable));
    }
    const auto taken = *kind == VariableKind::kStatistic ? take_statistic_format(fields, print)
                                                         : take_series_format(fields, print);
    if (!taken) {
        return std::unexpected(taken.error());
    }
    if (fields.empty()) {
        return invalid(fmt::format("No positional CF/FORMAT in {}", fields.text()));
    }
    print.format = fields.take_rest();
    if (const auto checked = check_print(print, context); !checked) {
        return std::unexpected(checked.error());
    }
    return print;
}

Parsed parse_comment(ElementFields& fields) {
    auto text = checked_legend(fields.take_rest());
    return text ? Parsed(CommentElement{std::move(*text)}) : std::unexpected(text.error());
}

Parsed parse_text_align(ElementFields& fields) {
    constexpr std::array<std::string_view, 4> kNames = {"left", "right", "justified", "center"};
    const std::string name = fields.take_rest();
    const auto found = std::ranges::find(kNames, name);
    if (found == kNames.end()) {
        return invalid(fmt::format("Unknown alignment type '{}'", name));
    }
    return TextAlignElement{static_cast<Alignment>(found - kNames.begin())};
}

Parsed parse_shift(ElementFields& fields, const ElementContext& context) {
    ShiftElement shift{.variable = fields.take().value_or(""),
                       .offset = {},
                       .variables_before = context.variables_before};
    const auto kind = find_variable(context.names, shift.variable);
    if (!kind) {
        return invalid(fmt::format("vname {} not found", shift.variable));
    }
    if (*kind == VariableKind::kStatistic) {
        return invalid(
            fmt::format("Cannot shift a VDEF: '{}' in line '{}'", shift.variable, fields.text()));
    }
    const auto offset = fields.take();
    if (!offset) {
        return invalid("No shift given");
    }
    if (!fields.empty()) {
        return unused(*fields.begin(), fields);
    }
    if (is_series(context.names, *offset)) {
        return invalid(
            fmt::format("Offset cannot be a (C)DEF: '{}' in line '{}'", *offset, fields.text()));
    }
    if (find_variable(context.names, *offset)) {
        shift.offset = *offset;
        return shift;
    }
    const auto seconds = parse_integer(*offset);
    if (!seconds || *seconds < -kShiftMax || *seconds > kShiftMax) {
        return invalid(fmt::format("error parsing number {}", *offset));
    }
    shift.offset = static_cast<double>(*seconds);
    return shift;
}

// rrdtool reads a colour after the variable, and does nothing with it.
Parsed parse_export(ElementFields& fields, const ElementContext& context) {
    const auto field = fields.take();
    if (!field) {
        return invalid("No positional VNAME");
    }
    ExportElement column{.variable = field->substr(0, field->find('#')), .legend = {}};
    const auto kind = find_variable(context.names, column.variable);
    if (!kind) {
        return invalid(fmt::format("{} is not a vname nor a number", column.variable));
    }
    if (*kind == VariableKind::kStatistic) {
        return invalid(
            fmt::format("Cannot export a VDEF: '{}' in line '{}'", column.variable, fields.text()));
    }
    column.legend = fields.take_rest();
    if (column.legend.starts_with("legend=")) {
        column.legend.erase(0, std::string_view("legend=").size());
    }
    return column;
}

}  // namespace

Result<Element> parse_element(std::string_view argument, const ElementContext& context) {
    ElementFields fields(argument);
    const std::string function = fields.take().value_or("");
    if (function.starts_with("LINE")) {
        return parse_line(fields, std::string_view(function).substr(4), context);
    }
    if (function == "AREA") {
        return parse_area(fields, context);
    }
    if (function == "STACK") {
        return parse_stack(fields, context);
    }
    if (function == "HRULE") {
        return parse_rule<HorizontalRuleElement>(fields, context);
    }
    if (function == "VRULE") {
        return parse_rule<VerticalRuleElement>(fields, context);
    }
    if (function == "TICK") {
        return parse_tick(fields, context);
    }
    if (function == "PRINT" || function == "GPRINT") {
        return parse_print(fields, context, function == "GPRINT");
    }
    if (function == "COMMENT") {
        return parse_comment(fields);
    }
    if (function == "TEXTALIGN") {
        return parse_text_align(fields);
    }
    if (function == "SHIFT") {
        return parse_shift(fields, context);
    }
    if (function == "XPORT") {
        return parse_export(fields, context);
    }
    return invalid(fmt::format("'{}' is not a valid function name in {}", function, argument));
}

}  // namespace kurabe::render
