// Cuts a title at its line ends.
#include "render/title.hpp"

#include "render/markup.hpp"

namespace kurabe::render {

std::vector<std::string> title_lines(const GraphOptions& options) {
    const Font& font = options.fonts[static_cast<std::size_t>(FontTag::kTitle)];
    const TextKind kind = font.has_markup ? TextKind::kMarkup : TextKind::kPlain;
    std::vector<std::string> lines = parts_of_text(options.title, kind, '\n');
    if (lines.size() > kTitleLinesMax) {
        lines.resize(kTitleLinesMax);
        lines.back() += "\u2026";
    }
    return lines;
}

}  // namespace kurabe::render
