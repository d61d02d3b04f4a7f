// Raster fills against a plain pixel by pixel version, PNG files there and back, and the canvas.
#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "render/canvas.hpp"
#include "render/indexed_raster.hpp"
#include "render/palette_png.hpp"
#include "render/png.hpp"
#include "render/true_color_raster.hpp"

namespace kurabe::render {
namespace {

constexpr ImageSize kSize{40, 30};

TEST(Mixing, IsExactAtTheEndsAndInTheMiddle) {
    EXPECT_EQ(mixed(0x123456, 0xFEDCBA, 0), 0x123456U);
    EXPECT_EQ(mixed(0x123456, 0xFEDCBA, 255), 0xFEDCBAU);
    EXPECT_EQ(mixed(0x000000, 0xFF8001, 128), 0x804001U);
}

// As rrdtool 1.7.2 draws --color CANVAS#0000ff40 over BACK#ff000080, and an AREA of #ff00ff80 and a
// LINE of #00ff0080 over nothing.
TEST(Mixing, OfTranslucentColoursIsTranslucent) {
    EXPECT_EQ(mixed(kTransparent, 0x123456, 0), kTransparent);
    EXPECT_EQ(mixed(kTransparent, 0x123456, 255), 0x123456U);
    EXPECT_EQ(mixed(kTransparent, 0xFF0000, 0x80), 0x7FFF0000U);
    EXPECT_EQ(mixed(mixed(kTransparent, 0xFF0000, 0x80), 0x0000FF, 0x40), 0x5F990066U);
    const std::uint32_t both = mixed(mixed(kTransparent, 0xFF00FF, 0x80), 0x00FF00, 0x80);
    EXPECT_EQ(alpha_of(both), 0xC0U);
    EXPECT_NEAR(both >> 16 & 0xFF, 0x55, 1);
    EXPECT_NEAR(both >> 8 & 0xFF, 0xAA, 1);
    EXPECT_NEAR(both & 0xFF, 0x55, 1);
}

// The colours of a raster's pixels.
Pixels colors_of(TrueColorRaster&& raster) {
    return std::move(raster).take();
}
Pixels colors_of(IndexedRaster&& raster) {
    const IndexedPixels indexed = std::move(raster).take();
    EXPECT_FALSE(indexed.has_too_many_colors);
    Pixels pixels{indexed.size, {}};
    const auto stride = static_cast<std::size_t>(indexed.size.width_px) + 1;
    for (std::size_t i = 0; i < indexed.rows.size(); ++i) {
        if (i % stride > 0) pixels.rgb.push_back(indexed.palette.at(indexed.rows[i]));
    }
    return pixels;
}

template <typename R>
class RasterTest : public ::testing::Test {};
using Rasters = ::testing::Types<IndexedRaster, TrueColorRaster>;
TYPED_TEST_SUITE(RasterTest, Rasters);

TYPED_TEST(RasterTest, FillsEqualAPlainLoop) {
    std::mt19937 random(3);
    const auto below = [&](int limit) {
        return std::uniform_int_distribution<int>(0, limit - 1)(random);
    };
    // Few colours, so that a palette suffices however they are mixed.
    const auto any_color = [&] {
        const auto channel = [&] { return static_cast<std::uint8_t>(below(2) * 255); };
        const std::uint8_t alpha = below(3) > 0 ? 255 : below(2) > 0 ? 128 : 0;
        return Color{channel(), channel(), 0, alpha};
    };
    for (int round = 0; round < 200; ++round) {
        TypeParam raster(kSize);
        Pixels plain{kSize, std::vector<std::uint32_t>(40 * 30, kTransparent)};
        const auto mix = [&](int x, int y, Color color, unsigned alpha) {
            if (x < 0 || y < 0 || x >= 40 || y >= 30) return;
            auto& pixel = plain.rgb[plain.index(x, y)];
            pixel = mixed(pixel, rgb_of(color), alpha);
        };
        for (int i = 0; i < 5; ++i) {
            const Color color = any_color();
            PixelBox box = {below(60) - 10, below(50) - 10, below(60) - 10, below(50) - 10};
            if (i == 0 && round % 2 == 0) box = {0, 0, 40, 30};
            raster.fill(FilledBox{box, color});
            for (int y = box.top; y < box.bottom; ++y) {
                for (int x = box.left; x < box.right; ++x) mix(x, y, color, color.alpha);
            }
            ColumnArea area{.left = below(50) - 5, .columns = {}, .color = any_color()};
            for (int column = below(60); column > 0; --column) {
                area.columns.push_back({below(50) - 10, below(50) - 10});
                const RowSpan& rows = area.columns.back();
                const int x = area.left + static_cast<int>(area.columns.size()) - 1;
                for (int y = rows.top; y < rows.bottom; ++y) {
                    mix(x, y, area.color, area.color.alpha);
                }
            }
            raster.fill(area);
            const Mask mask{.left = -2,
                            .top = -1,
                            .width = 3,
                            .height = 2,
                            .coverage = {0, 255, 0, 255, 255, 0}};
            const int x = below(44) - 2;
            const int y = below(34) - 2;
            raster.fill(mask, x, y, color);
            for (std::size_t at = 0; at < 6; ++at) {
                const int dx = static_cast<int>(at % 3) + mask.left;
                const int dy = static_cast<int>(at / 3) + mask.top;
                if (mask.coverage[at] > 0) mix(x + dx, y + dy, color, color.alpha);
            }
        }
        ASSERT_EQ(colors_of(std::move(raster)).rgb, plain.rgb) << "round " << round;
    }
}

TYPED_TEST(RasterTest, AnAreasColumnsAreItsSpans) {
    TypeParam raster(kSize);
    raster.set_clip(PixelBox{2, 3, 30, 28});
    raster.fill(ColumnArea{1, {{0, 30}, {5, 9}, {5, 9}, {9, 5}, {27, 40}}, {1, 2, 3, 255}});
    const Pixels pixels = colors_of(std::move(raster));
    for (int y = 0; y < 30; ++y) {
        EXPECT_EQ(pixels.rgb[pixels.index(1, y)], kTransparent) << "left of the clip box";
        EXPECT_EQ(pixels.rgb[pixels.index(2, y)] != kTransparent, y >= 5 && y < 9);
        EXPECT_EQ(pixels.rgb[pixels.index(4, y)], kTransparent) << "an empty span";
        EXPECT_EQ(pixels.rgb[pixels.index(5, y)] != kTransparent, y == 27) << "cut at the clip box";
    }
}

TYPED_TEST(RasterTest, DotsKeepTheirPhaseWhenCut) {
    TypeParam raster(kSize);
    raster.set_clip(PixelBox{3, 0, 40, 30});
    raster.fill(
        GridLine{.position = 4, .from = 0, .to = 10, .dotted = true, .color = {9, 9, 9, 255}});
    const Pixels pixels = colors_of(std::move(raster));
    for (int x = 0; x < 12; ++x) {
        EXPECT_EQ(pixels.rgb[pixels.index(x, 4)] != kTransparent, x >= 3 && x < 10 && x % 2 == 0)
            << x;
    }
}

TYPED_TEST(RasterTest, DashesHaveTheirLengths) {
    TypeParam raster(kSize);
    raster.set_clip(PixelBox{0, 3, 40, 30});
    raster.fill(GridLine{.upright = true,
                         .position = 4,
                         .from = 1,
                         .to = 20,
                         .dotted = true,
                         .color = {9, 9, 9, 255},
                         .on_px = 3,
                         .off_px = 2});
    const Pixels pixels = colors_of(std::move(raster));
    for (int y = 0; y < 30; ++y) {
        EXPECT_EQ(pixels.rgb[pixels.index(4, y)] != kTransparent,
                  y >= 3 && y < 20 && (y - 1) % 5 < 3)
            << y;
    }
}

// A column of each kind: from 10 to 20, upwards from 20 to 10, an edge at 15, one without a place.
TYPED_TEST(RasterTest, GradientsEqualAPlainLoop) {
    Gradient gradient{.left = 3,
                      .columns = {{10, 20}, {20, 10}, {15, 15}, {-1e300, 1e300}, {10.4, 12.6}},
                      .first = {0, 0, 0, 255},
                      .second = {200, 100, 0, 255},
                      .colors = 11};
    for (const std::uint8_t alpha : std::array<std::uint8_t, 2>{255, 128}) {
        gradient.second.alpha = alpha;
        ColumnArea area{.left = 3, .columns = {}, .color = {}, .gradient = gradient};
        area.columns.assign(5, {5, 28});
        Mask mask{.left = 3, .top = 5, .width = 5, .height = 23, .coverage = {}};
        mask.coverage.assign(std::size_t{5} * 23, 255);
        TypeParam of_area(kSize);
        of_area.fill(area);
        TypeParam of_mask(kSize);
        of_mask.fill(mask, gradient);
        const Pixels pixels = colors_of(std::move(of_area));
        EXPECT_EQ(pixels.rgb, colors_of(std::move(of_mask)).rgb);
        for (int x = 3; x < 8; ++x) {
            const auto [begin, end] = gradient.columns[static_cast<std::size_t>(x - 3)];
            for (int y = 5; y < 28; ++y) {
                const double share =
                    begin == end ? y + 0.5 >= begin : (y + 0.5 - begin) / (end - begin);
                const double level = std::floor(std::clamp(share, 0.0, 1.0) * 10 + 0.5);
                const double opaque = 255 + level / 10 * (alpha - 255);
                const std::uint32_t pixel = pixels.rgb[pixels.index(x, y)];
                EXPECT_NEAR(pixel >> 16 & 0xFF, 20 * level, 1) << x << " " << y;
                EXPECT_NEAR(pixel >> 8 & 0xFF, 10 * level, 1) << x << " " << y;
                EXPECT_NEAR(alpha_of(pixel), opaque, 1) << x << " " << y;
            }
        }
        EXPECT_EQ(pixels.rgb[pixels.index(3, 4)], kTransparent);
    }
}

TYPED_TEST(RasterTest, TheFirstBoxOfTheWholePictureIsItsGround) {
    for (const std::uint8_t alpha : std::array<std::uint8_t, 3>{255, 128, 0}) {
        TypeParam raster(kSize);
        raster.fill(FilledBox{{0, 0, 40, 30}, {1, 2, 3, alpha}});
        raster.fill(FilledBox{{0, 0, 40, 30}, {1, 2, 3, alpha}});
        const std::uint32_t once = mixed(kTransparent, 0x010203, alpha);
        EXPECT_EQ(colors_of(std::move(raster)).rgb[7], mixed(once, 0x010203, alpha));
    }
}

// Letters of all widths on one ground, on several, over each other and over the picture's edge;
// more of them than are kept.
TEST(IndexedRaster, MasksWithAnIdAreAsThoseWithout) {
    std::mt19937 random(13);
    const auto below = [&random](int end) {
        return static_cast<int>(random() % static_cast<unsigned>(end));
    };
    std::vector<Mask> masks;
    for (int id = 1; id <= 600; ++id) {
        Mask mask{.id = static_cast<std::uint32_t>(id),
                  .left = below(5) - 2,
                  .top = -below(9),
                  .width = 1 + id % 19,
                  .height = 1 + below(9),
                  .coverage = {}};
        for (int i = 0; i < mask.width * mask.height; ++i) {
            mask.coverage.push_back(static_cast<std::uint8_t>(below(3) * 127));
        }
        masks.push_back(std::move(mask));
    }
    const std::array<Color, 2> colors = {Color{10, 20, 30, 255}, Color{10, 250, 30, 255}};
    for (const std::size_t kinds : {std::size_t{5}, masks.size()}) {
        IndexedRaster with_ids({300, 200});
        IndexedRaster without({300, 200});
        for (int round = 0; round < 12; ++round) {
            const PixelBox box{round * 20, 0, round * 20 + 70, 200};
            for (IndexedRaster* raster : {&with_ids, &without}) {
                const auto level = static_cast<std::uint8_t>(round % 2 * 255);
                raster->fill(FilledBox{box, {level, level, 80, 255}});
            }
            for (int i = 0; i < 60; ++i) {
                Mask mask = masks[static_cast<std::size_t>(below(static_cast<int>(kinds)))];
                const int x = box.left + below(90) - 10;
                const int y = i * 11 % 210;
                const Color color = colors[static_cast<std::size_t>(below(40) / 39)];
                with_ids.fill(mask, x, y, color);
                mask.id = 0;
                without.fill(mask, x, y, color);
            }
        }
        ASSERT_EQ(colors_of(std::move(with_ids)).rgb, colors_of(std::move(without)).rgb);
    }
}

// Before any stamp is kept, too.
TEST(IndexedRaster, AFirstMaskWithAnIdMayLieOnTwoGrounds) {
    Mask mask{.id = 1, .left = 0, .top = 0, .width = 4, .height = 2, .coverage = {}};
    for (int i = 0; i < 8; ++i) mask.coverage.push_back(static_cast<std::uint8_t>(i * 36));
    std::array<Pixels, 2> pixels;
    for (Pixels& drawn : pixels) {
        IndexedRaster raster(kSize);
        raster.fill(FilledBox{{0, 0, 7, 30}, {255, 0, 0, 255}});
        raster.fill(mask, 5, 6, {0, 0, 255, 255});
        drawn = colors_of(std::move(raster));
        mask.id = 0;
    }
    EXPECT_EQ(pixels[0].rgb, pixels[1].rgb);
}

TEST(IndexedRaster, SaysWhenThereAreTooManyColours) {
    for (const int colors : {255, 256}) {
        IndexedRaster raster({300, 1});
        for (int i = 0; i < colors; ++i) {
            const Color color{static_cast<std::uint8_t>(i), 1, 1, 255};
            raster.fill(FilledBox{{i, 0, i + 1, 1}, color});
        }
        // There is one of what nothing was drawn on.
        EXPECT_EQ(std::move(raster).take().has_too_many_colors, colors > 255) << colors;
    }
}

Pixels noise(ImageSize size, unsigned colors) {
    std::mt19937 random(colors);
    std::uniform_int_distribution<std::uint32_t> color(0, colors - 1);
    Pixels pixels{size, {}};
    for (int i = 0; i < size.width_px * size.height_px; ++i) {
        pixels.rgb.push_back(color(random) * 2654435761U & 0xFFFFFF);
    }
    return pixels;
}

TEST(Png, ComesBackAsItWas) {
    for (const ImageSize size : {ImageSize{1, 1}, ImageSize{497, 150}, ImageSize{3, 999}}) {
        for (const unsigned colors : {1U, 2U, 255U, 256U, 257U, 100000U}) {
            const Pixels pixels = noise(size, colors);
            const auto bytes = encode_png(pixels);
            ASSERT_TRUE(bytes.has_value());
            const auto decoded = decode_png(*bytes);
            ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
            EXPECT_EQ(decoded->size, size);
            EXPECT_EQ(decoded->rgb, pixels.rgb) << colors;
        }
    }
}

TEST(Png, PicturesOfAPaletteComeBackAsTheyWere) {
    Deflater deflater;
    for (const ImageSize size : {ImageSize{1, 1}, ImageSize{497, 150}, ImageSize{3, 999}}) {
        IndexedRaster raster(size);
        for (int x = 0; x < size.width_px; ++x) {
            const auto level = static_cast<std::uint8_t>(x % 200);
            raster.fill(FilledBox{{x, x % 7, x + 1, size.height_px}, {level, 7, 9, 255}});
        }
        const IndexedPixels pixels = std::move(raster).take();
        const auto decoded = decode_png(encode_palette_png(pixels, deflater));
        ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
        EXPECT_EQ(decoded->size, size);
        const auto stride = static_cast<std::size_t>(size.width_px) + 1;
        for (std::size_t i = 0; i < decoded->rgb.size(); ++i) {
            const std::size_t row = i / (stride - 1);
            const std::size_t column = i % (stride - 1);
            const std::uint8_t index = pixels.rows[row * stride + 1 + column];
            ASSERT_EQ(decoded->rgb[i], pixels.palette.at(index));
        }
    }
}

TEST(Png, TransparencyComesBackAsItWas) {
    Deflater deflater;
    IndexedRaster indexed({300, 2});
    TrueColorRaster of_any_colors({300, 2});
    for (int x = 0; x < 250; ++x) {
        const FilledBox box{{x, 0, x + 1, 1}, {200, 100, 0, static_cast<std::uint8_t>(x)}};
        indexed.fill(box);
        of_any_colors.fill(box);
    }
    const Pixels pixels = std::move(of_any_colors).take();
    const auto as_rgba = decode_png(encode_png(pixels).value());
    const auto as_palette = decode_png(encode_palette_png(std::move(indexed).take(), deflater));
    ASSERT_TRUE(as_rgba && as_palette);
    EXPECT_EQ(as_rgba->rgb, pixels.rgb);
    EXPECT_EQ(as_palette->rgb, pixels.rgb);
    EXPECT_EQ(alpha_of(pixels.rgb[249]), 249U);
}

TEST(Png, OpaquePicturesHaveNoAlpha) {
    Deflater deflater;
    IndexedRaster raster({30, 2});
    raster.fill(FilledBox{{0, 0, 30, 2}, {1, 2, 3, 255}});
    raster.fill(FilledBox{{0, 0, 20, 2}, {200, 2, 3, 128}});
    EXPECT_FALSE(encode_palette_png(std::move(raster).take(), deflater).contains("tRNS"));
}

TEST(Png, DamageIsAnError) {
    std::string bytes = encode_png(noise({50, 50}, 9)).value();
    EXPECT_FALSE(decode_png("").has_value());
    EXPECT_FALSE(decode_png(bytes.substr(0, bytes.size() / 2)).has_value());
    bytes[bytes.size() / 2] ^= 1;
    EXPECT_FALSE(decode_png(bytes).has_value());
    EXPECT_FALSE(encode_png(Pixels{}).has_value());
}

TEST(Canvas, FixedWidthTextIsAsWideAsItsLetters) {
    Canvas canvas("DejaVu Sans Mono");
    const Font font{7, ""};
    const int letter = canvas.measure("0", font).width_px;
    EXPECT_EQ(letter, 6);
    EXPECT_EQ(canvas.measure("Hello, world", font).width_px, 12 * letter);
    EXPECT_EQ(canvas.measure("", font).width_px, 0);
}

TEST(Canvas, LetterByLetterEqualsPangosOwnSetting) {
    Canvas canvas("DejaVu Sans Mono");
    const Font font{8, ""};
    const auto drawn = [&](const std::string& text) {
        TrueColorRaster raster({400, 40});
        canvas.draw(
            TextRun{
                .text = text, .font = font, .x = 5, .baseline = 25, .color = {255, 255, 255, 255}},
            raster);
        return std::move(raster).take();
    };
    const std::string text = "Cur: 44.4[%] Ave: fi ffl jW_|";
    // The ideographic space makes Pango set the whole text at once; it has no ink.
    EXPECT_EQ(drawn(text).rgb, drawn(text + "\u3000").rgb);
}

TEST(Canvas, BytesThatAreNotUtf8AreDrawnAllTheSame) {
    Canvas canvas("DejaVu Sans Mono");
    TrueColorRaster raster({100, 40});
    canvas.draw(TextRun{.text = "a\xFF\xC3",
                        .font = {8, ""},
                        .x = 5,
                        .baseline = 25,
                        .color = {255, 255, 255, 255}},
                raster);
    EXPECT_GT(canvas.measure("a\xFF\xC3", {8, ""}).width_px, 0);
}

TEST(ShortenToFit, NeverCutsACharacterAndFits) {
    Canvas canvas("DejaVu Sans Mono");
    const Font font{8, ""};
    const std::string text = "平均負荷 load 平均負荷";
    EXPECT_EQ(shorten_to_fit(text, font, 1000, canvas), text);
    for (int width = 10; width < 200; ++width) {
        const std::string shortened = shorten_to_fit(text, font, width, canvas);
        EXPECT_LE(canvas.measure(shortened, font).width_px, width) << shortened;
        if (shortened != text) {
            EXPECT_TRUE(shortened.ends_with("…"));
        }
    }
}

}  // namespace
}  // namespace kurabe::render
