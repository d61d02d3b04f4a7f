// Cuts a title at its line ends.
#include "render/title.hpp"

namespace kurabe::render {

std::vector<std::string> title_lines(std::string_view title) {
    std::vector<std::string> lines;
    while (true) {
        const std::size_t end = title.find('\n');
        lines.emplace_back(title.substr(0, end));
        if (end == std::string_view::npos) return lines;
        title.remove_prefix(end + 1);
        if (lines.size() == kTitleLinesMax) {
            lines.back() += "\u2026";
            return lines;
        }
    }
}

}  // namespace kurabe::render
