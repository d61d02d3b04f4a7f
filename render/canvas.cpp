// Pango lays texts out and Cairo draws their masks, which are kept for the next picture.
#include "render/canvas.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>
#include <unordered_map>

#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

namespace kurabe::render {

namespace {

inline constexpr double kPixelsPerPoint = 100.0 / 72.0;
// Few levels of grey keep a picture's palette small; 16 cannot be told from 256 by eye.
inline constexpr int kTextLevels = 16;
inline constexpr int kShapeLevels = 8;
// Corners of steps are sharp (a right angle needs 1.42); the spikes of steep slopes are cut.
inline constexpr double kMiterLimit = 1.5;
// Dashes of one line: a few for each of its points besides those of a straight one. Cairo takes a
// microsecond or more for each, and a noisy line over a large picture could have millions.
inline constexpr double kDashesMax = 2000;
inline constexpr double kDashesPerPointMax = 4;
inline constexpr char kFirstLetter = ' ';
inline constexpr std::size_t kLetters = 95;  // of printable ASCII

// Fonts of the system's folders, without the rules of its user.
inline constexpr const char* kFontSetup = R"(<?xml version="1.0"?><fontconfig>
<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir>
<cachedir>/var/cache/fontconfig</cachedir>
</fontconfig>)";
// Where letters come from that the chosen family lacks, in this order; then any font that has them.
inline constexpr const char* kFallbackFamilies =
    "DejaVu Sans Mono,Noto Sans Mono CJK JP,Noto Sans CJK JP,IPAGothic,VL Gothic,"
    "Noto Color Emoji,DejaVu Sans,monospace";

template <auto Function>
struct Deleter {
    template <typename T>
    void operator()(T* pointer) const noexcept {
        Function(pointer);
    }
};
template <typename T, auto Function>
using Handle = std::unique_ptr<T, Deleter<Function>>;
using Surface = Handle<cairo_surface_t, cairo_surface_destroy>;
using Context = Handle<cairo_t, cairo_destroy>;
using FontOptions = Handle<cairo_font_options_t, cairo_font_options_destroy>;
using FontDescription = Handle<PangoFontDescription, pango_font_description_free>;
using TextLayout = Handle<PangoLayout, g_object_unref>;
using TextContext = Handle<PangoContext, g_object_unref>;
using FontMap = Handle<PangoFontMap, g_object_unref>;
using FontSetup = Handle<FcConfig, FcConfigDestroy>;
using Utf8 = Handle<char, g_free>;

// fontconfig's and Pango's first use is not safe from several threads at once.
std::mutex& font_setup_mutex() {
    static std::mutex mutex;
    return mutex;
}

FontMap make_font_map() {
    const std::scoped_lock lock(font_setup_mutex());
    FcInit();
    FontSetup setup(FcConfigCreate());
    FcConfigParseAndLoadFromMemory(setup.get(), reinterpret_cast<const FcChar8*>(kFontSetup),
                                   FcTrue);
    FcConfigBuildFonts(setup.get());
    FontMap map(pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT));
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map.get()), setup.get());
    return map;
}

TextContext make_text_context(PangoFontMap* map) {
    TextContext context(pango_font_map_create_context(map));
    const FontOptions options(cairo_font_options_create());
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_SLIGHT);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_ON);
    pango_cairo_context_set_font_options(context.get(), options.get());
    pango_context_set_language(context.get(), pango_language_from_string("en"));
    pango_context_set_base_dir(context.get(), PANGO_DIRECTION_LTR);
    return context;
}

std::uint8_t quantised(int coverage, int levels) {
    const int level = (coverage * levels + 127) / 255;
    return static_cast<std::uint8_t>(level * 255 / levels);
}

