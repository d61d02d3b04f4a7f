// One function per option, found through one table; how arguments are cut into options and values
// stands at the end.
#include "render/graph_options.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "render/graph_parser.hpp"
#include "render/grid_options.hpp"
#include "render/image_info.hpp"
#include "render/numbers.hpp"
#include "render/parse_variables.hpp"
#include "render/renderer.hpp"
#include "store/at_time.hpp"
#include "store/range_check.hpp"

namespace kurabe::render {

namespace {

constexpr int kPlotSizeMin_px = 10;
constexpr double kFontSizeMax_pt = 200;
constexpr std::int64_t kStepMax = 100L * 366 * 86400;

using Applied = Result<void>;

// What the options say so far; times are understood when both ends are known.
struct OptionState {
    GraphOptions options;
    std::string start = "end-24h";
    std::string end = "now";
    const store::TimeZone& zone;
};

struct Option {
    std::string_view name;
    char letter;  // 0 = none
    bool takes_value;
    Applied (*apply)(OptionState&, const std::string& value);
};

std::unexpected<Error> invalid(std::string message) {
    return fail(ErrorCode::kInvalid, std::move(message));
}

// ---- Kinds of values ----

Applied set_text(std::string& target, std::string_view name, const std::string& value) {
    if (value.size() > kTextBytesMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("option --{} is limited to {} bytes", name, kTextBytesMax));
    }
    target = value;
    return {};
}

Applied set_integer(int& target, std::string_view name, const std::string& value, int min,
                    int max) {
    const auto number = parse_integer(value);
    if (!number || *number < min || *number > max) {
        return invalid(
            fmt::format("option --{} - Cannot use '{}'; a whole number from {} to {} "
                        "is needed",
                        name, value, min, max));
    }
    target = static_cast<int>(*number);
    return {};
}

Applied set_limit(std::optional<double>& target, std::string_view name, const std::string& value) {
    const auto number = parse_real(value);
    if (!number) {
        return invalid(fmt::format("option --{} - Cannot convert '{}' to float", name, value));
    }
    target = *number;
    return {};
}

Applied set_plot_size(int& target, std::string_view name, const std::string& value, int max) {
    const auto size = parse_integer(value);
    if (!size || *size < kPlotSizeMin_px) {
        return invalid(fmt::format("{} below {} pixels", name, kPlotSizeMin_px));
    }
    if (*size > max) {
        return fail(ErrorCode::kLimit, fmt::format("{} above {} pixels", name, max));
    }
    target = static_cast<int>(*size);
    return {};
}

// An option that is understood and changes nothing here.
Applied ignore(OptionState&, const std::string&) {
    return {};
}

Applied unsupported(OptionState&, const std::string&) {
    return fail(ErrorCode::kUnsupported, "this option of rrdtool graph is not supported");
}

// ---- Options with more than a number ----

Applied set_step(OptionState& state, const std::string& value) {
    const auto seconds = parse_integer(value);
    if (!seconds || *seconds < 0 || *seconds > kStepMax) {
        return invalid(fmt::format("option --step - Cannot use '{}'; seconds are needed", value));
    }
    state.options.step = Seconds{*seconds};
    return {};
}

Applied set_base(OptionState& state, const std::string& value) {
    if (value != "1000" && value != "1024") {
        return invalid("the only sensible value for base apart from 1000 is 1024");
    }
    state.options.base = value == "1024" ? 1024 : 1000;
    return {};
}

Applied set_units_exponent(OptionState& state, const std::string& value) {
    int exponent = 0;
    const auto done = set_integer(exponent, "units-exponent", value, -24, 24);
    if (done) {
        state.options.units_exponent = exponent;
    }
    return done;
}

Applied set_color(OptionState& state, const std::string& value) {
    struct Tag {
        std::string_view name;
        ColorTag tag;
    };
    constexpr std::array kTags = {
        Tag{"BACK", ColorTag::kBack},     Tag{"CANVAS", ColorTag::kCanvas},
        Tag{"SHADEA", ColorTag::kShadeA}, Tag{"SHADEB", ColorTag::kShadeB},
        Tag{"GRID", ColorTag::kGrid},     Tag{"MGRID", ColorTag::kMajorGrid},
        Tag{"FONT", ColorTag::kFont},     Tag{"AXIS", ColorTag::kAxis},
        Tag{"FRAME", ColorTag::kFrame},   Tag{"ARROW", ColorTag::kArrow}};
    static_assert(kTags.size() == kColorTagCount);
    const std::size_t hash = value.find('#');
    if (hash == std::string::npos) {
        return invalid("invalid color def format");
    }
    const std::string_view name = std::string_view(value).substr(0, hash);
    const auto found = std::ranges::find(kTags, name, &Tag::name);
    if (found == kTags.end()) {
        return invalid(fmt::format("invalid color name '{}'", name));
    }
    const auto color = parse_color(std::string_view(value).substr(hash + 1));
    if (!color) {
        return std::unexpected(color.error());
    }
    state.options.colors[static_cast<std::size_t>(found->tag)] = *color;
    return {};
}

// TAG:size[:family]; size 0 and an empty family keep what was set before.
Applied set_font(OptionState& state, const std::string& value) {
    constexpr std::array<std::string_view, kFontTagCount> kTags = {"TITLE", "AXIS", "UNIT",
                                                                   "LEGEND", "WATERMARK"};
    const std::string_view text = value;
    const std::size_t name_end = text.find(':');
    if (name_end == std::string_view::npos) {
        return invalid("invalid text property format");
    }
    const std::size_t size_end = std::min(text.find(':', name_end + 1), text.size());
    const std::string_view name = text.substr(0, name_end);
    const auto size = parse_real(text.substr(name_end + 1, size_end - name_end - 1));
    if (!size || *size < 0 || *size > kFontSizeMax_pt) {
        return invalid("invalid text property format");
    }
    const auto found = std::ranges::find(kTags, name);
    if (found == kTags.end() && name != "DEFAULT") {
        return invalid(fmt::format("invalid fonttag '{}'", name));
    }
    const std::string_view family =
        size_end < text.size() ? text.substr(size_end + 1) : std::string_view();
    for (std::size_t i = 0; i < kFontTagCount; ++i) {
        if (found != kTags.end() && *found != kTags[i]) {
            continue;
        }
        Font& font = state.options.fonts[i];
        font.size_pt = *size > 0 ? *size : font.size_pt;
        font.family = family.empty() ? font.family : std::string(family);
    }
    return {};
}

Applied set_x_grid(OptionState& state, const std::string& value) {
    state.options.no_x_grid = value == "none";
    state.options.x_grid.reset();
    if (state.options.no_x_grid) {
        return {};
    }
    const auto grid = parse_x_grid(value, state.zone);
    if (!grid) {
        return std::unexpected(grid.error());
    }
    state.options.x_grid = *grid;
    return {};
}

Applied set_y_grid(OptionState& state, const std::string& value) {
    state.options.no_y_grid = value == "none";
    state.options.y_grid.reset();
    if (state.options.no_y_grid) {
        return {};
    }
    const auto grid = parse_y_grid(value);
    if (!grid) {
        return std::unexpected(grid.error());
    }
    state.options.y_grid = *grid;
    return {};
}

Applied set_format(OptionState& state, const std::string& value) {
    constexpr std::array<std::string_view, 8> kFormats = {"PNG", "XML", "XMLENUM", "CSV",
                                                          "TSV", "SSV", "JSON",    "JSONTIME"};
    constexpr std::array<std::string_view, 3> kOthers = {"SVG", "EPS", "PDF"};
    const auto found = std::ranges::find(kFormats, value);
    if (found != kFormats.end()) {
        state.options.format = static_cast<ImageFormat>(found - kFormats.begin());
        return {};
    }
    if (std::ranges::find(kOthers, value) != kOthers.end()) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("graphics format '{}' is not supported; PNG is", value));
    }
    return invalid(fmt::format("unsupported graphics format '{}'", value));
}

