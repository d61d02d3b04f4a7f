// Pango lays texts out, over fonts that fontconfig finds.
#include "render/fonts.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include "render/cairo_handles.hpp"
#include "render/markup.hpp"

namespace kurabe::render {

namespace {

inline constexpr double kDotsPerInch = 100;
inline constexpr double kPixelsPerPoint = kDotsPerInch / 72;
inline constexpr double kSizeMin_pt = 0.1;
inline constexpr double kSizeMax_pt = 200;

// Fonts of the system's folders, without the rules of its user; what stands for common names whose
// fonts are not installed. The user's cache, for fonts that are newer than the system's,
// is where fontconfig itself finds it: XDG_CACHE_HOME.
inline constexpr const char* kFontSetup = R"(<?xml version="1.0"?><fontconfig>
<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir>
<cachedir>/var/cache/fontconfig</cachedir><cachedir prefix="xdg">fontconfig</cachedir>
<alias binding="same"><family>monospace</family>
    <accept><family>DejaVu Sans Mono</family></accept></alias>
<alias binding="same"><family>Courier</family>
    <accept><family>DejaVu Sans Mono</family></accept></alias>
<alias binding="same"><family>Courier New</family>
    <accept><family>DejaVu Sans Mono</family></accept></alias>
<alias binding="same"><family>serif</family>
    <accept><family>DejaVu Serif</family></accept></alias>
<alias binding="same"><family>Times</family>
    <accept><family>DejaVu Serif</family></accept></alias>
<alias binding="same"><family>Georgia</family>
    <accept><family>DejaVu Serif</family></accept></alias>
<alias binding="same"><family>Times New Roman</family>
    <accept><family>DejaVu Serif</family></accept></alias>
</fontconfig>)";
// Where letters come from that the chosen family lacks, in this order; then any font that has them.
inline constexpr const char* kFallbackFamilies =
    "DejaVu Sans Mono,Noto Sans Mono CJK JP,Noto Sans CJK JP,IPAGothic,VL Gothic,"
    "Noto Color Emoji,DejaVu Sans,monospace";

using FontOptions = Handle<cairo_font_options_t, cairo_font_options_destroy>;
using FontDescription = Handle<PangoFontDescription, pango_font_description_free>;
using TextLayout = Handle<PangoLayout, g_object_unref>;
using Attributes = Handle<PangoAttrList, pango_attr_list_unref>;
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
    pango_cairo_context_set_resolution(context.get(), kDotsPerInch);
    pango_context_set_language(context.get(), pango_language_from_string("en"));
    pango_context_set_base_dir(context.get(), PANGO_DIRECTION_LTR);
    return context;
}

void set_rendering(PangoContext* context, FontRendering rendering, LetterShape shape) {
    const bool mono = rendering == FontRendering::kMono;
    const FontOptions options(cairo_font_options_create());
    cairo_font_options_set_antialias(options.get(),
                                     mono ? CAIRO_ANTIALIAS_NONE : CAIRO_ANTIALIAS_GRAY);
    const cairo_hint_style_t hinted = mono ? CAIRO_HINT_STYLE_FULL : CAIRO_HINT_STYLE_SLIGHT;
    cairo_font_options_set_hint_style(
        options.get(), shape == LetterShape::kOutline ? CAIRO_HINT_STYLE_NONE : hinted);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_ON);
    pango_cairo_context_set_font_options(context, options.get());
}

// What fontconfig's own rules take for a family that is not installed.
inline constexpr const char* kAnyFamily = "DejaVu Sans";

// "DejaVu Sans Bold" with the fallbacks behind it.
FontDescription describe(const Font& font, double size_pt, const std::string& default_family) {
    FontDescription description(pango_font_description_from_string(font.family.c_str()));
    const char* const own = pango_font_description_get_family(description.get());
    const std::string first = own == nullptr || *own == '\0'
                                  ? default_family
                                  : std::string(own) + "," + kAnyFamily + "," + default_family;
    pango_font_description_set_family(description.get(), (first + "," + kFallbackFamilies).c_str());
    pango_font_description_set_absolute_size(description.get(),
                                             size_pt * kPixelsPerPoint * PANGO_SCALE);
    return description;
}

// ---- Markup ----

// As UTF-8 of one line.
Utf8 valid_text(std::string_view text) {
    Utf8 valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
    for (char* c = valid.get(); *c != '\0'; ++c) {
        if (*c == '\n' || *c == '\r') *c = ' ';
    }
    return valid;
}

// Whether there is something in the text that is not shown as it is written.
bool is_markup(std::string_view text) {
    if (text.find_first_of("<&") == std::string_view::npos) return false;
    return pango_parse_markup(valid_text(text).get(), -1, 0, nullptr, nullptr, nullptr, nullptr) !=
           FALSE;
}

template <typename Visit>
void for_each_attribute(PangoAttrList* list, const Visit& visit) {
    GSList* const all = pango_attr_list_get_attributes(list);
    for (GSList* one = all; one != nullptr; one = one->next) {
        visit(*static_cast<PangoAttribute*>(one->data));
    }
    g_slist_free_full(
        all, [](gpointer one) { pango_attribute_destroy(static_cast<PangoAttribute*>(one)); });
}

