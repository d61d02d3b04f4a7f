// Draws the graphs of the plugins.
#include "server/graph_service.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <thread>

#include <fmt/format.h>

#include "render/export_text.hpp"
#include "render/graph_parser.hpp"
#include "render/themes.hpp"
#include "server/drawable_graphs.hpp"
#include "server/host_series.hpp"
#include "server/host_view.hpp"
#include "server/kept_rows.hpp"
#include "server/named_pages.hpp"

namespace kurabe::server {
namespace {

constexpr std::size_t kRenderersPerCore = 2;  // some wait for the disk

// What every graph of Kurado's has.
constexpr std::array kFixedOptions{
    "--theme",
    "kurado",
    "--disable-rrdtool-tag",
    "--use-nan-for-all-missing-data",
    "--font-render-mode",
    "light",
    "--font",
    "TITLE:8:",
    "--font",
    "AXIS:8:",
    "--font",
    "LEGEND:8:",
};

// Of a graph: more would hide it.
constexpr std::size_t kEventsOfGraphMax = 50;
constexpr render::Color kEventColor{0x80, 0x00, 0x40, 0xff};
constexpr std::uint8_t kBandAlpha = 0x40;

class NoSeries final : public render::SeriesSource {
  public:
    [[nodiscard]] Result<store::FetchedSeries> fetch(const render::SeriesReference& reference,
                                                     const store::FetchRequest&) const override {
        return fail(ErrorCode::kNotFound, reference.series);
    }
};

// What an image's size depends on. Not the series: the same graph of all devices has one size.
std::string size_key(const GraphTemplate& graph, const GraphShape& shape) {
    std::string key =
        fmt::format("{}\n{}\n{}\n{}\n{}\n{}", shape.width_px, shape.height_px, shape.has_legend,
                    shape.legend_height_px.value_or(-1), shape.compares, graph.vertical_label);
    for (const std::string& argument : graph.arguments) {
        if (argument.starts_with("DEF:")) continue;
        key += '\n';
        key += argument;
    }
    return key;
}

std::vector<std::string> scale_options(const GraphScale& scale) {
    std::vector<std::string> options;
    const auto add_end = [&options](const char* option, const std::optional<double>& end) {
        if (!end) return;
        options.emplace_back(option);
        options.push_back(fmt::format("{}", *end));
    };
    add_end("--lower-limit", scale.lower);
    add_end("--upper-limit", scale.upper);
    if (scale.base != GraphScale{}.base) {
        options.insert(options.end(), {"--base", std::to_string(scale.base)});
    }
    if (scale.rigid) options.emplace_back("--rigid");
    if (scale.logarithmic) options.emplace_back("--logarithmic");
    return options;
}

// Legends have blanks that put what follows them in columns.
std::string trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return {};
    return std::string(text.substr(begin, text.find_last_not_of(' ') - begin + 1));
}

// Rows as the store has them, with times that say their zone.
Result<std::optional<std::string>> export_values(render::GraphDefinition definition,
                                                 const render::SeriesSource& source,
                                                 store::Time now, const store::TimeZone& zone) {
    // A pixel is the shortest row of a graph.
    const std::int64_t span = (definition.options.end - definition.options.start).count();
    constexpr std::int64_t kWidest = std::numeric_limits<int>::max();
    definition.options.width_px = static_cast<int>(std::min(span, kWidest));
    auto table = render::evaluate_export(definition, render::ExportColumns::kExportedAndDrawn,
                                         source, now, zone);
    if (!table) return std::unexpected(table.error());
    for (render::ExportColumn& column : table->columns) column.legend = trimmed(column.legend);
    const render::ExportStyle style{.show_time = true, .time_format = "%Y-%m-%dT%H:%M:%S%z"};
    return definition.options.format == render::ImageFormat::kCsv
               ? render::export_separated(*table, ',', style, zone)
               : render::export_json(*table, style, zone);
}

// The last one that is one: of a request that is refused for its theme, the configuration's.
render::Theme theme_of(const GraphLook& look) {
    render::Theme theme = render::Theme::kKurado;
    for (std::size_t i = 0; i + 1 < look.more_options.size(); i += 2) {
        if (look.more_options[i] != "--theme") continue;
        theme = render::parse_theme(look.more_options[i + 1]).value_or(theme);
    }
    return theme;
}

}  // namespace

std::vector<std::string> graph_arguments(const GraphTemplate& graph, const TimeWindow& window,
                                         const GraphShape& shape, std::string_view hostname,
                                         std::span<const std::string> more_options) {
    std::vector<std::string> arguments{
        "--start",
        epoch_text(window.start),
        "--end",
        epoch_text(window.end),
        "--width",
        std::to_string(shape.width_px),
        "--height",
        std::to_string(shape.height_px),
        "--title",
        fmt::format("{} {}", window.title, hostname),
        "--vertical-label",
        // Graphs of a page are as wide as each other: without a label there would be no room for
        // one.
        graph.vertical_label.empty() ? " " : graph.vertical_label,
        "--x-grid",
        window.x_grid,
    };
    if (shape.is_total) arguments.emplace_back("--full-size-mode");
    if (!shape.has_legend) arguments.emplace_back("--no-legend");
    if (shape.legend_height_px) {
        arguments.push_back(fmt::format("--legend-height={}", *shape.legend_height_px));
    }
    const auto scale = scale_options(graph.scale);
    arguments.insert(arguments.end(), scale.begin(), scale.end());
    arguments.insert(arguments.end(), kFixedOptions.begin(), kFixedOptions.end());
    arguments.insert(arguments.end(), more_options.begin(), more_options.end());
    arguments.insert(arguments.end(), graph.arguments.begin(), graph.arguments.end());
    return arguments;
}

