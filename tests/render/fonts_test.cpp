// Texts as they are set: markup, scripts of all kinds, and what is no text at all.
#include "render/fonts.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "render/canvas.hpp"
#include "render/true_color_raster.hpp"

namespace kurabe::render {

namespace {

constexpr Color kBlack{0, 0, 0, 255};
constexpr int kWidth_px = 400;
constexpr int kHeight_px = 60;

Font plain_font(double size_pt = 10) {
    return {.size_pt = size_pt, .family = ""};
}

Font markup_font(double size_pt = 10) {
    Font font = plain_font(size_pt);
    font.has_markup = true;
    return font;
}

class FontsTest : public ::testing::Test {
  protected:
    // The pixels of a text on white.
    std::vector<std::uint32_t> drawn(const std::string& text, const Font& font,
                                     Color color = kBlack, bool turned = false) {
        TrueColorRaster raster({kWidth_px, kHeight_px});
        raster.fill(FilledBox{{0, 0, kWidth_px, kHeight_px}, {255, 255, 255, 255}});
        TextRun run{.text = text, .font = font, .x = 5, .baseline = 40, .color = color};
        if (turned)
            run = {.text = text,
                   .font = font,
                   .x = 30,
                   .baseline = 55,
                   .turned = true,
                   .color = color};
        canvas_.draw(run, raster);
        return std::move(raster).take().rgb;
    }

    int width(const std::string& text, const Font& font) {
        return canvas_.measure(text, font).width_px;
    }