// The coverage that `paint` leaves on an empty surface whose pixel (0, 0) is (left, top).
template <typename Paint>
Mask painted_mask(const PixelBox& box, int levels, const Paint& paint) {
    Mask mask{.left = box.left,
              .top = box.top,
              .width = std::max(box.right - box.left, 0),
              .height = std::max(box.bottom - box.top, 0),
              .coverage = {}};
    if (box.empty()) return mask;
    const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_A8, mask.width, mask.height));
    const Context cairo(cairo_create(surface.get()));
    cairo_translate(cairo.get(), -box.left, -box.top);
    cairo_set_antialias(cairo.get(), CAIRO_ANTIALIAS_GRAY);
    paint(cairo.get());
    cairo_surface_flush(surface.get());
    if (cairo_status(cairo.get()) != CAIRO_STATUS_SUCCESS) {
        return Mask{};  // out of memory, or a path of NaNs: nothing is drawn
    }
    const int stride = cairo_image_surface_get_stride(surface.get());
    const unsigned char* data = cairo_image_surface_get_data(surface.get());
    mask.coverage.reserve(static_cast<std::size_t>(mask.width) *
                          static_cast<std::size_t>(mask.height));
    for (int y = 0; y < mask.height; ++y) {
        const unsigned char* row = data + std::ptrdiff_t{y} * stride;
        for (int x = 0; x < mask.width; ++x) mask.coverage.push_back(quantised(row[x], levels));
    }
    return mask;
}

// The mask turned to the left, so that its text reads upwards.
Mask turned(const Mask& mask) {
    Mask result{.left = mask.top,
                .top = -(mask.left + mask.width),
                .width = mask.height,
                .height = mask.width,
                .coverage = {}};
    result.coverage.resize(mask.coverage.size());
    for (int y = 0; y < mask.height; ++y) {
        for (int x = 0; x < mask.width; ++x) {
            const auto from = static_cast<std::size_t>(y) * static_cast<std::size_t>(mask.width) +
                              static_cast<std::size_t>(x);
            const auto to = static_cast<std::size_t>(mask.width - 1 - x) *
                                static_cast<std::size_t>(mask.height) +
                            static_cast<std::size_t>(y);
            result.coverage[to] = mask.coverage[from];
        }
    }
    return result;
}

bool is_printable_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

int anchor_shift(TextAnchor anchor, int width) {
    switch (anchor) {
        case TextAnchor::kLeft:
            return 0;
        case TextAnchor::kCenter:
            return width / 2;
        case TextAnchor::kRight:
            return width;
    }
    return 0;
}

void trace(cairo_t* cairo, const std::vector<Point>& points) {
    for (const Point& point : points) cairo_line_to(cairo, point.x, point.y);
}

// Whether so many dashes are cheap to draw; a line of more is drawn solid.
bool has_few_dashes(const Polyline& line) {
    const auto& pattern = line.dashes.on_off_px;
    double length_px = 0;
    for (std::size_t i = 1; i < line.points.size(); ++i) {
        length_px += std::hypot(line.points[i].x - line.points[i - 1].x,
                                line.points[i].y - line.points[i - 1].y);
    }
    const double period_px = std::reduce(pattern.begin(), pattern.end());
    const double dashes_max =
        kDashesMax + kDashesPerPointMax * static_cast<double>(line.points.size());
    return length_px <= period_px * dashes_max;
}

// The pixels that a stroke or a filled path can touch.
PixelBox bounds(const std::vector<Point>& points, double margin, const PixelBox& clip) {
    if (points.empty()) return {};
    const auto [left, right] = std::ranges::minmax(points, {}, &Point::x);
    const auto [top, bottom] = std::ranges::minmax(points, {}, &Point::y);
    const auto whole = [](double value) { return static_cast<int>(std::clamp(value, -1e6, 1e6)); };
    return {.left = std::max(whole(std::floor(left.x - margin)), clip.left),
            .top = std::max(whole(std::floor(top.y - margin)), clip.top),
            .right = std::min(whole(std::ceil(right.x + margin)), clip.right),
            .bottom = std::min(whole(std::ceil(bottom.y + margin)), clip.bottom)};
}

}  // namespace

// Open fonts with their letters, and the masks of whole texts.
class Canvas::Fonts {
  public:
    explicit Fonts(std::string family)
        : family_(std::move(family)),
          map_(make_font_map()),
          context_(make_text_context(map_.get())),
          layout_(pango_layout_new(context_.get())) {
        pango_layout_set_single_paragraph_mode(layout_.get(), TRUE);
    }

