// Compares decoded pixels.
#include "tests/gallery/plot_pixels.hpp"

#include <cstdlib>

#include "render/png.hpp"

namespace kurabe::tests {
namespace {

// Of 255. What Cairo smooths and we do not is often a third beside.
constexpr int kShade = 100;

int number_of(const GraphReport& report, std::string_view key) {
    for (const auto& [name, value] : report) {
        if (name == key) return std::atoi(value.c_str());
    }
    return 0;
}

bool differ(std::uint32_t a, std::uint32_t b) {
    for (const int shift : {0, 8, 16}) {
        const int one = static_cast<int>(a >> shift & 0xFF);
        const int other = static_cast<int>(b >> shift & 0xFF);
        if (std::abs(one - other) > kShade) return true;
    }
    return false;
}

}  // namespace

double differing_share(std::string_view ours, std::string_view theirs, const GraphReport& report) {
    const auto a = render::decode_png(ours);
    const auto b = render::decode_png(theirs);
    if (!a || !b) return 1;
    if (a->size != b->size) return 0;
    // The report's lengths are the same at any zoom.
    const double zoom = static_cast<double>(a->size.width_px) / number_of(report, "image_width");
    const auto length_of = [&](std::string_view key) {
        return static_cast<int>(number_of(report, key) * zoom);
    };
    const int left = length_of("graph_left");
    const int top = length_of("graph_top");
    const int width = length_of("graph_width");
    const int height = length_of("graph_height");
    if (width <= 0 || height <= 0 || left + width > a->size.width_px ||
        top + height > a->size.height_px) {
        return 1;
    }
    int count = 0;
    for (int y = top; y < top + height; ++y) {
        for (int x = left; x < left + width; ++x) {
            const std::size_t i = a->index(x, y);
            count += differ(a->rgb[i], b->rgb[i]) ? 1 : 0;
        }
    }
    return static_cast<double>(count) / (static_cast<double>(width) * height);
}

}  // namespace kurabe::tests
