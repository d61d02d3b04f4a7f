// "/graph": one picture, a PNG also when it only says why there is no graph, because it is shown as
// <img>; or, with layout=json, where everything of that picture is.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "render/graph_options.hpp"
#include "server/etag.hpp"
#include "server/http_error.hpp"
#include "server/page_parts.hpp"
#include "server/unlisted_view.hpp"

namespace kurabe::server {
namespace {

constexpr int kDefaultWidth_px = 460;
constexpr int kNoHeight = -1;
constexpr int kScaleMax = 3;

struct Format {
    std::string_view name;
    render::ImageFormat format;
    std::string_view content_type;
};
constexpr std::array kFormats = {
    Format{"png", render::ImageFormat::kPng, "image/png"},
    Format{"svg", render::ImageFormat::kSvg, "image/svg+xml"},
    Format{"pdf", render::ImageFormat::kPdf, "application/pdf"},
    Format{"eps", render::ImageFormat::kEps, "application/postscript"},
};
constexpr Format kLayout = {"json", render::ImageFormat::kLayout, "application/json"};

// Rows still come in for a while after their time.
constexpr store::Seconds kSettled{3600};
constexpr std::int64_t kClosedMaxAge = 86400;
constexpr std::int64_t kOpenMaxAgeMin = 30;
constexpr std::int64_t kOpenMaxAgeMax = 300;

// A graph up to now is new when its next pixel column is; one that lies in the past stays, if
// nothing in it, such as a second range or a mark, may be of now.
std::string cache_control(const TimeWindow& window, int width_px, bool is_fixed, store::Time now) {
    if (is_fixed && window.end + kSettled < now)
        return fmt::format("public, max-age={}", kClosedMaxAge);
    const std::int64_t per_column = (window.end - window.start).count() / width_px;
    return fmt::format("public, max-age={}",
                       std::clamp(per_column, kOpenMaxAgeMin, kOpenMaxAgeMax));
}

// "width", "legend" and "legend_height", and what "compare" means for them.
GraphShape read_shape(Parameters& parameters) {
    GraphShape shape;
    shape.width_px = parameters.integer("width", kDefaultWidth_px, 1, render::kPlotWidthMax_px);
    const std::string_view legend = parameters.text("legend");
    shape.has_legend = legend != "off";
    if (!legend.empty() && legend != "on" && legend != "off") {
        parameters.reject("legend", "is not on or off");
    }
    const int height = parameters.integer("legend_height", kNoHeight, 0, render::kPlotHeightMax_px);
    if (height != kNoHeight) shape.legend_height_px = height;
    shape.compares = !parameters.text("compare").empty();
    return shape;
}

// "format", PNG when nothing is asked for; "layout" takes its place.
const Format& read_format(Parameters& parameters) {
    const std::string_view layout = parameters.text("layout");
    if (!layout.empty() && layout != kLayout.name) parameters.reject("layout", "is not json");
    const std::string_view name = parameters.text("format");
    const Format* found = kFormats.begin();
    if (!name.empty()) found = std::ranges::find(kFormats, name, &Format::name);
    if (found == kFormats.end()) {
        parameters.reject("format", "is not png, svg, pdf or eps");
        return kFormats.front();
    }
    return layout.empty() ? *found : kLayout;
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
    OptionParameter{"lower", "--clip-below", 1},
    OptionParameter{"upper", "--clip-above", 1},
    OptionParameter{"mark", "--mark", 50},
    OptionParameter{"band", "--band", 50},
    OptionParameter{"theme", "--theme", 1},
    OptionParameter{"palette", "--palette", 1},
};

std::vector<std::string> requested_options(Parameters& parameters) {
    std::vector<std::string> options;
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

// Whether they can be understood for that range.
Result<void> check_options(std::vector<std::string> options, const TimeWindow& window,
                           const SiteParts& parts) {
    const auto epoch = [](store::Time time) {
        return std::to_string(time.time_since_epoch().count());
    };
    options.insert(options.end(), {"--start", epoch(window.start), "--end", epoch(window.end)});
    const auto parsed = render::parse_options(options, parts.now(), parts.zone);
    if (parsed) return {};
    return fail(parsed.error().code, in_words_of_address(parsed.error().message));
}

// The error as a picture of the graph's size.
Result<Response> error_picture(const Visit& visit, const GraphPlace& place, const GraphLook& look,
                               const Error& error) {
    const std::string title =
        fmt::format("{} {} {}", place.host->hostname, place.plugin->identifier(), place.key);
    const std::string reason =
        error.code == ErrorCode::kDamaged
            ? fmt::format("archive of {} is damaged: {}", place.host->address, client_text(error))
            : client_text(error);
    auto picture = visit.graphs.message_picture(visit.graphs.size(place, look.shape), title, reason,
                                                look.scale);
    if (!picture) return std::unexpected(picture.error());
    Response response;
    response.status = http_status(error.code);
    response.content_type = "image/png";
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = *std::move(picture);
    return response;
}

}  // namespace

Result<Response> graph_endpoint(const Visit& visit) {
    const store::Time now = visit.parts.now();
    Parameters parameters(visit.request);
    const std::string_view address = parameters.required("address");
    const std::string_view identifier = parameters.required("plugin_identifier");
    const std::string_view key = parameters.required("graph");
    const Period period = parameters.period(visit.parts.zone, now, now);
    const GraphShape shape = read_shape(parameters);
    const int scale = parameters.integer("scale", 1, 1, kScaleMax);
    const Format& format = read_format(parameters);
    const auto options = requested_options(parameters);
    if (const auto checked = parameters.check(); !checked) return std::unexpected(checked.error());

    const auto found = find_host(visit.parts, address);
    if (!found) return std::unexpected(found.error());
    const Host& host = *found->place.host;
    const auto window = window_of(period.term, period, now, visit.parts.zone);
    if (!window) return std::unexpected(window.error());
    if (const auto checked = check_options(options, *window, visit.parts); !checked) {
        return std::unexpected(checked.error());
    }
    const GraphLook look = {
        .shape = shape, .scale = scale, .format = format.format, .more_options = options};
    const bool is_picture = format.format != render::ImageFormat::kLayout;
    // Only what the host's roll names: the parameter finds nothing else.
    const auto& roll = host.roll->plugins;
    const auto plugin = std::ranges::find(roll, identifier, &PluginLine::identifier);
    if (plugin == roll.end()) {
        Error unknown{ErrorCode::kNotFound, fmt::format("no plugin {} on {}", identifier, address)};
        Error error = found->damage.value_or(std::move(unknown));
        if (!is_picture) return std::unexpected(std::move(error));
        const PluginLine line{.name = std::string(identifier)};
        return error_picture(visit, {&host, &line, key}, look, error);
    }

    const GraphPlace place{&host, &*plugin, key};
    auto made = visit.graphs.draw(place, *window, look);
    if (!made) {
        if (http_status(made.error().code) >= 500) {
            visit.parts.log.warning("graph failed", {{"host", host.address},
                                                     {"graph", std::string(key)},
                                                     {"reason", made.error().message}});
        }
        if (!is_picture) return std::unexpected(made.error());
        return error_picture(visit, place, look, made.error());
    }
    Response response;
    response.content_type = format.content_type;
    response.headers.emplace_back(
        "Cache-Control", cache_control(*window, shape.width_px, look.more_options.empty(), now));
    response.body = *std::move(made);
    add_etag(response, visit.request);
    return response;
}

}  // namespace kurabe::server
