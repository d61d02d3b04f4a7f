// One pass over the list, with the boxes of the texts that stay.
#include "render/free_texts.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace kurabe::render {

namespace {

// Digits and capitals leave a quarter of a line's height free above and as much below.
PixelBox letters_in(PixelBox box, bool turned) {
    const int gap = (turned ? box.right - box.left : box.bottom - box.top) / 4;
    (turned ? box.left : box.top) += gap;
    (turned ? box.right : box.bottom) -= gap;
    return box;
}

bool overlap(const PixelBox& a, const PixelBox& b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
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
    const auto finds_room = [&](const TextRun& run) {
        const PixelBox box = text_box(run, measurer);
        const bool inside = box.left >= 0 && box.top >= 0 && box.right <= size.width_px &&
                            box.bottom <= size.height_px;
        const PixelBox letters = letters_in(box, run.turned);
        const auto is_in_the_way = [&](const PixelBox& other) { return overlap(letters, other); };
        if (!inside || std::ranges::any_of(taken, is_in_the_way)) return false;
        taken.push_back(letters);
        return true;
    };
    for (DisplayList& list : lists) {
        DisplayList kept;
        kept.reserve(list.size());
        for (Primitive& primitive : list) {
            const auto* const run = std::get_if<TextRun>(&primitive);
            if (run == nullptr || finds_room(*run)) {
                kept.push_back(std::move(primitive));
            } else {
                kept.erase(kept.end() - static_cast<std::ptrdiff_t>(run->own_shapes), kept.end());
            }
        }
        list = std::move(kept);
    }
}

}  // namespace kurabe::render
