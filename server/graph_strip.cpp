// "/graphs": the same graph of several hosts in one answer, because over a slow way a hundred
// pictures in a few answers are there in half the time of a hundred answers.
//
// For each "address", in their order: a line "STATUS BYTES TYPE", a line feed, and that many bytes,
// which are what "/graph" answers. Documented in docs/operations.md, "Addresses".
#include <fmt/format.h>

#include "server/asked_graph.hpp"
#include "server/etag.hpp"
#include "server/http_error.hpp"
#include "server/pages.hpp"

namespace kurabe::server {
namespace {

// What a client waits for before it sees the first one, and what the server holds at once.
constexpr std::size_t kStripPicturesMax = 50;

class Strip {
  public:
    void add(const Picture& picture) {
        add_part(200, picture.content_type, picture.bytes);
        const bool is_shorter =
            shortest_ == nullptr || shortest_->is_settled ||
            (!picture.is_settled && picture.fresh_until < shortest_->fresh_until);
        if (is_shorter) shortest_ = &picture;
    }

    // In the place of a picture. The whole is not kept then: the next one may have it.
    void add(const Response& failure) {
        add_part(failure.status, failure.content_type, failure.body);
        is_whole_ = false;
    }

    [[nodiscard]] Response answer(const Visit& visit) && {
        Response response;
        response.content_type = "application/octet-stream";
        response.body = std::move(bytes_);
        response.headers.emplace_back(
            "Cache-Control", is_whole_ ? cache_control(*shortest_, visit.parts.now()) : "no-store");
        if (is_whole_) add_etag(response, visit.request);
        return response;
    }

  private:
    void add_part(int status, std::string_view type, std::string_view body) {
        fmt::format_to(std::back_inserter(bytes_), "{} {} {}\n", status, body.size(), type);
        bytes_ += body;
    }

    std::string bytes_;
    const Picture* shortest_ = nullptr;  // the first that becomes old
    bool is_whole_ = true;
};

// What "/graph" answers where there is no picture.
Response failure(const Error& error) {
    Response response;
    response.status = http_status(error.code);
    response.content_type = "text/plain; charset=utf-8";
    response.body = client_text(error);
    return response;
}

}  // namespace

Result<Response> graph_strip(const Visit& visit) {
    Parameters parameters(visit.request);
    const auto addresses = parameters.addresses();
    if (addresses.size() > kStripPicturesMax) {
        parameters.reject("address", fmt::format("is given more than {} times", kStripPicturesMax));
    }
    const std::string_view plugin = parameters.required("plugin_identifier");
    const std::string_view graph = parameters.required("graph");
    const GraphRequest request = read_graph_request(parameters, *find_graph_format("png"),
                                                    BareRange::kPassedOver, visit.parts);
    if (const auto checked = parameters.check(); !checked) return std::unexpected(checked.error());

    std::vector<PictureCache::Found> pictures;  // for as long as the strip looks at them
    Strip strip;
    for (const std::string_view address : addresses) {
        auto asked = find_or_draw(visit, request, {std::string(address), plugin, graph});
        if (!asked) {
            strip.add(failure(asked.error()));
        } else if (!*asked) {
            strip.add(asked->error());
        } else {
            strip.add(*pictures.emplace_back(**asked));
        }
    }
    return std::move(strip).answer(visit);
}

}  // namespace kurabe::server
