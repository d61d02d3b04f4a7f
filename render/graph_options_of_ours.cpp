// What rrdtool does not have: a second range to compare with, marks, bands, given ends of the
// scale, themes and a palette.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "render/compared_times.hpp"
#include "render/element_fields.hpp"
#include "render/graph_option.hpp"
#include "render/graph_parser.hpp"
#include "render/graph_times.hpp"
#include "render/numbers.hpp"
#include "render/themes.hpp"
#include "store/range_check.hpp"

namespace kurabe::render {

namespace {

constexpr std::size_t kMarksMax = 100;
constexpr std::size_t kBandsMax = 100;
constexpr std::size_t kNumberBytesMax = 100;
// Ends of a scale that leave its length, on a logarithmic one its ends' ratio, inside of double's.
constexpr double kClipMin = 1e-150;
constexpr double kClipMax = 1e150;
constexpr Color kMarkColor{0xB0, 0x10, 0x60};
constexpr std::uint8_t kBandAlpha = 0x40;  // of a colour that is given without one
// As far as fetch, graph and xport go.
constexpr std::int64_t kLatestEpoch = 32'503'680'000;  // the year 3000

Applied add_text(std::vector<std::string>& texts, std::string_view name, const std::string& value,
                 std::size_t count_max) {
    if (texts.size() == count_max) {
        return fail(ErrorCode::kLimit,
                    fmt::format("option --{} is limited to {} times", name, count_max));
    }
    return set_text(texts.emplace_back(), name, value);
}

Applied set_alignment(OptionState& state, const std::string& value) {
    if (value != "start" && value != "clock") {
        return invalid_option(
            fmt::format("option --compare-align - '{}' is neither start nor clock", value));
    }
    state.own.alignment =
        value == "clock" ? ComparisonAlignment::kClock : ComparisonAlignment::kStart;
    return {};
}

Applied set_clip(std::optional<double>& end, std::string_view name, const std::string& text) {
    if (text.size() > kNumberBytesMax) {
        return invalid_option(fmt::format("option --{} - too long for a number", name));
    }
    const auto number = parse_real(text);
    if (!number)
        return invalid_option(fmt::format("option --{} - '{}' is not a number", name, text));
    const double size = std::abs(*number);
    if (size != 0 && !(size >= kClipMin && size <= kClipMax)) {
        return invalid_option(
            fmt::format("option --{} - '{}' is neither 0 nor from {} to {} in size", name, text,
                        kClipMin, kClipMax));
    }
    end = *number;
    return {};
}

Applied set_theme(OptionState& state, const std::string& value) {
    const auto theme = parse_theme(value);
    if (!theme) return invalid_option("option --theme - " + theme.error().message);
    state.own.theme = *theme;
    return {};
}

Applied set_palette(OptionState& state, const std::string& value) {
    if (value != "safe" && value != "own") {
        return invalid_option(
            fmt::format("option --palette - '{}' is neither safe nor own", value));
    }
    state.options.safe_palette = value == "safe";
    return {};
}

// Colours and the border as given, else as the theme has them.
void apply_theme(OptionState& state) {
    const ThemeLook look = look_of(state.own.theme);
    GraphOptions& options = state.options;
    options.theme = state.own.theme;
    options.border_px = state.own.border_px.value_or(look.border_px);
    for (std::size_t i = 0; i < kColorTagCount; ++i) {
        options.colors[i] = state.own.colors[i].value_or(look.colors[i]);
    }
}

Applied check_clips(const GraphOptions& options) {
    const std::optional<double>& below = options.clip_below;
    const std::optional<double>& above = options.clip_above;
    if (below && above && *below >= *above) {
        return invalid_option("option --clip-above must be more than --clip-below");
    }
    const bool any_zero = (below && *below <= 0) || (above && *above <= 0);
    if (options.logarithmic && any_zero) {
        return invalid_option(
            "for a logarithmic yaxis --clip-below and --clip-above must be more than 0");
    }
    return {};
}

// ---- Understanding them ----

class OwnOptionReader {
  public:
    OwnOptionReader(OptionState& state, Time now)
        : state_(state),
          zone_(state.options.zone.value_or(state.zone)),
          range_{state.options.start, state.options.end},
          now_(now) {}

    Applied read() {
        if (state_.own.compare) {
            if (state_.own.scale_with) {
                return invalid_option("option --scale-with is not needed with --compare");
            }
            if (auto done = read_comparison("compare", *state_.own.compare); !done) return done;
        } else if (state_.own.alignment) {
            return invalid_option("option --compare-align needs --compare");
        } else if (state_.own.scale_with) {
            // As long as the graph's own, so that the other's scale holds just what this one draws.
            state_.own.alignment = ComparisonAlignment::kStart;
            const auto done = read_comparison("scale-with", *state_.own.scale_with);
            if (!done) return done;
            state_.options.comparison->is_drawn = false;
        }
        for (const std::string& text : state_.own.marks) {
            if (auto done = read_mark(text); !done) return done;
        }
        for (const std::string& text : state_.own.bands) {
            if (auto done = read_band(text); !done) return done;
        }
        return {};
    }

