// A surface of Cairo's that writes into memory, and what is to be taken out of its file again.
#include "render/vector_writer.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <string_view>

#include <fmt/format.h>

#include "render/cairo_handles.hpp"
#include "render/cairo_painter.hpp"

namespace kurabe::render {

namespace {

constexpr double kPointsPerInch = 72;
// Of what is translucent in EPS, which can hold it as pixels only.
constexpr double kFallbackDpi = 300;
constexpr double kFallbackPixelsMax = 16 * 1024 * 1024;

// The fineness of such pixels that they number no more in a whole picture.
double fallback_dpi(double width_pt, double height_pt) {
    return std::min(kFallbackDpi,
                    kPointsPerInch * std::sqrt(kFallbackPixelsMax / (width_pt * height_pt)));
}

// Called by C: no exception may leave it.
cairo_status_t append_bytes(void* text, const unsigned char* bytes, unsigned int count) {
    try {
        static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), count);
    } catch (const std::exception&) {
        return CAIRO_STATUS_NO_MEMORY;
    }
    return CAIRO_STATUS_SUCCESS;
}

CairoSurface surface_of(ImageFormat format, double width_pt, double height_pt, bool is_for_screens,
                        std::string& file) {
    if (format == ImageFormat::kSvg) {
        CairoSurface svg(
            cairo_svg_surface_create_for_stream(append_bytes, &file, width_pt, height_pt));
        if (is_for_screens) cairo_svg_surface_set_document_unit(svg.get(), CAIRO_SVG_UNIT_PX);
        return svg;
    }
    if (format == ImageFormat::kPdf) {
        CairoSurface pdf(
            cairo_pdf_surface_create_for_stream(append_bytes, &file, width_pt, height_pt));
        cairo_pdf_surface_set_metadata(pdf.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");
        return pdf;
    }
    CairoSurface eps(cairo_ps_surface_create_for_stream(append_bytes, &file, width_pt, height_pt));
    cairo_ps_surface_set_eps(eps.get(), 1);
    return eps;
}

// Cairo numbers the surfaces of a process.
void name_surface(std::string& svg) {
    constexpr std::string_view kBefore = "<g id=\"surface";
    const std::size_t found = svg.find(kBefore);
    if (found == std::string::npos) return;
    const std::size_t number = found + kBefore.size();
    svg.erase(number, svg.find('"', number) - number);
}

void remove_date(std::string& eps) {
    const std::size_t found = eps.find("%%CreationDate:");
    if (found != std::string::npos) eps.erase(found, eps.find('\n', found) + 1 - found);
}

}  // namespace

Result<std::string> VectorWriter::write(const Picture& picture) {
    outlines_.begin_picture();
    std::string file;
    const double width_pt = picture.size.width_px / picture.pixels_per_point;
    const double height_pt = picture.size.height_px / picture.pixels_per_point;
    const CairoSurface surface =
        surface_of(format_, width_pt, height_pt, picture.is_for_screens, file);
    const double dpi = fallback_dpi(width_pt, height_pt);
    cairo_surface_set_fallback_resolution(surface.get(), dpi, dpi);
    const CairoContext cairo(cairo_create(surface.get()));
    cairo_scale(cairo.get(), 1 / picture.pixels_per_point, 1 / picture.pixels_per_point);
    paint(picture.list, {of_layout_, outlines_}, cairo.get());
    cairo_show_page(cairo.get());
    cairo_surface_finish(surface.get());
    for (const cairo_status_t status :
         {cairo_status(cairo.get()), cairo_surface_status(surface.get())}) {
        if (status == CAIRO_STATUS_SUCCESS) continue;
        return fail(ErrorCode::kSystem, fmt::format("the picture cannot be written: {}",
                                                    cairo_status_to_string(status)));
    }
    if (format_ == ImageFormat::kSvg) name_surface(file);
    if (format_ == ImageFormat::kEps) remove_date(file);
    return file;
}

}  // namespace kurabe::render
