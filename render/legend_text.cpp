// Only the last two characters can be a marker; a backslash elsewhere is itself.
#include "render/legend_text.hpp"

#include <optional>

#include <fmt/format.h>

namespace kurabe::render {

namespace {

std::optional<LegendControl> control_of(char letter) {
    switch (letter) {
        case 'l':
        case 'n':
            return LegendControl::kLeft;
        case 'r':
            return LegendControl::kRight;
        case 'c':
            return LegendControl::kCenter;
        case 'j':
            return LegendControl::kJustify;
        case 'g':
            return LegendControl::kGlue;
        case 's':
            return LegendControl::kSpace;
        case 'u':
            return LegendControl::kUp;
        case '.':
            return LegendControl::kNothing;
        default:
            return std::nullopt;
    }
}

std::string with_tabs(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool tab = text.substr(i).starts_with("\\t");
        out += tab ? '\t' : text[i];
        i += tab ? 1 : 0;
    }
    return out;
}

}  // namespace

Result<LegendEntry> parse_legend_text(std::string_view text) {
    LegendEntry entry;
    entry.text = with_tabs(text);
    std::string& out = entry.text;
    if (out.size() < 2 || out[out.size() - 2] != '\\') {
        return entry;
    }
    const auto control = control_of(out.back());
    if (!control) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("Unknown control code at the end of '{}'", out));
    }
    entry.control = *control;
    out.resize(out.size() - 2);
    if (*control == LegendControl::kGlue) {
        while (out.ends_with(' ')) {
            out.pop_back();
        }
    }
    return entry;
}

}  // namespace kurabe::render
