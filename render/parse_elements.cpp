// Finds the parser of an element by the function's name.
#include "render/parse_elements.hpp"

#include <utility>

#include <fmt/format.h>

#include "render/element_parsers.hpp"
#include "render/legend_text.hpp"

namespace kurabe::render {

std::unexpected<Error> invalid_element(std::string message) {
    return fail(ErrorCode::kInvalid, std::move(message));
}

std::unexpected<Error> unused_field(std::string_view field, const ElementFields& fields) {
    return invalid_element(
        fmt::format("Unused Arguments \"{}\" in command : {}", field, fields.text()));
}

Result<std::string> checked_legend(std::string legend) {
    if (const auto parsed = parse_legend_text(legend); !parsed) {
        return std::unexpected(parsed.error());
    }
    return legend;
}

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
        return parse_horizontal_rule(fields, context);
    }
    if (function == "VRULE") {
        return parse_vertical_rule(fields, context);
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
    return invalid_element(
        fmt::format("'{}' is not a valid function name in {}", function, argument));
}

}  // namespace kurabe::render
