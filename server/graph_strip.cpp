// "/graphs": the same graph of several hosts in one answer, because a browser takes as long for an
// answer as for a picture: a hundred in a few are there in half the time.
//
// For each "address", in their order: a line "STATUS BYTES TYPE", a line feed, and that many bytes:
// status, body and type of "/graph". Documented in docs/operations.md, "Addresses".
#include <algorithm>

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
    void add(const Picture& picture, store::Time now) {
        add_part(200, picture.content_type, picture.bytes);
        max_age_ = std::min(max_age_, max_age(picture, now));
    }

    // In the place of a picture. The whole is not kept then: the next one may have it.
    void add_failure(int status, std::string_view type, std::string_view body) {
        add_part(status, type, body);
        is_whole_ = false;
    }

    [[nodiscard]] Response answer(const Request& request) && {
        Response response;
        response.content_type = "application/octet-stream";
        response.body = std::move(bytes_);
        response.headers.emplace_back("Cache-Control",
                                      is_whole_ ? cache_control(max_age_) : "no-store");
        if (is_whole_) add_etag(response, request);
        return response;
    }

  private:
    void add_part(int status, std::string_view type, std::string_view body) {
        fmt::format_to(std::back_inserter(bytes_), "{} {} {}\n", status, body.size(), type);
        bytes_ += body;
    }

    std::string bytes_;
    // Of the picture that becomes old first: one was drawn before its range was settled.
    store::Seconds max_age_ = store::Seconds::max();
    bool is_whole_ = true;
};

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

    Strip strip;
    for (const std::string_view address : addresses) {
        const auto asked = find_or_draw(visit, request, {std::string(address), plugin, graph});
        if (!asked) {
            const Error& error = asked.error();
            strip.add_failure(http_status(error.code), "text/plain; charset=utf-8",
                              client_text(error) + '\n');
        } else if (!*asked) {
            const Response& why = asked->error();
            strip.add_failure(why.status, why.content_type, why.body);
        } else {
            strip.add(***asked, visit.parts.now());
        }
    }
    return std::move(strip).answer(visit.request);
}

}  // namespace kurabe::server
