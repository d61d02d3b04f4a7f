// Wraps the words and places them in the picture.
#include "render/message_layout.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "render/themes.hpp"

namespace kurabe::render {

namespace {

inline constexpr double kTextFading = 0.245;  // how far the text is from the title to the ground
inline constexpr double kTitleSize_pt = 9;
inline constexpr double kTextSize_pt = 8;
inline constexpr int kMark_px = 3;
inline constexpr int kPadding_px = 14;
inline constexpr int kLineGap_px = 4;

// The end of the longest beginning of `text` that fits: after a word if there is one, otherwise
// after at least one character.
std::size_t fitting_end(std::string_view text, const Font& font, int width_px,
                        TextMeasurer& measurer) {
    std::size_t word_end = 0;
    std::size_t end = 0;
    while (end < text.size()) {
        std::size_t next = end + 1;
        while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) {
            ++next;
        }
        const bool fits = measurer.measure(text.substr(0, next), font).width_px <= width_px;
        if (!fits) return word_end > 0 ? word_end : std::max(end, next * (end == 0 ? 1U : 0U));
        end = next;
        if (end == text.size() || text[end] == ' ') word_end = end;
    }
    return end;
}

// At most `lines_max` lines; the last takes all that is left and is shortened.
std::vector<std::string> wrapped(std::string_view text, const Font& font, int width_px,
                                 std::size_t lines_max, TextMeasurer& measurer) {
    std::vector<std::string> lines;
    while (!text.empty() && lines.size() < lines_max) {
        const std::string_view paragraph = text.substr(0, text.find('\n'));
        std::size_t end = fitting_end(paragraph, font, width_px, measurer);
        if (lines.size() + 1 == lines_max) end = paragraph.size();
        lines.push_back(shorten_to_fit(paragraph.substr(0, end), font, width_px, measurer));
        text.remove_prefix(end);
        while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) {
            text.remove_prefix(1);
        }
    }
    return lines;
}

struct MessageColors {
    Color ground;
    Color frame;
    Color mark;
    Color title;
    Color text;
};

std::uint8_t part_way(std::uint8_t from, std::uint8_t to, double part) {
    return static_cast<std::uint8_t>(std::lround(from + (to - from) * part));
}

MessageColors message_colors(Theme theme) {
    const auto all = look_of(theme).colors;
    const auto of = [&all](ColorTag tag) { return all[static_cast<std::size_t>(tag)]; };
    const Color ground = of(ColorTag::kBack);
    const Color title = of(ColorTag::kFont);
    const Color text{part_way(title.red, ground.red, kTextFading),
                     part_way(title.green, ground.green, kTextFading),
                     part_way(title.blue, ground.blue, kTextFading)};
    return {ground, of(ColorTag::kShadeA), of(ColorTag::kArrow), title, text};
}

}  // namespace

DisplayList lay_out_message(ImageSize size, std::string_view title, std::string_view message,
                            Theme theme, TextMeasurer& measurer) {
    const PixelBox all = {0, 0, size.width_px, size.height_px};
    const MessageColors colors = message_colors(theme);
    DisplayList list = {FilledBox{all, colors.frame},
                        FilledBox{{1, 1, all.right - 1, all.bottom - 1}, colors.ground},
                        FilledBox{{1, 1, 1 + kMark_px, all.bottom - 1}, colors.mark}};
    const int width = size.width_px - 2 * kPadding_px;
    const Font title_font{kTitleSize_pt, ""};
    const Font text_font{kTextSize_pt, ""};
    const TextSize title_size = measurer.measure("0", title_font);
    const TextSize text_size = measurer.measure("0", text_font);
    if (width < text_size.width_px) return list;

    int baseline = std::min(kPadding_px, size.height_px / 8) + title_size.ascent_px;
    list.push_back(TextRun{.text = shorten_to_fit(title, title_font, width, measurer),
                           .font = title_font,
                           .x = kPadding_px,
                           .baseline = baseline,
                           .color = colors.title});
    baseline += title_size.descent_px + 2 * kLineGap_px;
    const int line_height = text_size.height_px() + kLineGap_px;
    const int room = (size.height_px - baseline - kLineGap_px) / line_height;
    const auto lines =
        wrapped(message, text_font, width, static_cast<std::size_t>(std::max(room, 0)), measurer);
    baseline += text_size.ascent_px;
    for (const std::string& line : lines) {
        list.push_back(TextRun{.text = line,
                               .font = text_font,
                               .x = kPadding_px,
                               .baseline = baseline,
                               .color = colors.text});
        baseline += line_height;
    }
    return list;
}

}  // namespace kurabe::render
