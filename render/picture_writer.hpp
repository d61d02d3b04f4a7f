// The files of pictures: one display list and two back ends behind one interface, the raster for
// PNG (png_writer.hpp) and Cairo for vector pictures (vector_writer.hpp).
#pragma once

#include <string>

#include "render/display_list.hpp"
#include "store/result.hpp"

namespace kurabe::render {

struct Picture {
    DisplayList list;
    ImageSize size;               // of the list
    double pixels_per_point;      // of paper, for vector pictures; see scaling.hpp
    bool is_for_screens = false;  // an SVG is as large as the PNG: its points are a screen's pixels
};

// Keeps what the next picture can use. Not thread-safe; gives the same bytes for the same picture.
class PictureWriter {
  public:
    PictureWriter() = default;
    virtual ~PictureWriter() = default;
    PictureWriter(const PictureWriter&) = delete;
    PictureWriter& operator=(const PictureWriter&) = delete;

    [[nodiscard]] virtual Result<std::string> write(const Picture& picture) = 0;
};

}  // namespace kurabe::render