bool is_moderate(const PangoAttribute& attribute) {
    constexpr int kLengthMax = kMarkupSizeMax_pt * PANGO_SCALE;
    const auto length = [](int value) { return value >= -kLengthMax && value <= kLengthMax; };
    const auto scale = [](double value) { return value >= 0 && value <= kMarkupScaleMax; };
    switch (attribute.klass->type) {
        case PANGO_ATTR_SIZE:
        case PANGO_ATTR_ABSOLUTE_SIZE:
            return length(reinterpret_cast<const PangoAttrSize&>(attribute).size);
        case PANGO_ATTR_FONT_DESC:
            return length(pango_font_description_get_size(
                reinterpret_cast<const PangoAttrFontDesc&>(attribute).desc));
        case PANGO_ATTR_RISE:
        case PANGO_ATTR_LETTER_SPACING:
        case PANGO_ATTR_BASELINE_SHIFT:
        case PANGO_ATTR_ABSOLUTE_LINE_HEIGHT:
            return length(reinterpret_cast<const PangoAttrInt&>(attribute).value);
        case PANGO_ATTR_SCALE:
        case PANGO_ATTR_LINE_HEIGHT:
            return scale(reinterpret_cast<const PangoAttrFloat&>(attribute).value);
        default:
            return true;
    }
}

bool are_moderate(PangoAttrList* list) {
    unsigned count = 0;
    bool moderate = true;
    for_each_attribute(list, [&](const PangoAttribute& attribute) {
        moderate = moderate && is_moderate(attribute) && ++count <= kMarkupAttributesMax;
    });
    return moderate;
}

std::vector<Color> colors_of(PangoAttrList* list) {
    std::vector<Color> colors;
    for_each_attribute(list, [&](const PangoAttribute& attribute) {
        switch (attribute.klass->type) {
            case PANGO_ATTR_FOREGROUND:
            case PANGO_ATTR_BACKGROUND:
            case PANGO_ATTR_UNDERLINE_COLOR:
            case PANGO_ATTR_OVERLINE_COLOR:
            case PANGO_ATTR_STRIKETHROUGH_COLOR: {
                const auto byte = [](guint16 value) {
                    return static_cast<std::uint8_t>(value >> 8);
                };
                const PangoColor& color = reinterpret_cast<const PangoAttrColor&>(attribute).color;
                colors.push_back({byte(color.red), byte(color.green), byte(color.blue), 255});
                break;
            }
            default:
                break;
        }
    });
    return colors;
}

// What a map needs for an entry besides its text.
inline constexpr std::size_t kLayoutEntryBytes = 128;
// The same of markup, with fonts that Pango keeps for it.
inline constexpr std::size_t kMarkupBytes = 4096;

}  // namespace

