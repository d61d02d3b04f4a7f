// Raster fills against a plain pixel by pixel version, PNG files there and back, and the canvas.
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
class RasterTest : public testing::Test {};
using Rasters = testing::Types<IndexedRaster, TrueColorRaster>;
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
        Pixels plain{kSize, std::vector<std::uint32_t>(40 * 30)};
        const auto mix = [&](int x, int y, Color color, unsigned alpha) {
            if (x < 0 || y < 0 || x >= 40 || y >= 30) return;
            auto& pixel = plain.rgb[plain.index(x, y)];
            pixel = mixed(pixel, rgb_of(color), alpha);
        };
        for (int i = 0; i < 5; ++i) {
            const Color color = any_color();
            const PixelBox box = {below(60) - 10, below(50) - 10, below(60) - 10, below(50) - 10};
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
        EXPECT_EQ(pixels.rgb[pixels.index(1, y)], 0U) << "left of the clip box";
        EXPECT_EQ(pixels.rgb[pixels.index(2, y)] != 0, y >= 5 && y < 9);
        EXPECT_EQ(pixels.rgb[pixels.index(4, y)], 0U) << "an empty span";
        EXPECT_EQ(pixels.rgb[pixels.index(5, y)] != 0, y == 27) << "cut at the clip box";
    }
}

TYPED_TEST(RasterTest, DotsKeepTheirPhaseWhenCut) {
    TypeParam raster(kSize);
    raster.set_clip(PixelBox{3, 0, 40, 30});
    raster.fill(
        GridLine{.position = 4, .from = 0, .to = 10, .dotted = true, .color = {9, 9, 9, 255}});
    const Pixels pixels = colors_of(std::move(raster));
    for (int x = 0; x < 12; ++x) {
        EXPECT_EQ(pixels.rgb[pixels.index(x, 4)] != 0, x >= 3 && x < 10 && x % 2 == 0) << x;
    }
}

TEST(IndexedRaster, SaysWhenThereAreTooManyColours) {
    for (const int colors : {255, 256}) {
        IndexedRaster raster({300, 1});
        for (int i = 0; i < colors; ++i) {
            const Color color{static_cast<std::uint8_t>(i), 1, 1, 255};
            raster.fill(FilledBox{{i, 0, i + 1, 1}, color});
        }
        // Black is the colour of what nothing was drawn on.
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
