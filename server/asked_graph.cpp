// Finds what a graph is of, and draws it unless it is kept.
#include "server/asked_graph.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "server/etag.hpp"
#include "server/http_error.hpp"
#include "server/unlisted_view.hpp"

namespace kurabe::server {
namespace {

// For what is settled the server looks at the store once an hour. Clients ask again before that,
// which an entity tag makes cheap: events, the plugin's graph and the host's name may change.
constexpr store::Seconds kSettledMaxAge{300};
constexpr store::Seconds kSettledFresh{3600};

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
        std::string message = fmt::format("no plugin {} on {}", name.plugin, name.address);
        if (!host_.roll->file.empty()) {
            message += fmt::format(": {} does not name it", host_.roll->file);
        }
        Error unknown{ErrorCode::kNotFound, std::move(message)};
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

    [[nodiscard]] Result<AskedPicture> failed(Error error) const {
        if (is_lasting(error)) {  // whatever was asked for
            error = {ErrorCode::kDamaged, fmt::format("archive of {} cannot be read: {}",
                                                      host_.address, client_text(error))};
        }
        if (http_status(error.code) >= 500) {
            visit_.parts.log.warning("graph failed", {{"host", host_.address},
                                                      {"graph", std::string(name_.graph)},
                                                      {"reason", error.message}});
        }
        if (!request_.format->is_picture) return std::unexpected(std::move(error));
        auto picture = error_picture(
            visit_, visit_.graphs.size(place(), request_.look.shape), request_.look,
            fmt::format("{} {} {}", host_.hostname, line_.identifier(), name_.graph), error);
        if (!picture) return std::unexpected(picture.error());
        return AskedPicture(std::unexpect, *std::move(picture));
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

}  // namespace

store::Seconds max_age(const Picture& picture, store::Time now) {
    if (picture.is_settled) return kSettledMaxAge;
    return std::max(picture.fresh_until - now, store::Seconds{0});
}

std::string cache_control(store::Seconds max_age) {
    return fmt::format("public, max-age={}", max_age.count());
}

Result<Response> error_picture(const Visit& visit, render::ImageSize size, const GraphLook& look,
                               std::string_view title, const Error& error) {
    auto picture = visit.graphs.message_picture(size, title, client_text(error), look);
    if (!picture) return std::unexpected(picture.error());
    Response response;
    response.status = http_status(error.code);
    response.content_type = "image/png";
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = *std::move(picture);
    return response;
}

Result<AskedPicture> find_or_draw(const Visit& visit, GraphRequest request, const GraphName& name) {
    const store::Time now = visit.parts.now();
    PictureCache& pictures = visit.graphs.pictures();
    std::string key = request.key(name.address, name.plugin, name.graph);
    // Pictures that are kept have no mark of what was told since.
    if (visit.parts.events != nullptr) {
        const EventsVersion events = visit.parts.events->version(name.address);
        key += fmt::format("\n{} {}", events.wider, events.own);
    }
    if (auto known = pictures.find(key, now)) return known;

    const auto host = find_host(visit.parts, name.address);
    if (!host) return std::unexpected(host.error());
    if (const auto checked = check_graph_options(request, visit.parts); !checked) {
        return std::unexpected(checked.error());
    }
    const AskedGraph graph(visit, request, name, *host);
    const StillWanted is_wanted = [&visit] {
        return !visit.request.is_wanted || visit.request.is_wanted();
    };
    auto picture = pictures.get(
        key, now, is_wanted, [&graph](const StillWanted& anybody) { return graph.draw(anybody); });
    if (!picture) return graph.failed(picture.error());
    if (*picture == nullptr) return AskedPicture(std::unexpect, nobody_waits());
    return *std::move(picture);
}

}  // namespace kurabe::server
