// Raster fills against a plain pixel by pixel version, PNG files there and back, and the canvas.
#include <random>

#include <gtest/gtest.h>

#include "render/canvas.hpp"
#include "render/palette_png.hpp"
#include "render/png.hpp"
#include "render/raster.hpp"

namespace kurabe::render {
namespace {

constexpr ImageSize kSize{40, 30};

std::uint32_t mixed(std::uint32_t below, Color color) {
    const auto channel = [&](unsigned shift, unsigned above) {
        const unsigned low = below >> shift & 0xFF;
        return (low * (255U - color.alpha) + above * color.alpha + 127) / 255 << shift;
    };
    return channel(16, color.red) | channel(8, color.green) | channel(0, color.blue);
}

TEST(Raster, BoxesEqualAPlainLoop) {
    std::mt19937 random(3);
    std::uniform_int_distribution<int> place(-10, 50);
    std::uniform_int_distribution<unsigned> byte(0, 255);
    Raster raster(kSize);
    Pixels plain{kSize, std::vector<std::uint32_t>(40 * 30)};
    for (int i = 0; i < 300; ++i) {
        const auto channel = [&] { return static_cast<std::uint8_t>(byte(random)); };
        const Color color{channel(), channel(), channel(),
                          i % 3 == 0 ? std::uint8_t{255} : channel()};
        const PixelBox box = {place(random), place(random), place(random), place(random)};
        raster.fill(FilledBox{box, color});
        for (int y = std::max(box.top, 0); y < std::min(box.bottom, 30); ++y) {
            for (int x = std::max(box.left, 0); x < std::min(box.right, 40); ++x) {
                auto& pixel = plain.rgb[plain.index(x, y)];
                pixel = mixed(pixel, color);
            }
        }
    }
    EXPECT_EQ(std::move(raster).take().rgb, plain.rgb);
}

TEST(Raster, AnAreasColumnsAreItsSpans) {
    Raster raster(kSize);
    raster.set_clip(PixelBox{2, 3, 30, 28});
    raster.fill(ColumnArea{1, {{0, 30}, {5, 9}, {5, 9}, {9, 5}, {27, 40}}, {1, 2, 3, 255}});
    const Pixels pixels = std::move(raster).take();
    for (int y = 0; y < 30; ++y) {
        EXPECT_EQ(pixels.rgb[pixels.index(1, y)], 0U) << "left of the clip box";
        EXPECT_EQ(pixels.rgb[pixels.index(2, y)] != 0, y >= 5 && y < 9);
        EXPECT_EQ(pixels.rgb[pixels.index(4, y)], 0U) << "an empty span";
        EXPECT_EQ(pixels.rgb[pixels.index(5, y)] != 0, y == 27) << "cut at the clip box";
    }
}

TEST(Raster, DotsKeepTheirPhaseWhenCut) {
    Raster raster(kSize);
    raster.set_clip(PixelBox{3, 0, 40, 30});
    raster.fill(
        GridLine{.position = 4, .from = 0, .to = 10, .dotted = true, .color = {9, 9, 9, 255}});
    const Pixels pixels = std::move(raster).take();
    for (int x = 0; x < 12; ++x) {
        EXPECT_EQ(pixels.rgb[pixels.index(x, 4)] != 0, x >= 3 && x < 10 && x % 2 == 0) << x;
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

TEST(Png, ComesBackAsItWasWithFewAndManyColours) {
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

TEST(Png, APaletteServesUpTo256Colours) {
    EXPECT_TRUE(encode_palette_png(noise({300, 200}, 256)).has_value());
    EXPECT_FALSE(encode_palette_png(noise({300, 200}, 257)).has_value());
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
        Raster raster({400, 40});
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
    Raster raster({100, 40});
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