bool is_set_by_letter(std::string_view text, const Font& font) {
    return !font.has_markup &&
           std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

struct Fonts::OpenFont {
    FontDescription description;
    FontRendering rendering = FontRendering::kNormal;
    bool has_markup = false;
    FontMetrics metrics;
    std::unordered_map<std::string, TextSize> sizes;
};

using FontKey = std::tuple<std::string, double, bool, FontRendering>;

struct Fonts::Parts {
    Parts(std::string of_fonts, LetterShape of_letters)
        : family(std::move(of_fonts)),
          shape(of_letters),
          map(make_font_map()),
          context(make_text_context(map.get())),
          layout(pango_layout_new(context.get())) {
        set_rendering(context.get(), rendering, shape);
        pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
    }

    void set_text(const OpenFont& font, std::string_view text) {
        const Utf8 valid = valid_text(text);
        if (font.rendering != rendering) {
            rendering = font.rendering;
            set_rendering(context.get(), rendering, shape);
            pango_layout_context_changed(layout.get());
        }
        pango_layout_set_font_description(layout.get(), font.description.get());
        if (font.has_markup && set_markup(valid.get())) return;
        pango_layout_set_attributes(layout.get(), nullptr);
        pango_layout_set_text(layout.get(), valid.get(), -1);
    }

    // Whether that is markup within the limits.
    bool set_markup(const char* text) const {
        PangoAttrList* parsed = nullptr;
        char* content = nullptr;
        if (!pango_parse_markup(text, -1, 0, &parsed, &content, nullptr, nullptr)) return false;
        const Attributes attributes(parsed);
        const Utf8 plain(content);
        if (!are_moderate(attributes.get())) return false;
        pango_layout_set_text(layout.get(), plain.get(), -1);
        pango_layout_set_attributes(layout.get(), attributes.get());
        PangoRectangle ink;
        PangoRectangle logical;
        pango_layout_get_pixel_extents(layout.get(), &ink, &logical);
        return std::max(ink.width, logical.width) <= kMarkupWidthMax_px &&
               std::max(ink.height, logical.height) <= kMarkupHeightMax_px;
    }

    [[nodiscard]] int logical_width() const {
        PangoRectangle logical;
        pango_layout_get_extents(layout.get(), nullptr, &logical);
        return PANGO_PIXELS_CEIL(logical.width);
    }

    [[nodiscard]] int baseline() const {
        return PANGO_PIXELS(pango_layout_get_baseline(layout.get()));
    }

    [[nodiscard]] int height() const {
        int height = 0;
        pango_layout_get_pixel_size(layout.get(), nullptr, &height);
        return height;
    }

    [[nodiscard]] FontMetrics metrics_of(const OpenFont& font) {
        FontMetrics metrics;
        set_text(font, "0");
        metrics.ascent_px = baseline();
        metrics.descent_px = height() - metrics.ascent_px;
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
    LetterShape shape;
    FontMap map;
    TextContext context;
    TextLayout layout;
    FontRendering rendering = FontRendering::kNormal;  // the context's
    std::map<FontKey, OpenFont> fonts;
    std::size_t width_bytes = 0;
    std::set<std::string> styles;  // of the picture's markup
};

Fonts::Fonts(std::string family, LetterShape shape)
    : parts_(std::make_unique<Parts>(std::move(family), shape)) {}
Fonts::~Fonts() = default;

// Valid until the next call.
Fonts::OpenFont& Fonts::open(const Font& font) {
    if (parts_->width_bytes > kWidthBytesMax) parts_->drop_all();
    const double size_pt = std::clamp(font.size_pt, kSizeMin_pt, kSizeMax_pt);
    const FontKey key(font.family, size_pt, font.has_markup, font.rendering);
    if (const auto found = parts_->fonts.find(key); found != parts_->fonts.end()) {
        return found->second;
    }
    if (parts_->fonts.size() >= kOpenFontsMax) parts_->drop_all();
    OpenFont& opened = parts_->fonts[key];
    opened.description = describe(font, size_pt, parts_->family);
    opened.rendering = font.rendering;
    opened.has_markup = font.has_markup;
    opened.metrics = parts_->metrics_of(opened);
    return opened;
}

void Fonts::begin_picture() {
    parts_->styles.clear();
}

Font Fonts::setting_of(std::string_view text, const Font& font) {
    Font setting = font;
    if (!font.has_markup) return setting;
    setting.has_markup = is_markup(text);
    if (!setting.has_markup) return setting;
    std::set<std::string> styles = styles_of_markup(text);
    styles.insert(parts_->styles.begin(), parts_->styles.end());
    if (styles.size() > kMarkupStylesMax) {
        setting.has_markup = false;
    } else {
        parts_->styles = std::move(styles);
    }
    return setting;
}

FontMetrics Fonts::metrics(const Font& font) {
    return open(font).metrics;
}

// Plain texts are as high as their font; markup may hold others.
TextSize Fonts::measure(std::string_view text, const Font& wanted) {
    const Font font = setting_of(text, wanted);
    OpenFont& opened = open(font);
    TextSize size{.width_px = 0,
                  .ascent_px = opened.metrics.ascent_px,
                  .descent_px = opened.metrics.descent_px};
    if (opened.metrics.fixed_advance_px > 0 && is_set_by_letter(text, font)) {
        size.width_px = opened.metrics.fixed_advance_px * static_cast<int>(text.size());
        return size;
    }
    const auto [entry, is_new] = opened.sizes.try_emplace(std::string(text), size);
    if (is_new) {
        parts_->set_text(opened, text);
        entry->second.width_px = parts_->logical_width();
        if (font.has_markup) {
            entry->second.ascent_px = parts_->baseline();
            entry->second.descent_px = parts_->height() - parts_->baseline();
        }
        parts_->width_bytes += text.size() + (font.has_markup ? kMarkupBytes : kLayoutEntryBytes);
    }
    return entry->second;
}

std::vector<Color> Fonts::colors(std::string_view text, const Font& font) {
    parts_->set_text(open(setting_of(text, font)), text);
    PangoAttrList* const attributes = pango_layout_get_attributes(parts_->layout.get());
    return attributes == nullptr ? std::vector<Color>{} : colors_of(attributes);
}

PixelBox Fonts::ink(std::string_view text, const Font& font) {
    parts_->set_text(open(setting_of(text, font)), text);
    PangoRectangle ink;
    pango_layout_get_pixel_extents(parts_->layout.get(), &ink, nullptr);
    const int baseline = parts_->baseline();
    return {.left = ink.x,
            .top = ink.y - baseline,
            .right = ink.x + ink.width,
            .bottom = ink.y - baseline + ink.height};
}

void Fonts::show(std::string_view text, const Font& font, double scale, cairo_t* cairo) {
    if (scale != 1) cairo_scale(cairo, scale, scale);
    parts_->set_text(open(setting_of(text, font)), text);
    cairo_move_to(cairo, 0, -parts_->baseline());
    pango_cairo_show_layout(cairo, parts_->layout.get());
}

}  // namespace kurabe::render