Applied set_image_info(OptionState& state, const std::string& value) {
    if (auto checked = check_image_info(value); !checked) {
        return checked;
    }
    return set_text(state.options.image_info.emplace(), "imginfo", value);
}

Applied check_render_mode(std::string_view kind, const std::string& value, bool light_too) {
    if (value != "normal" && value != "mono" && !(light_too && value == "light")) {
        return invalid(fmt::format("unknown {}-render-mode '{}'", kind, value));
    }
    return {};
}

// ---- The table ----

// The same text, marked as that of an option that takes a value or none.
constexpr bool kValue = true;
constexpr bool kFlag = false;

constexpr std::array kOptions = {
    Option{"start", 's', kValue,
           [](OptionState& s, const std::string& v) { return set_text(s.start, "start", v); }},
    Option{"end", 'e', kValue,
           [](OptionState& s, const std::string& v) { return set_text(s.end, "end", v); }},
    Option{"step", 'S', kValue, set_step},
    Option{"width", 'w', kValue,
           [](OptionState& s, const std::string& v) {
               return set_plot_size(s.options.width_px, "width", v, kPlotWidthMax_px);
           }},
    Option{"height", 'h', kValue,
           [](OptionState& s, const std::string& v) {
               return set_plot_size(s.options.height_px, "height", v, kPlotHeightMax_px);
           }},
    Option{"only-graph", 'j', kFlag,
           [](OptionState& s, const std::string&) -> Applied {
               s.options.only_graph = true;
               return {};
           }},
    Option{"title", 't', kValue,
           [](OptionState& s, const std::string& v) {
               return set_text(s.options.title, "title", v);
           }},
    Option{"vertical-label", 'v', kValue,
           [](OptionState& s, const std::string& v) {
               return set_text(s.options.vertical_label, "vertical-label", v);
           }},
    Option{"watermark", 'W', kValue,
           [](OptionState& s, const std::string& v) {
               return set_text(s.options.watermark, "watermark", v);
           }},
    Option{"lower-limit", 'l', kValue,
           [](OptionState& s, const std::string& v) {
               return set_limit(s.options.lower_limit, "lower-limit", v);
           }},
    Option{"upper-limit", 'u', kValue,
           [](OptionState& s, const std::string& v) {
               return set_limit(s.options.upper_limit, "upper-limit", v);
           }},
    Option{"rigid", 'r', kFlag,
           [](OptionState& s, const std::string&) -> Applied {
               s.options.rigid = true;
               return {};
           }},
    Option{"alt-autoscale", 'A', kFlag,
           [](OptionState& s, const std::string&) -> Applied {
               s.options.alt_autoscale = true;
               return {};
           }},
    Option{"base", 'b', kValue, set_base},
    Option{"units-exponent", 'X', kValue, set_units_exponent},
    Option{"units-length", 'L', kValue,
           [](OptionState& s, const std::string& v) {
               return set_integer(s.options.units_length, "units-length", v, 0, 100);
           }},
    Option{"x-grid", 'x', kValue, set_x_grid},
    Option{"y-grid", 'y', kValue, set_y_grid},
    Option{"alt-y-grid", 'Y', kFlag,
           [](OptionState& s, const std::string&) -> Applied {
               s.options.alt_y_grid = true;
               return {};
           }},
    Option{"no-minor", 'I', kFlag,
           [](OptionState& s, const std::string&) -> Applied {
               s.options.no_minor = true;
               return {};
           }},
    Option{"slope-mode", 'E', kFlag,
           [](OptionState& s, const std::string&) -> Applied {
               s.options.slope_mode = true;
               return {};
           }},
    Option{"no-legend", 'g', kFlag,
           [](OptionState& s, const std::string&) -> Applied {
               s.options.no_legend = true;
               return {};
           }},
    Option{"use-nan-for-all-missing-data", 'Z', kFlag,
           [](OptionState& s, const std::string&) -> Applied {
               s.options.missing_as_unknown = true;
               return {};
           }},
    Option{"border", 0, kValue,
           [](OptionState& s, const std::string& v) {
               return set_integer(s.options.border_px, "border", v, 0, 100);
           }},
    Option{"tabwidth", 'T', kValue,
           [](OptionState& s, const std::string& v) {
               return set_integer(s.options.tab_width_px, "tabwidth", v, 1, 1000);
           }},
    Option{"color", 'c', kValue, set_color},
    Option{"font", 'n', kValue, set_font},
    Option{"imgformat", 'a', kValue, set_format},
    Option{"font-render-mode", 'R', kValue,
           [](OptionState&, const std::string& v) { return check_render_mode("font", v, true); }},
    Option{"graph-render-mode", 'G', kValue,
           [](OptionState&, const std::string& v) { return check_render_mode("graph", v, false); }},
    // Our pictures never carry the tag, but are as wide as if they did.
    Option{"disable-rrdtool-tag", 0, kFlag,
           [](OptionState& s, const std::string&) {
               s.options.tag_margin = false;
               return Applied{};
           }},
    // They smooth every font, and are always whole files.
    Option{"font-smoothing-threshold", 'B', kValue, ignore},
    Option{"interlaced", 'i', kFlag, ignore},
    Option{"alt-y-mrtg", 0, kFlag, ignore},
    Option{"full-size-mode", 'D', kFlag, unsupported},
    Option{"right-axis", 0, kValue, unsupported},
    Option{"right-axis-label", 0, kValue, unsupported},
    Option{"right-axis-format", 0, kValue, unsupported},
    Option{"right-axis-formatter", 0, kValue, unsupported},
    Option{"left-axis-format", 0, kValue, unsupported},
    Option{"left-axis-formatter", 0, kValue, unsupported},
    Option{"allow-shrink", 0, kFlag, unsupported},
    Option{"alt-autoscale-min", 'J', kFlag, unsupported},
    Option{"alt-autoscale-max", 'M', kFlag, unsupported},
    Option{"no-gridfit", 'N', kFlag, unsupported},
    Option{"week-fmt", 0, kValue, unsupported},
    Option{"logarithmic", 'o', kFlag, unsupported},
    Option{"units", 0, kValue, unsupported},
    Option{"lazy", 'z', kFlag,
           [](OptionState& s, const std::string&) -> Applied {
               s.options.lazy = true;
               return {};
           }},
    Option{"imginfo", 'f', kValue, set_image_info},
    Option{"daemon", 'd', kValue,
           [](OptionState& s, const std::string& v) -> Applied {
               s.options.daemon = v;
               return {};
           }},
    Option{"grid-dash", 0, kValue, unsupported},
    Option{"dynamic-labels", 0, kFlag, unsupported},
    Option{"zoom", 'm', kValue, unsupported},
    Option{"pango-markup", 'P', kFlag, unsupported},
    Option{"force-rules-legend", 'F', kFlag, unsupported},
    Option{"legend-position", 0, kValue, unsupported},
    Option{"legend-direction", 0, kValue, unsupported},
};

