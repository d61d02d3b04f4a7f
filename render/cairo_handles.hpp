// Owners of what Cairo hands out. Included by the sources that draw with Cairo, and by no header.
#pragma once

#include <memory>

#include <cairo-pdf.h>
#include <cairo-ps.h>
#include <cairo-svg.h>
#include <cairo.h>

namespace kurabe::render {

template <auto Function>
struct Deleter {
    template <typename T>
    void operator()(T* pointer) const noexcept {
        Function(pointer);
    }
};
template <typename T, auto Function>
using Handle = std::unique_ptr<T, Deleter<Function>>;

using CairoSurface = Handle<cairo_surface_t, cairo_surface_destroy>;
using CairoPattern = Handle<cairo_pattern_t, cairo_pattern_destroy>;
using CairoContext = Handle<cairo_t, cairo_destroy>;

}  // namespace kurabe::render
