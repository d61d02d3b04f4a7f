// SHIFT and XPORT.
#include <fmt/format.h>

#include "render/element_parsers.hpp"
#include "render/numbers.hpp"

namespace kurabe::render {

Parsed parse_shift(ElementFields& fields, const ElementContext& context) {
    ShiftElement shift{.variable = fields.take().value_or(""),
                       .offset = {},
                       .variables_before = context.variables_before};
    const auto kind = find_variable(context.names, shift.variable);
    if (!kind) {
        return invalid_element(fmt::format("vname {} not found", shift.variable));
    }
    if (*kind == VariableKind::kStatistic) {
        return invalid_element(
            fmt::format("Cannot shift a VDEF: '{}' in line '{}'", shift.variable, fields.text()));
    }
    const auto offset = fields.take();
    if (!offset) {
        return invalid_element("No shift given");
    }
    if (!fields.empty()) {
        return unused_field(*fields.begin(), fields);
    }
    if (is_series(context.names, *offset)) {
        return invalid_element(
            fmt::format("Offset cannot be a (C)DEF: '{}' in line '{}'", *offset, fields.text()));
    }
    if (find_variable(context.names, *offset)) {
        shift.offset = *offset;
        return shift;
    }
    const auto seconds = parse_integer(*offset);
    if (!seconds || *seconds < -kShiftMax || *seconds > kShiftMax) {
        return invalid_element(fmt::format("error parsing number {}", *offset));
    }
    shift.offset = static_cast<double>(*seconds);
    return shift;
}

// rrdtool reads a colour after the variable, and does nothing with it.
Parsed parse_export(ElementFields& fields, const ElementContext& context) {
    const auto field = fields.take();
    if (!field) {
        return invalid_element("No positional VNAME");
    }
    ExportElement column{.variable = field->substr(0, field->find('#')), .legend = {}};
    const auto kind = find_variable(context.names, column.variable);
    if (!kind) {
        return invalid_element(fmt::format("{} is not a vname nor a number", column.variable));
    }
    if (*kind == VariableKind::kStatistic) {
        return invalid_element(
            fmt::format("Cannot export a VDEF: '{}' in line '{}'", column.variable, fields.text()));
    }
    column.legend = fields.take_rest();
    if (column.legend.starts_with("legend=")) {
        column.legend.erase(0, std::string_view("legend=").size());
    }
    return column;
}

}  // namespace kurabe::render