    Canvas canvas_{"DejaVu Sans Mono"};
};

std::size_t count_of(const std::vector<std::uint32_t>& pixels, std::uint32_t color) {
    return static_cast<std::size_t>(std::ranges::count(pixels, color));
}

TEST_F(FontsTest, MarkupIsMeasuredWithoutItsTags) {
    EXPECT_EQ(width("<b>ab</b>cd", markup_font()), width("abcd", plain_font()));
    EXPECT_EQ(width("a&amp;b", markup_font()), width("a&b", plain_font()));
    EXPECT_EQ(width("abcd", markup_font()), width("abcd", plain_font()));
    EXPECT_GT(width("<big>ab</big>", markup_font()), width("ab", plain_font()));
    const TextSize big = canvas_.measure("<span size='30720'>a</span>", markup_font());
    EXPECT_EQ(big.height_px(), canvas_.measure("a", plain_font(30)).height_px());
    EXPECT_EQ(big.ascent_px, canvas_.measure("a", plain_font(30)).ascent_px);
    EXPECT_NE(drawn("<b>ab</b>", markup_font()), drawn("ab", plain_font()));
    EXPECT_EQ(drawn("<span>ab</span>", markup_font()), drawn("ab", plain_font()));
}

TEST_F(FontsTest, BrokenMarkupIsPlainText) {
    for (const std::string text : {"<b>x", "5 < 6 & 7", "</b>", "<b>x</i>", "<foo>x</foo>", "&x;",
                                   "<span color='nocolor'>x</span>", "<b", "&#0;", "<b x='1'>"}) {
        EXPECT_EQ(width(text, markup_font()), width(text, plain_font())) << text;
        EXPECT_EQ(drawn(text, markup_font()), drawn(text, plain_font())) << text;
    }
}

TEST_F(FontsTest, MarkupIsMarkupOnlyWhereItIsWanted) {
    EXPECT_EQ(width("<b>x</b>", plain_font()), 8 * width("x", plain_font()));
}

TEST_F(FontsTest, ColorsAreThoseOfTheMarkup) {
    const std::string text = "<span foreground='#ff0000' background='#00ff00'>MMM</span>MMM";
    for (const bool turned : {false, true}) {
        const auto pixels = drawn(text, markup_font(), kBlack, turned);
        EXPECT_GT(count_of(pixels, 0xFF0000), 5U);
        EXPECT_GT(count_of(pixels, 0x00FF00), 50U);
        EXPECT_GT(count_of(pixels, 0x000000), 5U);
        EXPECT_LT(std::set(pixels.begin(), pixels.end()).size(), 60U);
    }
    // The one has no levels of its own.
    const auto red = drawn("<span foreground='#ff0000'>MMM</span>", markup_font());
    const auto plain = drawn("MMM", plain_font(), Color{255, 0, 0, 255});
    EXPECT_TRUE(red == plain);
}

TEST_F(FontsTest, TheTextsOwnColorStaysBesideOthers) {
    const Color faded{0, 0, 0, 77};
    const auto pixels = drawn("MM<span foreground='red'>MM</span>", markup_font(), faded);
    EXPECT_GT(count_of(pixels, 0xB2B2B2), 3U);
    EXPECT_GT(count_of(pixels, 0xFF0000), 3U);
    EXPECT_EQ(drawn("MM<span foreground='red'>MM</span>", markup_font()),
              drawn("MM<span foreground='red'>MM</span>", markup_font()))
        << "kept ones are the same";
}

TEST_F(FontsTest, MarkupOverItsLimitsIsPlainText) {
    std::string many;
    for (int i = 0; i < 101; ++i) many += "<b>x</b>";
    for (const std::string& text :
         {std::string("<span size='999999999'>x</span>"),
          std::string("<span size='204801'>x</span>"),
          std::string("<span font='Sans 100000'>x</span>"),
          std::string("<span size='900%'>x</span>"),
          std::string("<span letter_spacing='2000000000'>x</span>"),
          std::string("<span rise='-2000000000'>x</span>"),
          "<span letter_spacing='200000'>" + std::string(500, 'x') + "</span>", many}) {
        EXPECT_EQ(width(text, markup_font()), width(text, plain_font())) << text.substr(0, 50);
    }
    EXPECT_EQ(width("<span size='1pt'>x</span>", markup_font()), width("x", plain_font(1)));
}

// Pieces of markup in any order: nothing crashes, and it is done in a moment.
TEST_F(FontsTest, HostileMarkupIsDrawnInAMoment) {
    const std::vector<std::string> pieces = {"<b>",
                                             "</b>",
                                             "<i>",
                                             "</i>",
                                             "<big>",
                                             "</big>",
                                             "<sub>",
                                             "</sub>",
                                             "<sup>",
                                             "</sup>",
                                             "<s>",
                                             "</s>",
                                             "<span size='1'>",
                                             "<span size='204800'>",
                                             "<span foreground='#123'>",
                                             "<span background='#fff' underline='error'>",
                                             "</span>",
                                             "&lt;",
                                             "&#x202e;",
                                             "&#8238;",
                                             "&bogus;",
                                             "\t",
                                             "\n",
                                             "\xff",
                                             "\xf0\x9f",
                                             "<span font_features='a=9999999999'>",
                                             "<span font_family='\u65e5'>",
                                             "<span rise='-9999'>",
                                             "<span letter_spacing='-90000'>",
                                             "<tt>",
                                             "</tt>",
                                             "<span gravity='south'>",
                                             "<span lang='zz' alpha='1%'>",
                                             "<!-- -->",
                                             "<![CDATA[x]]>",
                                             "<?x?>",
                                             "text",
                                             "\u0627\u0644",
                                             "e\u0301",
                                             "<",
                                             ">",
                                             "&",
                                             "\"",
                                             "'"};
    std::mt19937 random(7);
    const auto begun = std::chrono::steady_clock::now();
    for (int round = 0; round < 300; ++round) {
        canvas_.begin_picture();
        std::string text;
        for (auto n = random() % 12; n > 0; --n) text += pieces[random() % pieces.size()];
        if (round % 2 == 0) text = "<b><i>" + text + "</i></b>";
        (void)canvas_.measure(text, markup_font());
        TrueColorRaster raster({kWidth_px, kHeight_px});
        canvas_.draw(
            TextRun{.text = text, .font = markup_font(), .x = 5, .baseline = 40, .color = kBlack},
            raster);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(60));
}

// Each style may cost a font.
TEST_F(FontsTest, APicturesMarkupHasSoManyStylesOnly) {
    const auto text = [](int i) {
        return "<span size='" + std::to_string(10'000 + i) + "'>xx</span>";
    };
    const auto begun = std::chrono::steady_clock::now();
    canvas_.begin_picture();
    std::vector<int> widths;
    for (int i = 0; i < 2000; ++i) widths.push_back(width(text(i), markup_font()));
    EXPECT_LT(widths[kMarkupStylesMax - 1], 10 * width("x", plain_font()));
    EXPECT_EQ(widths[kMarkupStylesMax], width(text(kMarkupStylesMax), plain_font()));
    EXPECT_EQ(widths.back(), width(text(1999), plain_font()));
    EXPECT_EQ(width(text(0), markup_font()), widths[0]) << "those before stay";
    canvas_.begin_picture();
    EXPECT_LT(width(text(1999), markup_font()), widths.back());
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(60));
}

TEST_F(FontsTest, EveryScriptLeavesInk) {
    for (const std::string text :
         {"\u65e5\u672c\u8a9e", "\ud55c\uad6d\uc5b4", "\u4e2d\u6587",
          "\u0627\u0644\u0639\u0631\u0628\u064a\u0629", "\u05e2\u05d1\u05e8\u05d9\u05ea",
          "\u0939\u093f\u0928\u094d\u0926\u0940", "e\u0301", "\U0001F600", "\U000F0000",
          "\U0010FFFD", "\uFFFF"}) {
        const auto pixels = drawn(text, plain_font());
        EXPECT_GT(pixels.size() - count_of(pixels, 0xFFFFFF), 10U) << text;
        EXPECT_GT(width(text, plain_font()), 0) << text;
    }
}

TEST_F(FontsTest, BytesThatAreNoUtf8AreShown) {
    for (const std::string text :
         {"\xff", "a\xc3", "\xe6\x97", "\xed\xa0\x80", "\xf5\x80\x80\x80"}) {
        for (const Font& font : {plain_font(), markup_font()}) {
            const auto pixels = drawn(text, font);
            EXPECT_GT(pixels.size() - count_of(pixels, 0xFFFFFF), 5U);
        }
    }
}

TEST_F(FontsTest, LineBreaksAreBlanks) {
    EXPECT_EQ(drawn("a\nb\r", plain_font()), drawn("a b ", plain_font()));
    EXPECT_EQ(width("a\nb", plain_font()), width("a b", plain_font()));
}

// Accents upon accents stand above the font's box.
TEST_F(FontsTest, InkBeyondTheBoxIsDrawn) {
    Fonts fonts("DejaVu Sans Mono");
    const Font font = plain_font();
    const std::string tower = "A\u0302\u0302\u0302\u0302";
    const PixelBox ink = fonts.ink(tower, font);
    ASSERT_LT(ink.top, -fonts.metrics(font).ascent_px);
    const auto pixels = drawn(tower, font);
    const int row = 40 + ink.top;
    const auto begin = pixels.begin() + row * kWidth_px;
    EXPECT_LT(std::count(begin, begin + 2 * kWidth_px, 0xFFFFFFU), 2 * kWidth_px);
}

// Keeps the masks of letters instead of drawing them.
class MaskCollector final : public Raster {
  public:
    MaskCollector() : Raster({kWidth_px, kHeight_px}) {}
    void fill(const FilledBox& /*box*/) override {}
    void fill(const FilledBoxes& /*boxes*/) override {}
    void fill(const ColumnArea& /*area*/) override {}
    void fill(const GridLine& /*line*/) override {}
    void fill(const Mask& mask, int /*x*/, int /*y*/, Color /*color*/) override {
        masks.push_back(mask);
    }
    void fill(const ColorImage& /*image*/, int /*x*/, int /*y*/) override {}
    void fill(const Mask& /*mask*/, const Gradient& /*gradient*/) override {}

