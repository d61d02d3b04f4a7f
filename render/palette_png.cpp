// Collects the colours, and writes the chunks.
#include "render/palette_png.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "render/deflate.hpp"

namespace kurabe::render {

namespace {

inline constexpr std::size_t kPaletteMax = 256;
inline constexpr std::size_t kSlots = 1024;  // of the hash table: at most a quarter is taken

// Colours in the order of their first use.
class Palette {
  public:
    // The colour's index, or kPaletteMax when there is no room for another colour.
    [[nodiscard]] std::size_t index_of(std::uint32_t rgb) noexcept {
        std::size_t slot = rgb * 0x9E3779B1U >> 22;
        while (index_[slot] != kFree && colors_[index_[slot]] != rgb) slot = (slot + 1) % kSlots;
        if (index_[slot] != kFree) return index_[slot];
        if (count_ == kPaletteMax) return kPaletteMax;
        colors_[count_] = rgb;
        index_[slot] = static_cast<std::uint16_t>(count_);
        return count_++;
    }

    [[nodiscard]] std::vector<std::uint8_t> bytes() const {
        std::vector<std::uint8_t> bytes;
        for (std::size_t i = 0; i < count_; ++i) {
            for (const unsigned shift : {16U, 8U, 0U}) {
                bytes.push_back(static_cast<std::uint8_t>(colors_[i] >> shift));
            }
        }
        return bytes;
    }

  private:
    static constexpr std::uint16_t kFree = 0xFFFF;
    static constexpr std::array<std::uint16_t, kSlots> all_free() {
        std::array<std::uint16_t, kSlots> slots{};
        slots.fill(kFree);
        return slots;
    }

    std::array<std::uint32_t, kPaletteMax> colors_{};
    std::array<std::uint16_t, kSlots> index_ = all_free();
    std::size_t count_ = 0;
};

// Fills `indexes` for a row of pixels; false when the palette has no room for its colours.
bool index_row(std::span<const std::uint32_t> row, std::span<std::uint8_t> indexes,
               Palette& palette) {
    std::uint32_t last_color = ~row.front();
    std::uint8_t last_index = 0;
    for (std::size_t x = 0; x < row.size(); ++x) {
        if (row[x] != last_color) {
            last_color = row[x];
            const std::size_t index = palette.index_of(last_color);
            if (index == kPaletteMax) return false;
            last_index = static_cast<std::uint8_t>(index);
        }
        indexes[x] = last_index;
    }
    return true;
}

// Each row: filter type 0, then one byte for each pixel. Many rows of a graph equal the one above
// or, because of its dotted lines, the second above: their bytes are copied.
std::optional<std::vector<std::uint8_t>> indexed_rows(const Pixels& pixels, Palette& palette) {
    const auto width = static_cast<std::size_t>(pixels.size.width_px);
    const auto height = static_cast<std::size_t>(pixels.size.height_px);
    const std::size_t stride = width + 1;
    std::vector<std::uint8_t> rows(stride * height);
    const std::span<const std::uint32_t> all(pixels.rgb);
    for (std::size_t y = 0; y < height; ++y) {
        const auto row = all.subspan(y * width, width);
        const auto out = std::span(rows).subspan(y * stride + 1, width);
        bool copied = false;
        for (std::size_t above = 1; above <= 2 && above <= y && !copied; ++above) {
            copied = std::ranges::equal(row, all.subspan((y - above) * width, width));
            if (!copied) continue;
            const auto same = std::span(rows).subspan((y - above) * stride + 1, width);
            std::ranges::copy(same, out.begin());
        }
        if (!copied && !index_row(row, out, palette)) return std::nullopt;
    }
    return rows;
}

void append_u32(std::string& out, std::uint32_t value) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        out.push_back(static_cast<char>(static_cast<std::uint8_t>(value >> shift)));
    }
}

std::span<const std::uint8_t> as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void append_chunk(std::string& out, std::string_view type, std::span<const std::uint8_t> data) {
    append_u32(out, static_cast<std::uint32_t>(data.size()));
    out.append(type);
    out.append(reinterpret_cast<const char*>(data.data()), data.size());
    append_u32(out, crc32(crc32(0, as_bytes(type)), data));
}

}  // namespace

std::optional<std::string> encode_palette_png(const Pixels& pixels) {
    Palette palette;
    const auto rows = indexed_rows(pixels, palette);
    if (!rows) return std::nullopt;

    std::string header;
    append_u32(header, static_cast<std::uint32_t>(pixels.size.width_px));
    append_u32(header, static_cast<std::uint32_t>(pixels.size.height_px));
    header.append({8, 3, 0, 0, 0});  // 8 bits, palette, deflate, standard filters, not interlaced

    std::string out = "\x89PNG\r\n\x1a\n";
    append_chunk(out, "IHDR", as_bytes(header));
    append_chunk(out, "PLTE", palette.bytes());
    append_chunk(out, "IDAT", zlib_stream(*rows));
    append_chunk(out, "IEND", {});
    return out;
}

}  // namespace kurabe::render
