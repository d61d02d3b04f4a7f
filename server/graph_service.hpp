// From "graph G of plugin P on host H over a range of time" to a picture: fills the plugin's
// definition with Kurado's options, fetches and draws.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "render/renderer.hpp"
#include "server/config.hpp"
#include "server/picture_cache.hpp"
#include "server/plugin_definition.hpp"
#include "server/renderer_pool.hpp"
#include "server/site.hpp"
#include "server/size_cache.hpp"
#include "server/term.hpp"

namespace kurabe::server {

// A graph's definition, and where it stands.
struct GraphPlace {
    const Host* host;
    const PluginLine* plugin;  // of the host's roll
    std::string_view key;      // "traffic-eth0"
};

inline constexpr int kPlotHeight_px = 100;  // Kurado's

// How large the plot is, and what its legend takes. Without a legend, or with one of a given
// height, the picture's size depends on this alone.
struct GraphShape {
    int width_px = 0;
    int height_px = kPlotHeight_px;
    bool is_total = false;  // width and height are the picture's, and the plot has what is left
    bool has_legend = true;
    std::optional<int> legend_height_px = {};  // none = as high as the legend needs
    bool compares = false;                     // two ranges, which takes more legend
};

// What a picture of a graph is to be.
struct GraphLook {
    GraphShape shape;
    int scale = 1;  // how much larger it is than its layout: sharper where pixels are small
    render::ImageFormat format = render::ImageFormat::kPng;
    std::vector<std::string> more_options = {};  // of the graph language, beyond Kurado's
    std::optional<store::TimeZone> zone = {};    // none: the site's
};

// Kurado's options, more of them and the definition, as render::parse_graph takes them.
[[nodiscard]] std::vector<std::string> graph_arguments(
    const GraphTemplate& graph, const TimeWindow& window, const GraphShape& shape,
    std::string_view hostname, std::span<const std::string> more_options = {});

// Thread-safe.
class GraphService {
  public:
    explicit GraphService(const SiteParts& parts);

    // A picture, as kLayout where everything of it is, or as kCsv and kJson its values, one row for
    // each that the store has. kNotFound for a plugin or graph that does not exist, kDamaged naming
    // the host. None when `is_wanted` says so once there is a renderer.
    [[nodiscard]] Result<std::optional<std::string>> draw(const GraphPlace& place,
                                                          const TimeWindow& window,
                                                          const GraphLook& look,
                                                          const StillWanted& is_wanted);

    // Those that were drawn.
    [[nodiscard]] PictureCache& pictures() noexcept { return pictures_; }

    // The layout's size of what draw() gives, or of the picture that shows its error.
    [[nodiscard]] render::ImageSize size(const GraphPlace& place, const MetaMap& meta,
                                         const GraphShape& shape);
    [[nodiscard]] render::ImageSize size(const GraphPlace& place, const GraphShape& shape);
    // Of a graph that is not known.
    [[nodiscard]] static render::ImageSize usual_size(const GraphShape& shape) noexcept;

    // A PNG that shows `text` in the place of a graph of that look.
    [[nodiscard]] Result<std::string> message_picture(render::ImageSize size,
                                                      std::string_view title, std::string_view text,
                                                      const GraphLook& look);

  private:
    [[nodiscard]] Result<GraphTemplate> find_template(const GraphPlace& place,
                                                      const MetaMap& meta) const;
    [[nodiscard]] MetaMap meta_of(const GraphPlace& place) const;
    // What happened in the window, as marks and bands.
    void add_events(const GraphPlace& place, const TimeWindow& window,
                    render::GraphOptions& options) const;
    // None when the definition cannot be drawn.
    [[nodiscard]] std::optional<render::ImageSize> measure(const GraphTemplate& graph,
                                                           const GraphShape& shape);

    const SiteParts& parts_;
    RendererPool renderers_;
    SizeCache sizes_;
    PictureCache pictures_;
};

}  // namespace kurabe::server
