// The chunks of the file.
#include "render/palette_png.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "render/mixing.hpp"

namespace kurabe::render {

namespace {

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

std::vector<std::uint8_t> palette_bytes(const std::vector<std::uint32_t>& palette) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(3 * palette.size());
    for (const std::uint32_t color : palette) {
        for (const unsigned shift : {16U, 8U, 0U}) {
            bytes.push_back(static_cast<std::uint8_t>(color >> shift));
        }
    }
    return bytes;
}

// How opaque each colour is, up to the last one that is not wholly so.
std::vector<std::uint8_t> alpha_bytes(const std::vector<std::uint32_t>& palette) {
    std::vector<std::uint8_t> bytes;
    std::size_t count = 0;
    for (const std::uint32_t color : palette) {
        bytes.push_back(static_cast<std::uint8_t>(alpha_of(color)));
        if (bytes.back() != 255) count = bytes.size();
    }
    bytes.resize(count);
    return bytes;
}

}  // namespace

std::string encode_palette_png(const IndexedPixels& pixels, Deflater& deflater) {
    std::string header;
    append_u32(header, static_cast<std::uint32_t>(pixels.size.width_px));
    append_u32(header, static_cast<std::uint32_t>(pixels.size.height_px));
    header.append({8, 3, 0, 0, 0});  // 8 bits, palette, deflate, standard filters, not interlaced

    std::string out = "\x89PNG\r\n\x1a\n";
    append_chunk(out, "IHDR", as_bytes(header));
    append_chunk(out, "PLTE", palette_bytes(pixels.palette));
    const std::vector<std::uint8_t> alphas = alpha_bytes(pixels.palette);
    if (!alphas.empty()) append_chunk(out, "tRNS", alphas);
    append_chunk(
        out, "IDAT",
        deflater.zlib_stream(pixels.rows, static_cast<std::size_t>(pixels.size.width_px) + 1));
    append_chunk(out, "IEND", {});
    return out;
}

}  // namespace kurabe::render
