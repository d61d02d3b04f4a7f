// PNG files, drawn by the raster: of a palette if it has room for all colours.
#pragma once

#include "render/canvas.hpp"
#include "render/deflate.hpp"
#include "render/indexed_raster.hpp"
#include "render/picture_writer.hpp"

namespace kurabe::render {

class PngWriter final : public PictureWriter {
  public:
    // `canvas` outlives it.
    explicit PngWriter(Canvas& canvas) : canvas_(canvas) {}

    [[nodiscard]] Result<std::string> write(const Picture& picture) override;

  private:
    Canvas& canvas_;
    IndexedPixels pixels_;  // of the last picture
    Deflater deflater_;
};

}  // namespace kurabe::render
