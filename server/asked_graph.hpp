// A graph that a request names: the picture that is kept of it, or one that is drawn now.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "server/graph_request.hpp"
#include "server/pages.hpp"
#include "server/picture_cache.hpp"

namespace kurabe::server {

// Which graph an address names.
struct GraphName {
    std::string address;
    std::string_view plugin;
    std::string_view graph;
};

// Never null; or the answer that says why there is none, as a picture where one was asked for.
using AskedPicture = std::expected<PictureCache::Found, Response>;

// An error is one that has no picture: of the parameters, or of a host that is not known; of values
// and a layout, every one.
[[nodiscard]] Result<AskedPicture> find_or_draw(const Visit& visit, GraphRequest request,
                                                const GraphName& name);

// The error as a picture of the graph's size, scale and theme.
[[nodiscard]] Result<Response> error_picture(const Visit& visit, render::ImageSize size,
                                             const GraphLook& look, std::string_view title,
                                             const Error& error);

// For how long from now on clients and caches may keep what shows this picture, and how it is said.
[[nodiscard]] store::Seconds max_age(const Picture& picture, store::Time now);
[[nodiscard]] std::string cache_control(store::Seconds max_age);

}  // namespace kurabe::server