GraphService::GraphService(const SiteParts& parts)
    : parts_(parts),
      renderers_(kRenderersPerCore * std::max(1U, std::thread::hardware_concurrency())),
      pictures_(parts.config.limits.picture_cache_bytes) {}

MetaMap GraphService::meta_of(const GraphPlace& place) const {
    const std::string plugin = place.plugin->identifier();
    MetaMap meta = known(parts_, parts_.metadata.meta(place.host->address, plugin));
    const bool is_described =
        definition_of(parts_, *place.host, *place.plugin) != nullptr || ToldDefinitions::any(meta);
    if (is_described) return meta;
    const auto series = parts_.store.series(place.host->address);
    if (!series) return meta;
    return with_named_pages(std::move(meta), plugin, keys_of(*series, plugin), parts_.mackerel);
}

Result<GraphTemplate> GraphService::find_template(const GraphPlace& place,
                                                  const MetaMap& meta) const {
    const PluginDefinition* definition = definition_of(parts_, *place.host, *place.plugin);
    if (definition != nullptr && definition->has_graphs()) {
        return definition->graph(place.key, meta);
    }
    return parts_.told->graph(place.key, meta);
}

Result<std::optional<std::string>> GraphService::draw(const GraphPlace& place,
                                                      const TimeWindow& window,
                                                      const GraphLook& look,
                                                      const StillWanted& is_wanted) {
    const auto graph = find_template(place, meta_of(place));
    if (!graph) return std::unexpected(graph.error());
    const auto arguments =
        graph_arguments(*graph, window, look.shape, place.host->hostname, look.more_options);
    const store::Time now = parts_.now();
    const store::TimeZone& zone = look.zone ? *look.zone : parts_.zone;
    auto definition = render::parse_graph(arguments, now, zone);
    if (!definition) return std::unexpected(definition.error());
    definition->options.format = look.format;
    definition->options.zoom = render::is_vector(look.format) ? 1 : look.scale;
    definition->options.svg_in_pixels = true;
    add_events(place, window, definition->options);
    const std::string plugin = place.plugin->identifier();
    const PluginDefinition* const ours = definition_of(parts_, *place.host, *place.plugin);
    const bool is_told = ours == nullptr || !ours->has_graphs();
    const HostSeries source(parts_.config, parts_.store, place.host->address, plugin,
                            is_told ? SeriesReach::kOwn : SeriesReach::kConfigured);
    if (render::is_export(look.format)) {
        return export_values(*definition, KeptRows(source, now), now, zone);
    }
    const auto renderer = renderers_.borrow();
    if (!is_wanted()) return std::nullopt;
    auto rendered = renderer->render(*definition, source, now, zone);
    if (!rendered) return std::unexpected(rendered.error());
    return std::move(rendered->bytes);
}

void GraphService::add_events(const GraphPlace& place, const TimeWindow& window,
                              render::GraphOptions& options) const {
    if (parts_.events == nullptr || render::is_export(options.format)) return;
    const std::string plugin = place.plugin->identifier();
    const EventPlace stands = event_place(parts_.config, place.host->address, plugin, place.key);
    for (Event& event : parts_.events->of(stands, window.start, window.end, kEventsOfGraphMax)) {
        const auto given =
            render::parse_color(std::string_view(event.color).substr(event.color.empty() ? 0 : 1));
        if (event.end) {
            render::Color color = given ? *given : kEventColor;
            color.alpha = kBandAlpha;
            options.bands.push_back({event.time, *event.end, std::move(event.text), color});
        } else {
            options.marks.push_back(
                {event.time, std::move(event.text), given ? *given : kEventColor});
        }
    }
}

render::ImageSize GraphService::usual_size(const GraphShape& shape) noexcept {
    if (shape.is_total) return {shape.width_px, shape.height_px};
    // About what a graph with two lines of legend has.
    return {shape.width_px + 97, shape.height_px + 100};
}

render::ImageSize GraphService::size(const GraphPlace& place, const GraphShape& shape) {
    return size(place, meta_of(place), shape);
}

render::ImageSize GraphService::size(const GraphPlace& place, const MetaMap& meta,
                                     const GraphShape& shape) {
    if (shape.is_total) return usual_size(shape);
    const auto graph = find_template(place, meta);
    if (!graph) return usual_size(shape);
    std::string key = size_key(*graph, shape);
    if (const auto known = sizes_.find(key)) return *known;
    const auto size = measure(*graph, shape);
    if (!size) return usual_size(shape);
    sizes_.keep(std::move(key), *size);
    return *size;
}

std::optional<render::ImageSize> GraphService::measure(const GraphTemplate& graph,
                                                       const GraphShape& shape) {
    // Laid out once without data: how the legend breaks depends on the formatted values, and
    // unknown ones are as wide as others. Neither the times, those of a second range among them,
    // nor the words of the title change the size.
    const store::Time now = parts_.now();
    std::vector<std::string> more_options;
    if (shape.compares) more_options = {"--compare", "-1d"};
    const auto arguments =
        graph_arguments(graph, window_until(Term::kDay, now), shape, "", more_options);
    const auto definition = render::parse_graph(arguments, now, parts_.zone);
    if (!definition) return std::nullopt;
    const auto measured = renderers_.borrow()->measure(*definition, NoSeries(), now, parts_.zone);
    if (!measured) return std::nullopt;
    return measured->size;
}

Result<std::string> GraphService::message_picture(render::ImageSize size, std::string_view title,
                                                  std::string_view text, const GraphLook& look) {
    return renderers_.borrow()->message_picture(size, title, text, look.scale, theme_of(look));
}

}  // namespace kurabe::server
