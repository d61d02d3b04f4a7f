// "/metrics": what this server does, for Prometheus.
#include <chrono>

#include "server/metrics_text.hpp"
#include "server/pages.hpp"

namespace kurabe::server {
namespace {

void tell_pictures(const PictureCache& pictures, MetricsText& text) {
    const PictureCache::Counts counts = pictures.counts();
    text.counter("kurabe_pictures_drawn_total", "Pictures drawn, those that failed among them.",
                 static_cast<double>(counts.drawn));
    text.counter("kurabe_pictures_found_total", "Pictures answered from the cache.",
                 static_cast<double>(counts.found));
    text.counter("kurabe_pictures_shared_total",
                 "Pictures answered by what was being drawn for another request.",
                 static_cast<double>(counts.shared));
    text.summary("kurabe_picture_draw_duration_seconds",
                 "From the beginning of a drawing, the wait for a renderer included, to its end.",
                 std::chrono::duration<double>(counts.drawing).count(), counts.ended);
    text.gauge("kurabe_picture_cache_pictures", "Pictures in the cache.",
               static_cast<double>(counts.kept));
    text.gauge("kurabe_picture_cache_bytes", "Memory that the cache's pictures take.",
               static_cast<double>(counts.bytes));
}

}  // namespace

Result<Response> metrics_endpoint(const Visit& visit) {
    MetricsText text;
    tell_pictures(visit.graphs.pictures(), text);
    if (visit.parts.tell_metrics) visit.parts.tell_metrics(text);
    Response response;
    response.content_type = kMetricsType;
    response.headers.emplace_back("Cache-Control", "no-store");
    response.body = text.take();
    return response;
}

}  // namespace kurabe::server
