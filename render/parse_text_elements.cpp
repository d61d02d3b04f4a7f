// PRINT, GPRINT, COMMENT and TEXTALIGN.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "render/element_parsers.hpp"
#include "render/legend_text.hpp"
#include "render/print_format.hpp"
#include "render/print_times.hpp"

namespace kurabe::render {

namespace {

constexpr std::string_view kDefaultTimeFormat = "%Y-%m-%d %H:%M:%S";
constexpr std::string_view kDefaultDurationFormat = "%H:%02m:%02s";

// Whether the format can be printed.
Result<void> check_format(const PrintElement& print, const ElementContext& context) {
    const auto without_value = [](const auto& printed) {
        return printed ? Result<void>() : std::unexpected(printed.error());
    };
    switch (print.kind) {
        case PrintKind::kNumber:
            return without_value(parse_number_format(print.format));
        case PrintKind::kTimeOfStatistic:
        case PrintKind::kValueAsTime:
            return without_value(context.zone.format(print.format, Time{}));
        case PrintKind::kValueAsDuration:
            return without_value(duration_text(print.format, 0));
    }
    return {};
}

Result<void> check_print(const PrintElement& print, const ElementContext& context) {
    if (auto checked = check_format(print, context); !checked) {
        return checked;
    }
    if (print.in_graph) {
        if (const auto legend = parse_legend_text(print.format); !legend) {
            return std::unexpected(legend.error());
        }
    }
    return {};
}

Result<void> take_cf(ElementFields& fields, PrintElement& print) {
    const auto text = fields.take();
    const auto cf = store::parse_rra_cf(text.value_or(""));
    if (!cf) {
        return invalid_element(text ? fmt::format("bad CF for DEF/CDEF: {}", *text)
                                    : fmt::format("No positional CF/FORMAT in {}", fields.text()));
    }
    print.cf = store::folding_of(*cf);
    return {};
}

Result<void> refuse_cf(const ElementFields& fields) {
    if (!fields.empty() && store::parse_rra_cf(*fields.begin())) {
        return unused_field(fields.size() > 1 ? *(fields.begin() + 1) : *fields.begin(), fields);
    }
    return {};
}

void take_kind(ElementFields& fields, PrintElement& print) {
    struct Name {
        std::string_view text;
        PrintKind kind;
    };
    constexpr std::array kNames = {Name{"strftime", PrintKind::kTimeOfStatistic},
                                   Name{"valstrftime", PrintKind::kValueAsTime},
                                   Name{"valstrfduration", PrintKind::kValueAsDuration}};
    const auto taken = fields.take_last_if([&](std::string_view field) {
        return std::ranges::find(kNames, field, &Name::text) != kNames.end();
    });
    if (taken) {
        print.kind = std::ranges::find(kNames, *taken, &Name::text)->kind;
    }
}

}  // namespace

Parsed parse_print(ElementFields& fields, const ElementContext& context, bool in_graph) {
    PrintElement print{
        .variable = fields.take().value_or(""), .cf = {}, .format = {}, .in_graph = in_graph};
    const auto kind = find_variable(context.names, print.variable);
    if (!kind) {
        return invalid_element(fmt::format("undefined vname {}", print.variable));
    }
    const auto right_form =
        *kind == VariableKind::kStatistic ? refuse_cf(fields) : take_cf(fields, print);
    if (!right_form) {
        return std::unexpected(right_form.error());
    }
    take_kind(fields, print);
    if (fields.empty()) {
        return invalid_element(fmt::format("No positional CF/FORMAT in {}", fields.text()));
    }
    print.format = fields.take_rest();
    if (print.format.empty() && print.kind == PrintKind::kValueAsTime) {
        print.format = kDefaultTimeFormat;
    }
    if (print.format.empty() && print.kind == PrintKind::kValueAsDuration) {
        print.format = kDefaultDurationFormat;
    }
    if (const auto checked = check_print(print, context); !checked) {
        return std::unexpected(checked.error());
    }
    return print;
}

Parsed parse_comment(ElementFields& fields) {
    if (fields.empty()) return invalid_element("No positional CF/FORMAT");
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