    struct Letter {
        bool known = false;
        Mask mask;
    };
    struct OpenFont {
        FontDescription description;
        int ascent = 0;
        int descent = 0;
        // All printable ASCII letters are this wide; 0 = of several widths. Such text needs no
        // shaping: it is set letter by letter.
        int fixed_advance = 0;
        std::array<Letter, kLetters> letters;
        std::unordered_map<std::string, int> widths;
        std::unordered_map<std::string, Mask> texts;
    };

    // Valid until the next call.
    OpenFont& open(const Font& font) {
        if (kept_bytes_ > kCachedBytesMax) drop_all();
        const double size = std::clamp(font.size_pt, 0.1, 200.0);
        const auto key = std::pair(font.family, size);
        if (const auto found = fonts_.find(key); found != fonts_.end()) return found->second;
        if (fonts_.size() >= kCachedFontsMax) drop_all();
        OpenFont& opened = fonts_[key];
        const std::string first = font.family.empty() ? "" : font.family + ",";
        const std::string families = first + family_ + "," + kFallbackFamilies;
        opened.description.reset(pango_font_description_new());
        pango_font_description_set_family(opened.description.get(), families.c_str());
        pango_font_description_set_absolute_size(opened.description.get(),
                                                 size * kPixelsPerPoint * PANGO_SCALE);
        measure_metrics(opened);
        return opened;
    }

    int width(OpenFont& font, std::string_view text) {
        if (font.fixed_advance > 0 && is_printable_ascii(text)) {
            return font.fixed_advance * static_cast<int>(text.size());
        }
        const auto [entry, is_new] = font.widths.try_emplace(std::string(text));
        if (is_new) {
            set_text(font, text);
            entry->second = logical_width();
            kept_bytes_ += text.size() + kEntryBytes;
        }
        return entry->second;
    }

    void draw(OpenFont& font, std::string_view text, const TextRun& run, Raster& raster) {
        const int shift = anchor_shift(run.anchor, width(font, text));
        int x = run.turned ? run.x : run.x - shift;
        int y = run.turned ? run.baseline + shift : run.baseline;
        const auto put = [&](const Mask& mask) {
            if (mask.coverage.empty()) return;
            raster.fill(run.turned ? turned(mask) : mask, x, y, run.color);
        };
        if (font.fixed_advance == 0 || !is_printable_ascii(text)) return put(text_mask(font, text));
        for (const char letter : text) {
            put(letter_mask(font, letter));
            (run.turned ? y : x) += run.turned ? -font.fixed_advance : font.fixed_advance;
        }
    }

  private:
    // What a map needs for an entry besides its text.
    static constexpr std::size_t kEntryBytes = 128;

    // Pango's own memory of fonts grows with every size that was asked for.
    void drop_all() {
        fonts_.clear();
        pango_fc_font_map_cache_clear(PANGO_FC_FONT_MAP(map_.get()));
        kept_bytes_ = 0;
    }

    void measure_metrics(OpenFont& font) {
        set_text(font, "0");
        const int baseline = pango_layout_get_baseline(layout_.get());
        int height = 0;
        pango_layout_get_pixel_size(layout_.get(), nullptr, &height);
        font.ascent = PANGO_PIXELS(baseline);
        font.descent = height - font.ascent;
        const int narrow = logical_width();
        set_text(font, "iiiiWWWW..--");
        if (logical_width() == 12 * narrow) font.fixed_advance = narrow;
    }

    void set_text(const OpenFont& font, std::string_view text) {
        const Utf8 valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
        pango_layout_set_font_description(layout_.get(), font.description.get());
        pango_layout_set_text(layout_.get(), valid.get(), -1);
    }

    int logical_width() {
        PangoRectangle logical;
        pango_layout_get_extents(layout_.get(), nullptr, &logical);
        return PANGO_PIXELS_CEIL(logical.width);
    }

    Mask render_text(const OpenFont& font, std::string_view text) {
        set_text(font, text);
        PangoRectangle ink;
        pango_layout_get_pixel_extents(layout_.get(), &ink, nullptr);
        const int baseline = PANGO_PIXELS(pango_layout_get_baseline(layout_.get()));
        const PixelBox box = {.left = ink.x,
                              .top = ink.y - baseline,
                              .right = ink.x + ink.width,
                              .bottom = ink.y - baseline + ink.height};
        return painted_mask(box, kTextLevels, [&](cairo_t* cairo) {
            cairo_move_to(cairo, 0, -baseline);
            pango_cairo_show_layout(cairo, layout_.get());
        });
    }

