// "/graph" and "/g/HOST/PLUGIN/GRAPH.FORMAT": one picture, a PNG also when it only says why there
// is no graph, because it is shown as <img>; with layout=json, where everything of that picture is;
// or the graph's values.
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "server/etag.hpp"
#include "server/graph_request.hpp"
#include "server/http_error.hpp"
#include "server/pages.hpp"
#include "server/routes.hpp"
#include "server/unlisted_view.hpp"

namespace kurabe::server {
namespace {

// For what is settled; clients do not ask again, and the server looks once an hour.
constexpr std::int64_t kSettledMaxAge = 7 * 86400;
constexpr store::Seconds kSettledFresh{3600};

// Which graph an address names.
struct GraphName {
    std::string address;
    std::string_view plugin;
    std::string_view graph;
};

std::string cache_control(const Picture& picture, store::Time now) {
    if (picture.is_settled) return fmt::format("public, max-age={}, immutable", kSettledMaxAge);
    const store::Seconds left = std::max(picture.fresh_until - now, store::Seconds{0});
    return fmt::format("public, max-age={}", left.count());
}

Response picture_response(const Picture& picture, const Visit& visit) {
    Response response;
    response.content_type = picture.content_type;
    response.headers.emplace_back("Cache-Control", cache_control(picture, visit.parts.now()));
    response.body = picture.bytes;
    add_etag(response, picture.tag, visit.request);
    return response;
}

// The error as a picture of the graph's size.
Result<Response> error_picture(const Visit& visit, render::ImageSize size, int scale,
                               std::string_view title, const Error& error) {
    auto picture = visit.graphs.message_picture(size, title, client_text(error), scale);
    if (!picture) return std::unexpected(picture.error());
    Response response;
    response.status = http_status(error.code);
    response.content_type = "image/png";
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = *std::move(picture);
    return response;
}

// Nobody reads it.
Response nobody_waits() {
    Response response;
    response.status = 503;
    response.content_type = "text/plain; charset=utf-8";
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = "nobody waits for it any more\n";
    return response;
}

// A graph that is asked for: finds what it is of, and draws it.
class AskedGraph {
  public:
    AskedGraph(const Visit& visit, const GraphRequest& request, const GraphName& name,
               const FoundHost& host)
        : visit_(visit), request_(request), name_(name), host_(*host.place.host) {
        // Only what the host's roll names: the parameter finds nothing else.
        const auto& roll = host_.roll->plugins;
        const auto found = std::ranges::find(roll, name.plugin, &PluginLine::identifier);
        if (found != roll.end()) {
            line_ = *found;
            return;
        }
        line_.name = name.plugin;
        Error unknown{ErrorCode::kNotFound,
                      fmt::format("no plugin {} on {}", name.plugin, name.address)};
        missing_ = host.damage.value_or(std::move(unknown));
    }

    [[nodiscard]] Result<std::optional<Picture>> draw(const StillWanted& is_wanted) const {
        if (missing_) return std::unexpected(*missing_);
        auto drawn = visit_.graphs.draw(place(), request_.time.window, request_.look, is_wanted);
        if (!drawn) return std::unexpected(drawn.error());
        if (!*drawn) return std::nullopt;
        const bool is_settled = request_.time.is_settled;
        std::string tag = entity_tag(**drawn);
        return Picture{.bytes = **std::move(drawn),
                       .content_type = request_.format->content_type,
                       .tag = std::move(tag),
                       .fresh_until = is_settled ? visit_.parts.now() + kSettledFresh
                                                 : request_.time.fresh_until,
                       .is_settled = is_settled};
    }

    [[nodiscard]] Result<Response> failed(Error error) const {
        if (http_status(error.code) >= 500) {
            visit_.parts.log.warning("graph failed", {{"host", host_.address},
                                                      {"graph", std::string(name_.graph)},
                                                      {"reason", error.message}});
        }
        if (!request_.format->is_picture) return std::unexpected(std::move(error));
        if (error.code == ErrorCode::kDamaged) {
            error.message =
                fmt::format("archive of {} is damaged: {}", host_.address, client_text(error));
        }
        return error_picture(
            visit_, visit_.graphs.size(place(), request_.look.shape), request_.look.scale,
            fmt::format("{} {} {}", host_.hostname, line_.identifier(), name_.graph), error);
    }

  private:
    [[nodiscard]] GraphPlace place() const { return {&host_, &line_, name_.graph}; }

