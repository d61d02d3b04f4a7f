// libpng's rows and chunks, with its long jumps kept in one leaf.
#include "render/png.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <png.h>

#include "render/mixing.hpp"

namespace kurabe::render {

namespace {

// libpng's simplified interface, so that no setjmp is in our code; frees what it holds.
struct Image {
    png_image value{};
    Image() { value.version = PNG_IMAGE_VERSION; }
    ~Image() { png_image_free(&value); }
    Image(const Image&) = delete;
    Image& operator=(const Image&) = delete;
};

bool is_opaque(const Pixels& pixels) {
    return std::ranges::all_of(pixels.rgb,
                               [](std::uint32_t pixel) { return alpha_of(pixel) == 255; });
}

std::vector<png_byte> bytes_of(const Pixels& pixels, bool with_alpha) {
    std::vector<png_byte> bytes;
    bytes.reserve(pixels.rgb.size() * (with_alpha ? 4 : 3));
    for (const std::uint32_t pixel : pixels.rgb) {
        bytes.push_back(static_cast<png_byte>(pixel >> 16));
        bytes.push_back(static_cast<png_byte>(pixel >> 8));
        bytes.push_back(static_cast<png_byte>(pixel));
        if (with_alpha) bytes.push_back(static_cast<png_byte>(alpha_of(pixel)));
    }
    return bytes;
}

Result<std::string> encode(const Pixels& pixels) {
    const bool with_alpha = !is_opaque(pixels);
    Image image;
    image.value.width = static_cast<png_uint_32>(pixels.size.width_px);
    image.value.height = static_cast<png_uint_32>(pixels.size.height_px);
    image.value.format = with_alpha ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB;
    image.value.flags = PNG_IMAGE_FLAG_FAST;  // no filter, a low level
    const std::vector<png_byte> source = bytes_of(pixels, with_alpha);
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image.value);
    std::string bytes(size, '\0');
    if (png_image_write_to_memory(&image.value, bytes.data(), &size, 0, source.data(), 0,
                                  nullptr) == 0) {
        return fail(ErrorCode::kSystem, std::string("PNG: ") + image.value.message);
    }
    bytes.resize(size);
    return bytes;
}

}  // namespace

Result<std::string> encode_png(const Pixels& pixels) {
    if (pixels.size.width_px < 1 || pixels.size.height_px < 1) {
        return fail(ErrorCode::kInvalid, "a picture has at least one pixel");
    }
    return encode(pixels);
}

Result<Pixels> decode_png(std::string_view bytes) {
    Image image;
    if (png_image_begin_read_from_memory(&image.value, bytes.data(), bytes.size()) == 0) {
        return fail(ErrorCode::kInvalid, std::string("PNG: ") + image.value.message);
    }
    const std::size_t count = std::size_t{image.value.width} * image.value.height;
    if (count > kDecodedPixelsMax) return fail(ErrorCode::kLimit, "PNG: too many pixels");
    image.value.format = PNG_FORMAT_RGBA;
    std::vector<png_byte> raw(count * 4);
    if (png_image_finish_read(&image.value, nullptr, raw.data(), 0, nullptr) == 0) {
        return fail(ErrorCode::kInvalid, std::string("PNG: ") + image.value.message);
    }
    Pixels pixels;
    pixels.size = {.width_px = static_cast<int>(image.value.width),
                   .height_px = static_cast<int>(image.value.height)};
    pixels.rgb.reserve(count);
    for (std::size_t i = 0; i < raw.size(); i += 4) {
        pixels.rgb.push_back(
            mixed(kTransparent, rgb_of({raw[i], raw[i + 1], raw[i + 2], 255}), raw[i + 3]));
    }
    return pixels;
}

}  // namespace kurabe::render
