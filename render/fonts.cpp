// Pango lays texts out, over fonts that fontconfig finds.
#include "render/fonts.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include "render/cairo_handles.hpp"

namespace kurabe::render {

namespace {

inline constexpr double kPixelsPerPoint = 100.0 / 72.0;
inline constexpr double kSizeMin_pt = 0.1;
inline constexpr double kSizeMax_pt = 4000;

// Fonts of the system's folders, without the rules of its user.
inline constexpr const char* kFontSetup = R"(<?xml version="1.0"?><fontconfig>
<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir>
<cachedir>/var/cache/fontconfig</cachedir>
</fontconfig>)";
// Where letters come from that the chosen family lacks, in this order; then any font that has them.
inline constexpr const char* kFallbackFamilies =
    "DejaVu Sans Mono,Noto Sans Mono CJK JP,Noto Sans CJK JP,IPAGothic,VL Gothic,"
    "Noto Color Emoji,DejaVu Sans,monospace";

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

TextContext make_text_context(PangoFontMap* map, LetterShape shape) {
    TextContext context(pango_font_map_create_context(map));
    const FontOptions options(cairo_font_options_create());
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options.get(), shape == LetterShape::kHinted
                                                         ? CAIRO_HINT_STYLE_SLIGHT
                                                         : CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_ON);
    pango_cairo_context_set_font_options(context.get(), options.get());
    pango_context_set_language(context.get(), pango_language_from_string("en"));
    pango_context_set_base_dir(context.get(), PANGO_DIRECTION_LTR);
    return context;
}

// What a map needs for an entry besides its text.
inline constexpr std::size_t kEntryBytes = 128;

}  // namespace

bool is_printable_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

struct Fonts::OpenFont {
    FontDescription description;
    FontMetrics metrics;
    std::unordered_map<std::string, int> widths;
};

struct Fonts::Parts {
    Parts(std::string of_fonts, LetterShape shape)
        : family(std::move(of_fonts)),
          map(make_font_map()),
          context(make_text_context(map.get(), shape)),
          layout(pango_layout_new(context.get())) {
        pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
    }

    void set_text(const OpenFont& font, std::string_view text) const {
        const Utf8 valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
        pango_layout_set_font_description(layout.get(), font.description.get());
        pango_layout_set_text(layout.get(), valid.get(), -1);
    }

    [[nodiscard]] int logical_width() const {
        PangoRectangle logical;
        pango_layout_get_extents(layout.get(), nullptr, &logical);
        return PANGO_PIXELS_CEIL(logical.width);
    }

    [[nodiscard]] int baseline() const {
        return PANGO_PIXELS(pango_layout_get_baseline(layout.get()));
    }

    [[nodiscard]] FontMetrics metrics_of(const OpenFont& font) const {
        FontMetrics metrics;
        set_text(font, "0");
        int height = 0;
        pango_layout_get_pixel_size(layout.get(), nullptr, &height);
        metrics.ascent_px = baseline();
        metrics.descent_px = height - metrics.ascent_px;
        const int narrow = logical_width();
        set_text(font, "iiiiWWWW..--");
        if (logical_width() == 12 * narrow) metrics.fixed_advance_px = narrow;
        return metrics;
    }

    // Pango's own memory of fonts grows with every size that was asked for.
    void drop_all() {
        fonts.clear();
        pango_fc_font_map_cache_clear(PANGO_FC_FONT_MAP(map.get()));
        width_bytes = 0;
    }

    std::string family;
    FontMap map;
    TextContext context;
    TextLayout layout;
    std::map<std::pair<std::string, double>, OpenFont> fonts;
    std::size_t width_bytes = 0;
};

Fonts::Fonts(std::string family, LetterShape shape)
    : parts_(std::make_unique<Parts>(std::move(family), shape)) {}
Fonts::~Fonts() = default;

// Valid until the next call.
Fonts::OpenFont& Fonts::open(const Font& font) {
    if (parts_->width_bytes > kWidthBytesMax) parts_->drop_all();
    const double size_pt = std::clamp(font.size_pt, kSizeMin_pt, kSizeMax_pt);
    const auto key = std::pair(font.family, size_pt);
    if (const auto found = parts_->fonts.find(key); found != parts_->fonts.end()) {
        return found->second;
    }
    if (parts_->fonts.size() >= kOpenFontsMax) parts_->drop_all();
    OpenFont& opened = parts_->fonts[key];
    const std::string first = font.family.empty() ? "" : font.family + ",";
    const std::string families = first + parts_->family + "," + kFallbackFamilies;
    opened.description.reset(pango_font_description_new());
    pango_font_description_set_family(opened.description.get(), families.c_str());
    pango_font_description_set_absolute_size(opened.description.get(),
                                             size_pt * kPixelsPerPoint * PANGO_SCALE);
    opened.metrics = parts_->metrics_of(opened);
    return opened;
}

FontMetrics Fonts::metrics(const Font& font) {
    return open(font).metrics;
}

TextSize Fonts::measure(std::string_view text, const Font& font) {
    OpenFont& opened = open(font);
    const auto sized = [&opened](int width_px) {
        return TextSize{.width_px = width_px,
                        .ascent_px = opened.metrics.ascent_px,
                        .descent_px = opened.metrics.descent_px};
    };
    if (opened.metrics.fixed_advance_px > 0 && is_printable_ascii(text)) {
        return sized(opened.metrics.fixed_advance_px * static_cast<int>(text.size()));
    }
    const auto [entry, is_new] = opened.widths.try_emplace(std::string(text));
    if (is_new) {
        parts_->set_text(opened, text);
        entry->second = parts_->logical_width();
        parts_->width_bytes += text.size() + kEntryBytes;
    }
    return sized(entry->second);
}

PixelBox Fonts::ink(std::string_view text, const Font& font) {
    parts_->set_text(open(font), text);
    PangoRectangle ink;
    pango_layout_get_pixel_extents(parts_->layout.get(), &ink, nullptr);
    const int baseline = parts_->baseline();
    return {.left = ink.x,
            .top = ink.y - baseline,
            .right = ink.x + ink.width,
            .bottom = ink.y - baseline + ink.height};
}

void Fonts::show(std::string_view text, const Font& font, double stretch, cairo_t* cairo) {
    parts_->set_text(open(font), text);
    if (stretch != 1) cairo_scale(cairo, stretch, 1);
    cairo_move_to(cairo, 0, -parts_->baseline());
    pango_cairo_show_layout(cairo, parts_->layout.get());
}

}  // namespace kurabe::render
