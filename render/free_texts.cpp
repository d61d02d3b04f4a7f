// One pass over the list, with the boxes of the texts that stay.
#include "render/free_texts.hpp"

#include <algorithm>
#include <vector>

namespace kurabe::render {

namespace {

// Digits and capitals leave a fifth of a line's height above and as much below: how far a text may
// reach into the one below it.
int slack_of(const PixelBox& a, const PixelBox& b) {
    return std::min(a.bottom - a.top, b.bottom - b.top) * 2 / 5;
}

bool overlap(const PixelBox& a, const PixelBox& b) {
    const int slack = slack_of(a, b);
    return a.left < b.right && b.left < a.right && a.top + slack < b.bottom &&
           b.top + slack < a.bottom;
}

}  // namespace

PixelBox text_box(const TextRun& run, TextMeasurer& measurer) {
    const TextSize size = measurer.measure(run.text, run.font);
    const int before = run.anchor == TextAnchor::kLeft     ? 0
                       : run.anchor == TextAnchor::kCenter ? size.width_px / 2
                                                           : size.width_px;
    if (run.turned) {
        return {.left = run.x - size.ascent_px,
                .top = run.baseline + before - size.width_px,
                .right = run.x + size.descent_px,
                .bottom = run.baseline + before};
    }
    return {.left = run.x - before,
            .top = run.baseline - size.ascent_px,
            .right = run.x - before + size.width_px,
            .bottom = run.baseline + size.descent_px};
}

void keep_free_texts(std::span<DisplayList> lists, ImageSize size, TextMeasurer& measurer) {
    std::vector<PixelBox> taken;
    const auto has_no_room = [&](const Primitive& primitive) {
        const auto* const run = std::get_if<TextRun>(&primitive);
        if (run == nullptr) return false;
        const PixelBox box = text_box(*run, measurer);
        const bool inside = box.left >= 0 && box.top >= 0 && box.right <= size.width_px &&
                            box.bottom <= size.height_px;
        if (!inside || std::ranges::any_of(
                           taken, [&box](const PixelBox& other) { return overlap(box, other); })) {
            return true;
        }
        taken.push_back(box);
        return false;
    };
    for (DisplayList& list : lists) std::erase_if(list, has_no_room);
}

}  // namespace kurabe::render
