// PRINT, GPRINT, COMMENT and TEXTALIGN.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "render/element_parsers.hpp"
#include "render/legend_text.hpp"
#include "render/print_format.hpp"

namespace kurabe::render {

namespace {

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
        return invalid_element(text ? fmt::format("bad CF for DEF/CDEF: {}", *text)
                                    : fmt::format("No positional CF/FORMAT in {}", fields.text()));
    }
    print.cf = store::folding_of(*cf);
    return {};
}

Result<void> take_statistic_format(ElementFields& fields, PrintElement& print) {
    if (!fields.empty() && store::parse_rra_cf(*fields.begin())) {
        return unused_field(fields.size() > 1 ? *(fields.begin() + 1) : *fields.begin(), fields);
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

}  // namespace

Parsed parse_print(ElementFields& fields, const ElementContext& context, bool in_graph) {
    PrintElement print{
        .variable = fields.take().value_or(""), .cf = {}, .format = {}, .in_graph = in_graph};
    const auto kind = find_variable(context.names, print.variable);
    if (!kind) {
        return invalid_element(fmt::format("undefined vname {}", print.variable));
    }
    const auto taken = *kind == VariableKind::kStatistic ? take_statistic_format(fields, print)
                                                         : take_series_format(fields, print);
    if (!taken) {
        return std::unexpected(taken.error());
    }
    if (fields.empty()) {
        return invalid_element(fmt::format("No positional CF/FORMAT in {}", fields.text()));
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
        return invalid_element(fmt::format("Unknown alignment type '{}'", name));
    }
    return TextAlignElement{static_cast<Alignment>(found - kNames.begin())};
}

}  // namespace kurabe::render
