// Reads them, and puts ranges that move on the grid of the picture's pixels.
#include "server/graph_request.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "render/graph_options.hpp"
#include "server/page_parts.hpp"

namespace kurabe::server {
namespace {

constexpr int kDefaultWidth_px = 460;
constexpr int kDefaultTotalHeight_px = 200;
constexpr int kNotGiven = -1;
constexpr int kScaleMax = 4;
constexpr std::size_t kMarksMax = 50;

constexpr std::array kFormats{
    GraphFormat{"png", render::ImageFormat::kPng, "image/png"},
    GraphFormat{"svg", render::ImageFormat::kSvg, "image/svg+xml"},
    GraphFormat{"pdf", render::ImageFormat::kPdf, "application/pdf"},
    GraphFormat{"eps", render::ImageFormat::kEps, "application/postscript"},
    GraphFormat{"csv", render::ImageFormat::kCsv, "text/csv; charset=utf-8", false},
    GraphFormat{"json", render::ImageFormat::kJson, "application/json", false},
};
constexpr GraphFormat kLayout{"json", render::ImageFormat::kLayout, "application/json", false};

// What is newer may still change: samples of a host that was cut off come up to two days late.
constexpr store::Seconds kSettledAfter{3 * 86400};
// A pixel of less time than that is drawn no more often: no rows are that short.
constexpr store::Seconds kFreshMin{10};
// In a pixel of more time than that the newest value is still wanted.
constexpr store::Seconds kFreshMax{300};

bool read_legend(Parameters& parameters) {
    const std::string_view legend = parameters.text("legend");
    const bool is_off = legend == "off" || legend == "0";
    if (!legend.empty() && !is_off && legend != "on" && legend != "1") {
        parameters.reject("legend", "is not on, off, 1 or 0");
    }
    return !is_off;
}

bool read_is_total(Parameters& parameters) {
    const std::string_view size = parameters.text("size");
    if (!size.empty() && size != "plot" && size != "total") {
        parameters.reject("size", "is not plot or total");
    }
    return size == "total";
}

GraphShape read_shape(Parameters& parameters) {
    GraphShape shape;
    shape.is_total = read_is_total(parameters);
    shape.width_px = parameters.integer("width", kDefaultWidth_px, 1, render::kPlotWidthMax_px);
    shape.height_px =
        parameters.integer("height", shape.is_total ? kDefaultTotalHeight_px : kPlotHeight_px, 1,
                           render::kPlotHeightMax_px);
    shape.has_legend = read_legend(parameters);
    const int height = parameters.integer("legend_height", kNotGiven, 0, render::kPlotHeightMax_px);
    if (height != kNotGiven) shape.legend_height_px = height;
    shape.compares = !parameters.text("compare").empty();
    return shape;
}

// Options of the graph language that a request may give, by their parameters' names.
struct OptionParameter {
    std::string_view name;
    const char* option;
    std::size_t count_max;
};
constexpr std::array kOptionParameters{
    OptionParameter{"compare", "--compare", 1},
    OptionParameter{"compare_align", "--compare-align", 1},
    OptionParameter{"scale_with", "--scale-with", 1},
    OptionParameter{"lower", "--clip-below", 1},
    OptionParameter{"upper", "--clip-above", 1},
    OptionParameter{"mark", "--mark", kMarksMax},
    OptionParameter{"band", "--band", kMarksMax},
    OptionParameter{"theme", "--theme", 1},
    OptionParameter{"palette", "--palette", 1},
};

// Behind the configuration's theme, which that of the request stands over.
std::vector<std::string> requested_options(Parameters& parameters, const Config& config) {
    std::vector<std::string> options;
    const std::string_view theme = config.theme ? *config.theme : kUsualTheme;
    if (theme != kUsualTheme) options = {"--theme", std::string(theme)};
    for (const auto& [name, option, count_max] : kOptionParameters) {
        for (const std::string_view value : parameters.texts(name, count_max)) {
            if (value.empty()) continue;
            options.emplace_back(option);
            options.emplace_back(value);
        }
    }
    return options;
}

// A message with the parameters' names in place of the options'.
std::string in_words_of_address(std::string message) {
    for (const auto& [name, option, count_max] : kOptionParameters) {
        const std::string_view words = option;
        for (std::size_t at = message.find(words); at != std::string::npos;
             at = message.find(words, at + name.size())) {
            const std::size_t end = at + words.size();
            if (end < message.size() && message[end] == '-') continue;  // of a longer one
            message.replace(at, words.size(), name);
        }
    }
    return message.starts_with("option ") ? "parameter " + message.substr(7) : message;
}

store::Time next_on_grid(store::Time time, store::Seconds grid) {
    return time - time.time_since_epoch() % grid + grid;
}

store::Seconds pixel_of(const TimeWindow& window, const GraphLook& look) {
    if (render::is_export(look.format)) return kFreshMin;
    const store::Seconds pixel = (window.end - window.start) / (look.shape.width_px * look.scale);
    return std::max(pixel, kFreshMin);
}

struct ReadWindow {
    Period period;
    TimeWindow window;
};

// None when a parameter is wrong.
std::optional<ReadWindow> read_window(Parameters& parameters, BareRange bare, store::Time now,
                                      const store::TimeZone& zone) {
    const Period period = parameters.period(zone, now, now, bare);
    if (!parameters.check()) return std::nullopt;
    auto window = window_of(period.term, period, now, zone);
    if (window) return ReadWindow{period, *std::move(window)};
    parameters.reject("from", window.error().message);
    return std::nullopt;
}

// The range ends with the pixel that now is in, so that it is the same for as long as that lasts.
PictureTime read_time(Parameters& parameters, BareRange bare, const GraphLook& look,
                      const SiteParts& parts) {
    const store::TimeZone& zone = look.zone ? *look.zone : parts.zone;
    const store::Time now = parts.now();
    auto read = read_window(parameters, bare, now, zone);
    if (!read) return {};
    const store::Seconds pixel = pixel_of(read->window, look);
    const store::Time next_pixel = next_on_grid(now, pixel);
    PictureTime time;
    time.fresh_until =
        pixel > kFreshMax ? std::min(next_pixel, next_on_grid(now, kFreshMax)) : next_pixel;
    time.is_settled = !read->period.moves && read->window.end + kSettledAfter < now;
    time.key = term_rule(read->period.term).name;
    if (read->period.term == Term::kCustom) {
        // Either may hold blanks.
        time.key += fmt::format("\n{}\n{}", parameters.text("from"), parameters.text("to"));
    }
    if (read->period.moves) read = read_window(parameters, bare, next_pixel, zone);
    if (read) time.window = std::move(read->window);
    return time;
}

// What the options say about time.
bool mean_the_same(const render::GraphOptions& one, const render::GraphOptions& other) {
    const auto same_start = [](const auto& a, const auto& b) { return a.start == b.start; };
    const bool same_comparison =
        one.comparison.has_value() == other.comparison.has_value() &&
        (!one.comparison || same_start(*one.comparison, *other.comparison));
    return same_comparison &&
           std::ranges::equal(one.marks, other.marks,
                              [](const auto& a, const auto& b) { return a.time == b.time; }) &&
           std::ranges::equal(one.bands, other.bands, [&](const auto& a, const auto& b) {
               return a.start == b.start && a.end == b.end;
           });
}

}  // namespace

const GraphFormat* find_graph_format(std::string_view name) {
    const auto found = std::ranges::find(kFormats, name, &GraphFormat::name);
    return found == kFormats.end() ? nullptr : &*found;
}

const GraphFormat& layout_format() {
    return kLayout;
}

GraphRequest read_graph_request(Parameters& parameters, const GraphFormat& format, BareRange bare,
                                const SiteParts& parts) {
    GraphRequest request{.format = &format};
    request.look.format = format.format;
    request.look.shape = read_shape(parameters);
    const int scale = parameters.integer("scale", 1, 1, kScaleMax);
    // Other formats have no pixels.
    if (format.format == render::ImageFormat::kPng) request.look.scale = scale;
    request.look.zone = parameters.zone();
    request.look.more_options = requested_options(parameters, parts.config);
    if (render::is_export(format.format)) {
        for (const std::string_view name : {"compare", "scale_with"}) {
            if (parameters.text(name).empty()) continue;
            parameters.reject(name, "is for pictures, not for values");
        }
    }
    request.time = read_time(parameters, bare, request.look, parts);
    // Of two ranges of a term side by side neither need end now: both are custom ones.
    if (!parameters.text("scale_with").empty()) use_grid_of_term(request.time.window);
    return request;
}

Result<void> check_graph_options(GraphRequest& request, const SiteParts& parts) {
    const TimeWindow& window = request.time.window;
    const store::TimeZone& zone = request.look.zone ? *request.look.zone : parts.zone;
    std::vector<std::string> options = request.look.more_options;
    options.insert(options.end(),
                   {"--start", epoch_text(window.start), "--end", epoch_text(window.end)});
    const store::Time now = parts.now();
    const auto parsed = render::parse_options(options, now, zone);
    if (!parsed) {
        return fail(parsed.error().code, in_words_of_address(parsed.error().message));
    }
    if (!request.time.is_settled) return {};
    constexpr store::Seconds kLater{86400};
    const auto later = render::parse_options(options, now + kLater, zone);
    const auto& compared = parsed->options.comparison;
    const bool compares_settled =
        !compared || compared->start + (window.end - window.start) + kSettledAfter < now;
    request.time.is_settled =
        compares_settled && later && mean_the_same(parsed->options, later->options);
    return {};
}

std::string GraphRequest::key(std::string_view address, std::string_view plugin,
                              std::string_view graph) const {
    const GraphShape& shape = look.shape;
    std::string text =
        fmt::format("{}\n{}\n{}\n{} {} {} {} {} {} {}\n{}\n{}", address, plugin, graph,
                    static_cast<int>(look.format), shape.width_px, shape.height_px, shape.is_total,
                    shape.has_legend, shape.legend_height_px.value_or(kNotGiven), look.scale,
                    look.zone ? look.zone->name() : std::string_view(), time.key);
    for (const std::string& option : look.more_options) {
        text += '\n';
        text += option;
    }
    return text;
}

}  // namespace kurabe::server
