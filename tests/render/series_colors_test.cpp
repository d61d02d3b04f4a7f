// A palette that all eyes can use, and themes on which it stands out.
#include "render/series_colors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "render/graph_parser.hpp"
#include "render/themes.hpp"

namespace kurabe::render {
namespace {

using Triple = std::array<double, 3>;
using Matrix = std::array<Triple, 3>;

// How people without one kind of cone see linear RGB: Machado, Oliveira and Fernandes 2009,
// severity 1.
constexpr Matrix kUsualEyes = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
constexpr Matrix kProtanopia = {{{0.152286, 1.052583, -0.204868},
                                 {0.114503, 0.786281, 0.099216},
                                 {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeuteranopia = {{{0.367322, 0.860646, -0.227968},
                                   {0.280085, 0.672501, 0.047413},
                                   {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kTritanopia = {{{1.255528, -0.076749, -0.178779},
                                 {-0.078411, 0.930809, 0.147602},
                                 {0.004733, 0.691367, 0.303900}}};

Triple times(const Matrix& matrix, const Triple& triple) {
    Triple result{};
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t i = 0; i < 3; ++i) result[row] += matrix[row][i] * triple[i];
    }
    return result;
}

Triple linear(Color color) {
    const auto one = [](std::uint8_t channel) {
        const double share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
    };
    return {one(color.red), one(color.green), one(color.blue)};
}

// Ottosson's OKLab, in which equal distances look about equally large; white to black is 1.
Triple oklab(const Triple& rgb) {
    constexpr Matrix kCones = {{{0.4122214708, 0.5363325363, 0.0514459929},
                                {0.2119034982, 0.6806995451, 0.1073969566},
                                {0.0883024619, 0.2817188376, 0.6299787005}}};
    constexpr Matrix kLab = {{{0.2104542553, 0.7936177850, -0.0040720468},
                              {1.9779984951, -2.4285922050, 0.4505937099},
                              {0.0259040371, 0.7827717662, -0.8086757660}}};
    Triple cones = times(kCones, rgb);
    for (double& cone : cones) cone = std::cbrt(std::max(cone, 0.0));
    return times(kLab, cones);
}

double distance(Color one, Color other, const Matrix& eyes) {
    const auto seen = [&eyes](Color color) {
        Triple rgb = times(eyes, linear(color));
        for (double& channel : rgb) channel = std::clamp(channel, 0.0, 1.0);
        return oklab(rgb);
    };
    const Triple a = seen(one);
    const Triple b = seen(other);
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

Color canvas_of(Theme theme) {
    return look_of(theme).colors[static_cast<std::size_t>(ColorTag::kCanvas)];
}

TEST(SafePalette, AllEyesTellItsColoursApart) {
    for (const Theme theme : {Theme::kLight, Theme::kDark}) {
        const auto palette = safe_palette(canvas_of(theme));
        for (const Matrix& eyes : {kUsualEyes, kProtanopia, kDeuteranopia, kTritanopia}) {
            for (std::size_t i = 0; i < palette.size(); ++i) {
                for (std::size_t k = 0; k < i; ++k) {
                    EXPECT_GE(distance(palette[i], palette[k], eyes), 0.115) << i << ' ' << k;
                }
            }
        }
    }
}

// As a check of the check: what the graphs' usual red and green are to eyes without green cones.
TEST(SafePalette, RedAndGreenOfOneLightnessWouldNotPass) {
    EXPECT_LT(distance({0xB0, 0x60, 0}, {0x70, 0x80, 0}, kDeuteranopia), 0.08);
}

TEST(SafePalette, StandsOutFromEveryThemesCanvas) {
    for (const Theme theme : {Theme::kRrdtool, Theme::kKurado, Theme::kLight, Theme::kDark}) {
        for (const Color color : safe_palette(canvas_of(theme))) {
            EXPECT_GE(contrast(color, canvas_of(theme)), 2.19);
        }
    }
}

TEST(Contrast, IsThatOfWcag) {
    EXPECT_DOUBLE_EQ(contrast({0, 0, 0}, {255, 255, 255}), 21);
    EXPECT_DOUBLE_EQ(contrast({1, 2, 3}, {1, 2, 3}), 1);
    EXPECT_NEAR(contrast({0x77, 0x77, 0x77}, {255, 255, 255}), 4.48, 0.01);
}

// ---- In definitions ----

GraphDefinition parsed(std::vector<std::string> options) {
    options.insert(options.end(),
                   {"-s", "1700000000", "-e", "1700086400", "DEF:a=x:n:AVERAGE",
                    "DEF:b=y:n:AVERAGE", "AREA:a#000080:a", "LINE1:a#000000", "LINE0:b#ffffff:none",
                    "LINE2:b#00800080:b", "LINE1:5", "HRULE:9#000080:limit"});
    return parse_graph(options, Time{Seconds{1700000000}}, store::TimeZone::utc()).value();
}

Color line_color(const GraphDefinition& definition, std::size_t element) {
    return *std::get<LineElement>(definition.elements[element]).color;
}

TEST(SeriesColors, APaletteGoesByVariables) {
    const auto definition = parsed({"--palette", "safe"});
    const auto palette = safe_palette({255, 255, 255});
    EXPECT_EQ(std::get<AreaElement>(definition.elements[0]).color, palette[0]);
    EXPECT_EQ(line_color(definition, 1), palette[0]);
    EXPECT_EQ(line_color(definition, 2), (Color{255, 255, 255}));
    Color translucent = palette[1];
    translucent.alpha = 0x80;
    EXPECT_EQ(line_color(definition, 3), translucent);
    EXPECT_EQ(std::get<LineElement>(definition.elements[4]).color, std::nullopt);
    EXPECT_EQ(std::get<HorizontalRuleElement>(definition.elements[5]).color, (Color{0, 0, 0x80}));
}

TEST(SeriesColors, OwnOnesStayWithoutAPalette) {
    for (const char* theme : {"rrdtool", "kurado", "light"}) {
        EXPECT_EQ(line_color(parsed({"--theme", theme}), 1), (Color{0, 0, 0}));
    }
    EXPECT_EQ(line_color(parsed({"--palette", "safe", "--palette", "own"}), 1), (Color{0, 0, 0}));
}

TEST(SeriesColors, ADarkCanvasHidesNothing) {
    const auto definition = parsed({"--theme", "dark"});
    const Color canvas = canvas_of(Theme::kDark);
    EXPECT_GE(contrast(*std::get<AreaElement>(definition.elements[0]).color, canvas), 2.2);
    EXPECT_GE(contrast(line_color(definition, 1), canvas), 2.2);
    EXPECT_EQ(line_color(definition, 2), (Color{255, 255, 255}));
    EXPECT_EQ(line_color(definition, 3).alpha, 0x80);
}

// ---- Themes ----

Color color_of(const GraphDefinition& definition, ColorTag tag) {
    return definition.options.colors[static_cast<std::size_t>(tag)];
}

TEST(Themes, SetColoursAndBorder) {
    EXPECT_EQ(parsed({}).options.colors, rrdtool_colors());
    EXPECT_EQ(parsed({}).options.border_px, 2);
    const auto kurado = parsed({"--theme=kurado"});
    EXPECT_EQ(kurado.options.border_px, 1);
    const auto expected = parsed(
        {"-c", "BACK#F3F3F3",   "-c", "CANVAS#FFFFFF", "-c", "GRID#8F8F8F", "-c", "MGRID#666666",
         "-c", "FONT#222222",   "-c", "FRAME#222222",  "-c", "AXIS#111111", "-c", "SHADEA#DDDDDD",
         "-c", "SHADEB#DDDDDD", "-c", "ARROW#F89407"});
    EXPECT_EQ(kurado.options.colors, expected.options.colors);
}

TEST(Themes, WhatIsGivenWinsWhateverTheOrder) {
    for (const auto& options :
         {std::vector<std::string>{"--theme", "dark", "-c", "BACK#123456", "--border", "5"},
          {"-c", "BACK#123456", "--border", "5", "--theme", "dark"}}) {
        const auto definition = parsed(options);
        EXPECT_EQ(color_of(definition, ColorTag::kBack), (Color{0x12, 0x34, 0x56}));
        EXPECT_EQ(color_of(definition, ColorTag::kCanvas), canvas_of(Theme::kDark));
        EXPECT_EQ(definition.options.border_px, 5);
    }
}

TEST(Themes, TextsAreReadable) {
    for (const Theme theme : {Theme::kRrdtool, Theme::kKurado, Theme::kLight, Theme::kDark}) {
        const auto& colors = look_of(theme).colors;
        const Color font = colors[static_cast<std::size_t>(ColorTag::kFont)];
        EXPECT_GE(contrast(font, colors[static_cast<std::size_t>(ColorTag::kBack)]), 7);
        EXPECT_GE(contrast(font, canvas_of(theme)), 7);
    }
}

TEST(Themes, MistakesAreNamed) {
    const auto message = [](const std::vector<std::string>& options) {
        const auto parsed = parse_graph(options, Time{Seconds{1700000000}}, store::TimeZone::utc());
        return parsed ? std::string() : parsed.error().message;
    };
    EXPECT_EQ(message({"--theme", "pink"}),
              "option --theme - 'pink' is not one of rrdtool, kurado, light, dark");
    EXPECT_EQ(message({"--palette", "pink"}), "option --palette - 'pink' is neither safe nor own");
}

}  // namespace
}  // namespace kurabe::render