  private:
    Applied read_comparison(std::string_view option, const std::string& text) {
        const auto start = time_of(option, text);
        if (!start) return std::unexpected(start.error());
        const auto end = *start + (range_.end - range_.start);
        if (*start < store::kEarliestStart || end > Time{Seconds{kLatestEpoch}}) {
            return invalid_option(
                fmt::format("option --{} - {} does not begin between 1980 and 3000", option, text));
        }
        if (is_export(state_.options.format)) {
            return invalid_option(
                fmt::format("option --{} is for pictures, not for exported numbers", option));
        }
        state_.options.comparison = Comparison{
            *start, state_.own.alignment.value_or(usual_alignment(range_.start, *start, zone_))};
        return {};
    }

    // The time that fields begin with. Its colons are escaped, but 10:30 is what one writes: then
    // it is the longest of the first fields that is a time. `more` fields belong to what follows.
    Result<Time> take_time(std::string_view option, ElementFields& fields, std::size_t more) {
        std::string text = fields.take().value_or("");
        auto time = time_of(option, text);
        if (text.find(':') != std::string::npos) return time;
        while (fields.size() > more && begins_with_minutes(*fields.begin())) {
            text += ':' + *fields.begin();
            const auto longer = time_of(option, text);
            if (!longer) break;
            time = longer;
            (void)fields.take();
        }
        return time;
    }

    static bool begins_with_minutes(std::string_view text) {
        const auto is_digit = [text](std::size_t i) {
            return i < text.size() && text[i] >= '0' && text[i] <= '9';
        };
        return is_digit(0) && is_digit(1) && !is_digit(2);
    }

    // TIME[:text[#color]]
    Applied read_mark(const std::string& value) {
        auto parts = with_color(value);
        if (!parts) return std::unexpected(parts.error());
        ElementFields fields(parts->text);
        const auto time = take_time("mark", fields, 0);
        if (!time) return std::unexpected(time.error());
        state_.options.marks.push_back(
            {*time, fields.take_rest(), parts->color.value_or(kMarkColor)});
        return {};
    }

    // START:END#color[:text]
    Applied read_band(const std::string& value) {
        const std::size_t hash = value.find('#');
        if (hash == std::string::npos) {
            return invalid_option(fmt::format("option --band - no color in '{}'", value));
        }
        ElementFields times(std::string_view(value).substr(0, hash));
        ElementFields rest(std::string_view(value).substr(hash + 1));
        const auto start = take_time("band", times, 1);
        if (!start) return std::unexpected(start.error());
        if (times.empty()) return not_a_band(value);
        const auto end = take_time("band", times, 0);
        if (!end) return std::unexpected(end.error());
        if (!times.empty()) return not_a_band(value);
        if (*start >= *end) {
            return invalid_option(fmt::format("option --band - '{}' ends before it begins", value));
        }
        const std::string digits = rest.take().value_or("");
        auto color = parse_color(digits);
        if (!color) {
            return invalid_option(
                fmt::format("option --band - {}, not '{}'", color.error().message, digits));
        }
        if (digits.size() % 4 != 0) color->alpha = kBandAlpha;
        state_.options.bands.push_back({*start, *end, rest.take_rest(), *color});
        return {};
    }

    static Applied not_a_band(const std::string& value) {
        return invalid_option(
            fmt::format("option --band - '{}' is not START:END#color[:text], where other colons of "
                        "times are written as '\\:'",
                        value));
    }

    struct TextAndColor {
        std::string text;
        std::optional<Color> color;
    };
    // A '#' that no colour follows belongs to the text: "issue #7".
    static Result<TextAndColor> with_color(const std::string& value) {
        const std::size_t hash = value.rfind('#');
        if (hash == std::string::npos) return TextAndColor{value, {}};
        const auto color = parse_color(std::string_view(value).substr(hash + 1));
        if (!color) return TextAndColor{value, {}};
        return TextAndColor{value.substr(0, hash), *color};
    }

    Result<Time> time_of(std::string_view option, std::string_view text) {
        auto time = parse_graph_time(text, range_, now_, zone_);
        if (!time)
            time.error().message = fmt::format("option --{} - {}", option, time.error().message);
        return time;
    }

    OptionState& state_;
    store::TimeZone zone_;  // of --tz, whatever the order
    store::TimeRange range_;
    Time now_;
};

constexpr std::array kOursOptions = {
    Option{"compare", 0, kValue,
           [](OptionState& s, const std::string& v) {
               return set_text(s.own.compare.emplace(), "compare", v);
           }},
    Option{"compare-align", 0, kValue, set_alignment},
    Option{"scale-with", 0, kValue,
           [](OptionState& s, const std::string& v) {
               return set_text(s.own.scale_with.emplace(), "scale-with", v);
           }},
    Option{"mark", 0, kValue,
           [](OptionState& s, const std::string& v) {
               return add_text(s.own.marks, "mark", v, kMarksMax);
           }},
    Option{"band", 0, kValue,
           [](OptionState& s, const std::string& v) {
               return add_text(s.own.bands, "band", v, kBandsMax);
           }},
    Option{"clip-below", 0, kValue,
           [](OptionState& s, const std::string& v) {
               return set_clip(s.options.clip_below, "clip-below", v);
           }},
    Option{"clip-above", 0, kValue,
           [](OptionState& s, const std::string& v) {
               return set_clip(s.options.clip_above, "clip-above", v);
           }},
    Option{"theme", 0, kValue, set_theme},
    Option{"palette", 0, kValue, set_palette},
};

}  // namespace

std::span<const Option> own_options() {
    return kOursOptions;
}

Applied finish_own_options(OptionState& state, Time now) {
    apply_theme(state);
    if (auto done = check_clips(state.options); !done) return done;
    return OwnOptionReader(state, now).read();
}

}  // namespace kurabe::render
