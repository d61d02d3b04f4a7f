// "/graph" and "/g/HOST/PLUGIN/GRAPH.FORMAT": one picture, a PNG also when it only says why there
// is no graph, because it is shown as <img>; with layout=json, where everything of that picture is;
// or the graph's values.
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "server/asked_graph.hpp"
#include "server/etag.hpp"
#include "server/pages.hpp"
#include "server/routes.hpp"

namespace kurabe::server {
namespace {

Response picture_response(const Picture& picture, const Visit& visit) {
    Response response;
    response.content_type = picture.content_type;
    response.headers.emplace_back("Cache-Control",
                                  cache_control(max_age(picture, visit.parts.now())));
    response.body = picture.bytes;
    add_etag(response, picture.tag, visit.request);
    return response;
}

Result<Response> answer(const Visit& visit, GraphRequest request, const GraphName& name) {
    auto picture = find_or_draw(visit, std::move(request), name);
    if (!picture) return std::unexpected(picture.error());
    if (!*picture) return std::move(*picture).error();
    return picture_response(***picture, visit);
}

// "layout" takes the place of the format that is asked for.
const GraphFormat& layout_or(const GraphFormat& format, Parameters& parameters) {
    const std::string_view layout = parameters.text("layout");
    if (!layout.empty() && layout != layout_format().name) {
        parameters.reject("layout", "is not json");
    }
    return layout.empty() ? format : layout_format();
}

// "format", PNG when nothing is asked for.
const GraphFormat& read_format(Parameters& parameters) {
    const std::string_view name = parameters.text("format");
    const GraphFormat* const found = find_graph_format(name.empty() ? "png" : name);
    if (found == nullptr || !found->is_picture) {
        parameters.reject("format", "is not png, svg, pdf or eps");
        return *find_graph_format("png");
    }
    return layout_or(*found, parameters);
}

// "traffic-eth0.png" -> "traffic-eth0", "png"; without a format the second is empty.
std::pair<std::string_view, std::string_view> split_file(std::string_view file) {
    const std::size_t dot = file.rfind('.');
    if (dot == std::string_view::npos) return {file, {}};
    return {file.substr(0, dot), file.substr(dot + 1)};
}

// Of "/g/".
Result<Response> answer_file(const Visit& visit, std::string_view host, std::string_view plugin,
                             std::string_view graph, GraphRequest request,
                             const Result<void>& checked) {
    if (!checked) return std::unexpected(checked.error());
    auto address = visit.parts.config.address_of(host);
    if (!address) return std::unexpected(address.error());
    return answer(visit, std::move(request), {*std::move(address), plugin, graph});
}

// Whoever still has an address that has expired may ask as often as a machine can: it is drawn
// once.
constexpr store::Seconds kRefusedFresh{3600};

// What is asked for, in the words of the address.
struct AskedName {
    std::string_view host;
    std::string_view plugin;
    std::string_view graph;
    const GraphFormat* format;  // null: a path's ending that is none
};

AskedName asked_name(const Visit& visit, Parameters& parameters) {
    const auto names = wildcards_of(*visit.route, visit.request);
    if (names.empty()) {
        return {parameters.required("address"), parameters.required("plugin_identifier"),
                parameters.required("graph"), &read_format(parameters)};
    }
    const auto [graph, extension] = split_file(names.at(2));
    const GraphFormat* const format = find_graph_format(extension);
    return {names.at(0), names.at(1), graph,
            format == nullptr ? nullptr : &layout_or(*format, parameters)};
}

}  // namespace

std::optional<Response> refused_picture(const Visit& visit, std::string_view reason) {
    Parameters parameters(visit.request);
    const auto [host, plugin, graph, format] = asked_name(visit, parameters);
    if (format == nullptr || !format->is_picture) return std::nullopt;
    const GraphRequest request =
        read_graph_request(parameters, *format, BareRange::kPassedOver, visit.parts);
    const store::Time now = visit.parts.now();
    const auto draw = [&](const StillWanted&) -> Result<std::optional<Picture>> {
        auto drawn = visit.graphs.message_picture(GraphService::usual_size(request.look.shape),
                                                  fmt::format("{} {} {}", host, plugin, graph),
                                                  reason, request.look);
        if (!drawn) return std::unexpected(drawn.error());
        return Picture{.bytes = *std::move(drawn),
                       .content_type = "image/png",
                       .tag = {},
                       .fresh_until = now + kRefusedFresh};
    };
    const auto picture = visit.graphs.pictures().get(
        fmt::format("{}\n{}", reason, request.key(host, plugin, graph)), now, [] { return true; },
        draw);
    if (!picture || *picture == nullptr) return std::nullopt;
    Response response;
    response.status = 403;
    response.content_type = (*picture)->content_type;
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = (*picture)->bytes;
    return response;
}

Result<Response> graph_endpoint(const Visit& visit) {
    Parameters parameters(visit.request);
    const auto [address, plugin, graph, format] = asked_name(visit, parameters);
    GraphRequest request =
        read_graph_request(parameters, *format, BareRange::kPassedOver, visit.parts);
    if (const auto checked = parameters.check(); !checked) return std::unexpected(checked.error());
    return answer(visit, std::move(request), {std::string(address), plugin, graph});
}

Result<Response> graph_file(const Visit& visit) {
    Parameters parameters(visit.request);
    const auto [host, plugin, graph, format] = asked_name(visit, parameters);
    if (format == nullptr) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("{} does not end in .png, .svg, .pdf, .eps, .csv or .json",
                                visit.request.segments.back()));
    }
    const GraphRequest request =
        read_graph_request(parameters, *format, BareRange::kCounts, visit.parts);
    auto answered = answer_file(visit, host, plugin, graph, request, parameters.check());
    if (answered || !format->is_picture) return answered;
    return error_picture(visit, GraphService::usual_size(request.look.shape), request.look,
                         fmt::format("{} {} {}", host, plugin, graph), answered.error());
}

}  // namespace kurabe::server
