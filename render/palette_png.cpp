// Collects the colours, and writes the chunks.
#include "render/palette_png.hpp"

#include <array>
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

// Each row: filter type 0, then one byte for each pixel.
std::optional<std::vector<std::uint8_t>> indexed_rows(const Pixels& pixels, Palette& palette) {
    const auto width = static_cast<std::size_t>(pixels.size.width_px);
    std::vector<std::uint8_t> rows(pixels.rgb.size() +
                                   static_cast<std::size_t>(pixels.size.height_px));
    std::uint32_t last_color = ~pixels.rgb.front();
    std::size_t last_index = 0;
    std::size_t out = 0;
    for (std::size_t i = 0; i < pixels.rgb.size(); ++i) {
        if (i % width == 0) rows[out++] = 0;
        if (pixels.rgb[i] != last_color) {
            last_color = pixels.rgb[i];
            last_index = palette.index_of(last_color);
            if (last_index == kPaletteMax) return std::nullopt;
        }
        rows[out++] = static_cast<std::uint8_t>(last_index);
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
