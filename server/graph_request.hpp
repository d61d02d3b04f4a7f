// What a graph's picture is asked to be: the one reader of the parameters that "/graph", "/graphs"
// and "/g/" have in common. Documented in docs/operations.md, "Addresses".
#pragma once

#include <string>
#include <string_view>

#include "server/graph_service.hpp"
#include "server/parameters.hpp"
#include "server/site.hpp"
#include "store/result.hpp"

namespace kurabe::server {

struct GraphFormat {
    std::string_view name;  // "svg"
    render::ImageFormat format;
    std::string_view content_type;
    bool is_picture = true;
};

// "png", "svg", "pdf", "eps", "csv", "json"; null for others.
[[nodiscard]] const GraphFormat* find_graph_format(std::string_view name);
[[nodiscard]] const GraphFormat& layout_format();

// A request's range of time, and the time by which it moves to the next pixel: all who ask until
// then ask for the same.
struct PictureTime {
    TimeWindow window;
    store::Time fresh_until;
    bool is_settled = false;  // it stays, and no sample comes any more
    std::string key = {};     // which range, in whatever way it moves
};

struct GraphRequest {
    const GraphFormat* format = nullptr;
    GraphLook look = {};
    PictureTime time = {};

    // Names the picture: the same for all who get the same.
    [[nodiscard]] std::string key(std::string_view address, std::string_view plugin,
                                  std::string_view graph) const;
};

// All but the format, which stands in different places. What is wrong is the parameters' error:
// then only what error_picture() takes of the look is to be used.
[[nodiscard]] GraphRequest read_graph_request(Parameters& parameters, const GraphFormat& format,
                                              BareRange bare, const SiteParts& parts);

// kInvalid in words of the address when its options cannot be understood for its range. They may
// take back that it is settled.
[[nodiscard]] Result<void> check_graph_options(GraphRequest& request, const SiteParts& parts);

}  // namespace kurabe::server