    const Visit& visit_;
    const GraphRequest& request_;
    const GraphName& name_;
    const Host& host_;
    PluginLine line_;
    std::optional<Error> missing_;
};

// From the cache, or drawn. An error is one that has no picture: of the parameters, or of a host
// that is not known.
Result<Response> answer(const Visit& visit, GraphRequest request, const GraphName& name) {
    const store::Time now = visit.parts.now();
    PictureCache& pictures = visit.graphs.pictures();
    std::string key = request.key(name.address, name.plugin, name.graph);
    // Pictures that are kept have no mark of what was told since.
    if (visit.parts.events != nullptr) key += fmt::format("\n{}", visit.parts.events->version());
    if (const auto known = pictures.find(key, now)) return picture_response(*known, visit);

    const auto host = find_host(visit.parts, name.address);
    if (!host) return std::unexpected(host.error());
    if (const auto checked = check_graph_options(request, visit.parts); !checked) {
        return std::unexpected(checked.error());
    }
    const AskedGraph graph(visit, request, name, *host);
    const StillWanted is_wanted = [&visit] {
        return !visit.request.is_wanted || visit.request.is_wanted();
    };
    const auto picture = pictures.get(
        key, now, is_wanted, [&graph](const StillWanted& anybody) { return graph.draw(anybody); });
    if (!picture) return graph.failed(picture.error());
    if (*picture == nullptr) return nobody_waits();
    return picture_response(**picture, visit);
}

// "format", PNG when nothing is asked for; "layout" takes its place.
const GraphFormat& read_format(Parameters& parameters) {
    const std::string_view layout = parameters.text("layout");
    if (!layout.empty() && layout != layout_format().name) {
        parameters.reject("layout", "is not json");
    }
    const std::string_view name = parameters.text("format");
    const GraphFormat* const found = find_graph_format(name.empty() ? "png" : name);
    if (found == nullptr || !found->is_picture) {
        parameters.reject("format", "is not png, svg, pdf or eps");
        return *find_graph_format("png");
    }
    return layout.empty() ? *found : layout_format();
}

// "traffic-eth0.png" -> "traffic-eth0", "png"; without a format the second is empty.
std::pair<std::string_view, std::string_view> split_file(std::string_view file) {
    const std::size_t dot = file.rfind('.');
    if (dot == std::string_view::npos) return {file, {}};
    return {file.substr(0, dot), file.substr(dot + 1)};
}

// An address, or the name of exactly one host.
Result<std::string> address_of(const Config& config, std::string_view host) {
    if (config.hosts.contains(host)) return std::string(host);
    std::string found;
    for (const auto& [address, place] : config.hosts) {
        if (place.host->hostname != host) continue;
        if (!found.empty()) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("{} is the name of several hosts, such as {} and {}; use the "
                                    "address",
                                    host, found, address));
        }
        found = address;
    }
    return found.empty() ? std::string(host) : found;
}

// Of "/g/".
Result<Response> answer_file(const Visit& visit, std::string_view host, std::string_view plugin,
                             std::string_view graph, GraphRequest request,
                             const Result<void>& checked) {
    if (!checked) return std::unexpected(checked.error());
    auto address = address_of(visit.parts.config, host);
    if (!address) return std::unexpected(address.error());
    return answer(visit, std::move(request), {*std::move(address), plugin, graph});
}

}  // namespace

Result<Response> graph_endpoint(const Visit& visit) {
    Parameters parameters(visit.request);
    const std::string_view address = parameters.required("address");
    const std::string_view plugin = parameters.required("plugin_identifier");
    const std::string_view graph = parameters.required("graph");
    const GraphFormat& format = read_format(parameters);
    GraphRequest request =
        read_graph_request(parameters, format, BareRange::kPassedOver, visit.parts);
    if (const auto checked = parameters.check(); !checked) return std::unexpected(checked.error());
    return answer(visit, std::move(request), {std::string(address), plugin, graph});
}

Result<Response> graph_file(const Visit& visit) {
    const auto names = wildcards_of(*visit.route, visit.request);
    const auto [graph, extension] = split_file(names.at(2));
    const GraphFormat* const format = find_graph_format(extension);
    if (format == nullptr) {
        return fail(
            ErrorCode::kNotFound,
            fmt::format("{} does not end in .png, .svg, .pdf, .eps, .csv or .json", names.at(2)));
    }
    Parameters parameters(visit.request);
    const GraphRequest request =
        read_graph_request(parameters, *format, BareRange::kCounts, visit.parts);
    auto answered =
        answer_file(visit, names.at(0), names.at(1), graph, request, parameters.check());
    if (answered || !format->is_picture) return answered;
    return error_picture(visit, GraphService::usual_size(request.look.shape), request.look.scale,
                         fmt::format("{} {} {}", names.at(0), names.at(1), graph),
                         answered.error());
}

}  // namespace kurabe::server