    std::vector<Mask> masks;
};

bool touches_its_edge(const Mask& mask) {
    for (int y = 0; y < mask.height; ++y) {
        for (int x = 0; x < mask.width; ++x) {
            const bool is_edge = x == 0 || y == 0 || x + 1 == mask.width || y + 1 == mask.height;
            if (is_edge && mask.coverage[static_cast<std::size_t>(y * mask.width + x)] != 0) {
                return true;
            }
        }
    }
    return false;
}

TEST_F(FontsTest, EnlargedLettersAreWhole) {
    for (const double size_pt : {5.5, 7.0, 8.0, 9.0, 12.0}) {
        for (const double scale : {1.5, 2.0, 3.0}) {
            for (char letter = '!'; letter <= '~'; ++letter) {
                MaskCollector collector;
                canvas_.draw(TextRun{.text = std::string(1, letter),
                                     .font = plain_font(size_pt),
                                     .x = 5,
                                     .baseline = 40,
                                     .color = kBlack,
                                     .scale = scale},
                             collector);
                ASSERT_EQ(collector.masks.size(), 1U);
                EXPECT_FALSE(touches_its_edge(collector.masks[0]))
                    << letter << ' ' << size_pt << ' ' << scale;
            }
        }
    }
}

TEST_F(FontsTest, NamesMayHaveStyles) {
    Font bold = plain_font(20);
    bold.family = "DejaVu Sans Bold 30";
    Font regular = plain_font(20);
    regular.family = "DejaVu Sans";
    EXPECT_GT(width("mmmm", bold), width("mmmm", regular));
    EXPECT_LT(width("mmmm", bold), 2 * width("mmmm", regular)) << "the size is not the name's";
}

// As fontconfig answers for rrdtool.
TEST_F(FontsTest, FamiliesThatAreNotInstalledHaveTheirLikes) {
    const auto drawn_with = [this](const std::string& family) {
        Font font = plain_font();
        font.family = family;
        return drawn("abc WiM 123", font);
    };
    EXPECT_TRUE(drawn_with("No Such Font") == drawn_with("DejaVu Sans"));
    EXPECT_TRUE(drawn_with("Arial") == drawn_with("DejaVu Sans"));
    EXPECT_TRUE(drawn_with("Courier") == drawn_with("DejaVu Sans Mono"));
    EXPECT_TRUE(drawn_with("monospace") == drawn_with("DejaVu Sans Mono"));
    EXPECT_TRUE(drawn_with("Times") == drawn_with("DejaVu Serif"));
    EXPECT_TRUE(drawn_with("") == drawn_with("DejaVu Sans Mono"));
}

TEST_F(FontsTest, MonoHasNoGrey) {
    Font mono = plain_font();
    mono.rendering = FontRendering::kMono;
    const auto pixels = drawn("Text 0123", mono);
    EXPECT_EQ(count_of(pixels, 0xFFFFFF) + count_of(pixels, 0), pixels.size());
    EXPECT_GT(count_of(drawn("Text 0123", plain_font()), 0xFFFFFF), 0U);
    EXPECT_EQ(width("Text 0123", mono), width("Text 0123", plain_font()));
    mono.has_markup = true;
    const auto colored = drawn("<span foreground='red'>Text</span>", mono);
    EXPECT_EQ(count_of(colored, 0xFFFFFF) + count_of(colored, 0xFF0000), colored.size());
}

}  // namespace

}  // namespace kurabe::render