// ---- Cutting arguments ----

class ArgumentReader {
  public:
    ArgumentReader(std::span<const std::string> arguments, OptionState& state)
        : arguments_(arguments), state_(state) {}

    Result<std::vector<std::string>> read() {
        while (next_ < arguments_.size()) {
            const std::string& argument = arguments_[next_++];
            if (argument == "--") {
                elements_.insert(elements_.end(),
                                 arguments_.begin() + static_cast<std::ptrdiff_t>(next_),
                                 arguments_.end());
                break;
            }
            const auto done = argument.starts_with("--")                  ? read_long(argument)
                              : argument.size() > 1 && argument[0] == '-' ? read_letters(argument)
                                                                          : take_element(argument);
            if (!done) {
                return std::unexpected(done.error());
            }
        }
        return std::move(elements_);
    }

  private:
    Applied take_element(const std::string& argument) {
        elements_.push_back(argument);
        return {};
    }

    Applied read_long(const std::string& argument) {
        const std::size_t equals = std::min(argument.find('='), argument.size());
        const std::string name = argument.substr(2, equals - 2);
        const auto option = std::ranges::find(kOptions, name, &Option::name);
        if (option == kOptions.end()) {
            return invalid(fmt::format("invalid option -- '{}'", argument.substr(2)));
        }
        if (equals == argument.size()) {
            return apply(*option, name);
        }
        if (!option->takes_value) {
            return invalid(fmt::format("option takes no arguments -- '{}'", name));
        }
        return call(*option, name, argument.substr(equals + 1));
    }