    const Mask& letter_mask(OpenFont& font, char letter) {
        Letter& cached = font.letters[static_cast<std::size_t>(letter - kFirstLetter)];
        if (!cached.known) {
            cached.mask = render_text(font, std::string_view(&letter, 1));
            cached.known = true;
            kept_bytes_ += cached.mask.coverage.size();
        }
        return cached.mask;
    }

    const Mask& text_mask(OpenFont& font, std::string_view text) {
        const auto [entry, is_new] = font.texts.try_emplace(std::string(text));
        if (is_new) {
            entry->second = render_text(font, text);
            kept_bytes_ += text.size() + entry->second.coverage.size() + kEntryBytes;
        }
        return entry->second;
    }

    std::string family_;
    FontMap map_;
    TextContext context_;
    TextLayout layout_;
    std::map<std::pair<std::string, double>, OpenFont> fonts_;
    std::size_t kept_bytes_ = 0;
};

Canvas::Canvas(std::string font_family) : fonts_(std::make_unique<Fonts>(std::move(font_family))) {}
Canvas::~Canvas() = default;

TextSize Canvas::measure(std::string_view text, const Font& font) {
    Fonts::OpenFont& open = fonts_->open(font);
    return {.width_px = fonts_->width(open, text),
            .ascent_px = open.ascent,
            .descent_px = open.descent};
}

void Canvas::draw(const TextRun& run, Raster& raster) {
    fonts_->draw(fonts_->open(run.font), run.text, run, raster);
}

void Canvas::draw(const Polyline& line, Raster& raster) {
    const PixelBox box = bounds(line.points, line.width_px * 5 + 1, raster.clip());
    const int levels = line.smooth ? kShapeLevels : 1;
    const Mask mask = painted_mask(box, levels, [&](cairo_t* cairo) {
        const auto& dashes = line.dashes.on_off_px;
        if (has_few_dashes(line)) {
            cairo_set_dash(cairo, dashes.data(), static_cast<int>(dashes.size()),
                           line.dashes.offset_px);
        }
        cairo_set_line_width(cairo, line.width_px);
        cairo_set_miter_limit(cairo, kMiterLimit);
        trace(cairo, line.points);
        cairo_stroke(cairo);
    });
    if (!mask.coverage.empty()) raster.fill(mask, 0, 0, line.color);
}

void Canvas::draw(const FilledPolygon& polygon, Raster& raster) {
    const PixelBox box = bounds(polygon.points, 1, raster.clip());
    const int levels = polygon.smooth ? kShapeLevels : 1;
    const Mask mask = painted_mask(box, levels, [&](cairo_t* cairo) {
        trace(cairo, polygon.points);
        cairo_fill(cairo);
    });
    if (mask.coverage.empty()) return;
    polygon.gradient.columns.empty() ? raster.fill(mask, 0, 0, polygon.color)
                                     : raster.fill(mask, polygon.gradient);
}

namespace {

// Sends each primitive to the raster, or to the canvas where fonts or smooth edges are needed.
struct Painter {
    Raster& raster;
    Canvas& canvas;

    void operator()(const FilledBox& box) const { raster.fill(box); }
    void operator()(const FilledBoxes& boxes) const { raster.fill(boxes); }
    void operator()(const ColumnArea& area) const { raster.fill(area); }
    void operator()(const GridLine& line) const { raster.fill(line); }
    void operator()(const Polyline& line) const { canvas.draw(line, raster); }
    void operator()(const FilledPolygon& polygon) const { canvas.draw(polygon, raster); }
    void operator()(const TextRun& run) const { canvas.draw(run, raster); }
    void operator()(const Clip& clip) const { raster.set_clip(clip.box); }
};

}  // namespace

void draw(const DisplayList& list, Canvas& canvas, Raster& raster) {
    for (const Primitive& primitive : list) std::visit(Painter{raster, canvas}, primitive);
}

}  // namespace kurabe::render
