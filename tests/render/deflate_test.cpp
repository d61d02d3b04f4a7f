// Streams that libpng, and so zlib, reads back: pictures of all kinds and sizes, and odd counts.
#include "render/deflate.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "render/palette_png.hpp"
#include "render/pixels.hpp"
#include "render/png.hpp"
#include "render/row_matches.hpp"

namespace kurabe::render {
namespace {

// A grey for each index, so that decoded colours say what the bytes were.
IndexedPixels picture(ImageSize size) {
    IndexedPixels pixels{.size = size, .rows = {}, .palette = {}};
    pixels.rows.resize((static_cast<std::size_t>(size.width_px) + 1) *
                       static_cast<std::size_t>(size.height_px));
    for (std::uint32_t level = 0; level < 256; ++level) pixels.palette.push_back(level * 0x010101);
    return pixels;
}

template <typename Fill>
IndexedPixels filled(ImageSize size, Fill fill) {
    IndexedPixels pixels = picture(size);
    const auto stride = static_cast<std::size_t>(size.width_px) + 1;
    for (std::size_t i = 0; i < pixels.rows.size(); ++i) {
        if (i % stride != 0) {
            pixels.rows[i] = static_cast<std::uint8_t>(fill(i % stride - 1, i / stride));
        }
    }
    return pixels;
}

void expect_back(const IndexedPixels& pixels, Deflater& deflater) {
    const auto decoded = decode_png(encode_palette_png(pixels, deflater));
    ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
    ASSERT_EQ(decoded->size, pixels.size);
    const auto width = static_cast<std::size_t>(pixels.size.width_px);
    for (std::size_t i = 0; i < decoded->rgb.size(); ++i) {
        const std::uint8_t index = pixels.rows[i / width * (width + 1) + 1 + i % width];
        ASSERT_EQ(decoded->rgb[i] & 0xFF, index) << "pixel " << i;
    }
}

constexpr ImageSize kSizes[] = {{1, 1},      {1, 2},     {2, 1},   {14, 1},     {15, 1},
                                {16, 1},     {17, 1},    {7, 5},   {15, 3},     {33, 40},
                                {509, 180},  {3, 999},   {300, 2}, {16'383, 5}, {16'384, 5},
                                {32'767, 4}, {33'000, 4}};

TEST(Deflate, PicturesComeBackAsTheyWere) {
    std::mt19937 random(7);
    Deflater deflater;
    for (const ImageSize size : kSizes) {
        SCOPED_TRACE(size.width_px);
        const auto back = [&](auto fill) { expect_back(filled(size, fill), deflater); };
        back([](std::size_t, std::size_t) { return 0; });
        back([](std::size_t x, std::size_t) { return x; });
        back([](std::size_t x, std::size_t y) { return x % 2 + y % 2; });
        back([](std::size_t x, std::size_t y) { return x * 7 + y * y; });
        back([](std::size_t x, std::size_t y) { return x * x / 90 > y ? 3 : 4; });
        back([&](std::size_t, std::size_t) { return random(); });
        back([&](std::size_t, std::size_t) { return random() % 2; });
        back([&](std::size_t x, std::size_t) { return random() % 50 == 0 ? random() : x / 9; });
    }
}

// More tokens than a block has: noise that does not compress.
TEST(Deflate, LargePicturesAreSeveralBlocks) {
    std::mt19937 random(8);
    Deflater deflater;
    const auto noise = [&](std::size_t, std::size_t) { return random(); };
    expect_back(filled({1000, 200}, noise), deflater);
    expect_back(filled({65'535, 1}, noise), deflater);  // with the filter's byte just a block
    expect_back(filled({1000, 20}, noise), deflater);
    EXPECT_LT(encode_palette_png(filled({1000, 200}, noise), deflater).size(), 203'000U);
}

TEST(Deflate, WhatIsThereAlreadyTakesNoRoom) {
    std::mt19937 random(9);
    Deflater deflater;
    const auto size_of = [&](const IndexedPixels& pixels) {
        return deflater.zlib_stream(pixels.rows, static_cast<std::size_t>(pixels.size.width_px) + 1)
            .size();
    };
    std::vector<std::uint8_t> row(700);
    std::ranges::generate(row, [&] { return static_cast<std::uint8_t>(random()); });
    EXPECT_LT(size_of(filled({700, 300}, [](std::size_t, std::size_t) { return 9; })), 600U);
    EXPECT_LT(size_of(filled({700, 300}, [&](std::size_t x, std::size_t) { return row[x]; })),
              2000U);
    // Every second row the same.
    EXPECT_LT(size_of(filled({700, 300},
                             [&](std::size_t x, std::size_t y) { return row[(x + y % 2) % 700]; })),
              2400U);
    // The same anywhere.
    EXPECT_LT(size_of(filled({700, 30}, [&](std::size_t x,
                                            std::size_t y) { return row[(x + y * 37) % 700]; })),
              1500U);
}

constexpr std::size_t kRepeat = 30;

// The farthest match in rows that begin and end with the same few bytes, `distance` apart;
// `between` gives what is between them.
template <typename Fill>
std::size_t farthest_match(std::size_t distance, std::size_t row_bytes, Fill between) {
    std::mt19937 random(12);
    std::vector<std::uint8_t> rows(distance + kRepeat);
    std::generate_n(rows.begin(), kRepeat, [&] { return static_cast<std::uint8_t>(random()); });
    std::generate(rows.begin() + kRepeat, rows.end() - kRepeat,
                  [&] { return static_cast<std::uint8_t>(between()); });
    std::copy_n(rows.begin(), kRepeat, rows.end() - kRepeat);
    RowMatches matches;
    matches.begin(rows, row_bytes);
    std::size_t farthest = 0;
    while (!matches.at_end()) {
        for (const MatchToken& token : matches.next(1000)) {
            farthest = std::max(farthest, std::size_t{token.distance});
        }
    }
    return farthest;
}

TEST(Deflate, RepeatsAreUsedUpTo32768BytesBefore) {
    std::mt19937 random(11);
    const auto blank = [] { return 0; };
    const auto noise = [&] { return random(); };
    // Wherever they were seen last.
    EXPECT_EQ(farthest_match(32'768, 50'000, blank), 32'768U);
    EXPECT_EQ(farthest_match(32'769, 50'000, blank), 1U);
    // One row above and two, where noise has taken the place of what was seen.
    EXPECT_EQ(farthest_match(32'768, 32'768, noise), 32'768U);
    EXPECT_LT(farthest_match(32'769, 32'769, noise), 32'768U);
    EXPECT_EQ(farthest_match(32'768, 16'384, noise), 32'768U);
    EXPECT_LT(farthest_match(32'770, 16'385, noise), 32'768U);
}

TEST(Deflate, RepeatsTooFarBeforeComeBackAsTheyWere) {
    Deflater deflater;
    for (const std::size_t distance : {32'767, 32'768, 32'769, 32'770}) {
        const auto repeated = [&](std::size_t x, std::size_t) {
            const std::size_t in_repeat = x % distance;
            return in_repeat < 100 ? in_repeat * in_repeat * 37 % 251 : 0;
        };
        expect_back(filled({40'000, 1}, repeated), deflater);
    }
}

}  // namespace
}  // namespace kurabe::render
