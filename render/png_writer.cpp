// Draws a second time when there are more colours than a palette holds.
#include "render/png_writer.hpp"

#include <utility>

#include "render/palette_png.hpp"
#include "render/png.hpp"
#include "render/true_color_raster.hpp"

namespace kurabe::render {

Result<std::string> PngWriter::write(const Picture& picture) {
    IndexedRaster raster(picture.size, std::move(pixels_));
    draw(picture.list, canvas_, raster);
    pixels_ = std::move(raster).take();
    if (!pixels_.has_too_many_colors) return encode_palette_png(pixels_, deflater_);
    TrueColorRaster of_any_colors(picture.size);
    draw(picture.list, canvas_, of_any_colors);
    return encode_png(std::move(of_any_colors).take());
}

}  // namespace kurabe::render