    // "-gEw400": flags, and at most one option with a value, which is the rest.
    Applied read_letters(const std::string& argument) {
        for (std::size_t i = 1; i < argument.size(); ++i) {
            const auto option = std::ranges::find(kOptions, argument[i], &Option::letter);
            const std::string name(1, argument[i]);
            if (option == kOptions.end() || argument[i] == 0) {
                return invalid(fmt::format("invalid option -- '{}'", name));
            }
            if (option->takes_value && i + 1 < argument.size()) {
                return call(*option, name, argument.substr(i + 1));
            }
            if (const auto done = apply(*option, name); !done) {
                return done;
            }
        }
        return {};
    }

    Applied apply(const Option& option, std::string_view name) {
        if (!option.takes_value) {
            return call(option, name, {});
        }
        if (next_ == arguments_.size()) {
            return invalid(fmt::format("option requires an argument -- '{}'", name));
        }
        return call(option, name, arguments_[next_++]);
    }

    Applied call(const Option& option, std::string_view name, const std::string& value) {
        auto done = option.apply(state_, value);
        if (!done && done.error().code == ErrorCode::kUnsupported && option.apply == unsupported) {
            done.error().message += fmt::format(" -- '{}'", name);
        }
        return done;
    }

    std::span<const std::string> arguments_;
    OptionState& state_;
    std::size_t next_ = 0;
    std::vector<std::string> elements_;
};

}  // namespace

Result<SplitArguments> parse_options(std::span<const std::string> arguments, store::Time now,
                                     const store::TimeZone& zone) {
    OptionState state{.options = {}, .zone = zone};
    state.options.colors = rrdtool_colors();
    state.options.fonts = rrdtool_fonts();
    auto elements = ArgumentReader(arguments, state).read();
    if (!elements) {
        return std::unexpected(elements.error());
    }
    const auto range = store::parse_time_range(state.start, state.end, now, zone);
    if (!range) {
        return std::unexpected(range.error());
    }
    if (auto checked = store::check_range(*range); !checked) {
        return std::unexpected(checked.error());
    }
    state.options.start = range->start;
    state.options.end = range->end;
    return SplitArguments{std::move(state.options), std::move(*elements)};
}

}  // namespace kurabe::render
