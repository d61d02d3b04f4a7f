// SVG, PDF and EPS files, written by Cairo: sizes in points as rrdtool's, a pixel of the layout
// being one (but for an SVG for screens, of pixels), and letters as outlines that follow no pixels.
// Nothing in them depends on when or where they were made.
#pragma once

#include "render/fonts.hpp"
#include "render/graph_definition.hpp"
#include "render/picture_writer.hpp"

namespace kurabe::render {

class VectorWriter final : public PictureWriter {
  public:
    // A vector `format`. The fonts, those of the layout and those with outlines, outlive it.
    VectorWriter(ImageFormat format, Fonts& of_layout, Fonts& outlines)
        : format_(format), of_layout_(of_layout), outlines_(outlines) {}

    // kSystem when Cairo cannot write it.
    [[nodiscard]] Result<std::string> write(const Picture& picture) override;

  private:
    ImageFormat format_;
    Fonts& of_layout_;
    Fonts& outlines_;
};

}  // namespace kurabe::render
