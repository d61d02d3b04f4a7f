// Two series sources behind one interface: the store itself, and a server's /api/fetch.
#include "cli/series_access.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "cli/http_client.hpp"
#include "server/series_json.hpp"
#include "store/sample.hpp"
#include "store/store.hpp"

namespace kurabe::cli {

namespace {

constexpr std::chrono::seconds kFetchDeadline{30};

// Series of the store have one data source, and RRDtool's users name it.
Result<store::SeriesName> name_of(const render::SeriesReference& reference) {
    if (reference.ds != "n") {
        return fail(ErrorCode::kInvalid, "No DS called '" + reference.ds + "' in '" +
                                             reference.series +
                                             "'; a series of the store has one, 'n'");
    }
    return store::SeriesName::parse(reference.series);
}

class StoreSeries : public render::SeriesSource {
  public:
    explicit StoreSeries(std::unique_ptr<store::Store> opened) : store_(std::move(opened)) {}

    Result<store::FetchedSeries> fetch(const render::SeriesReference& reference,
                                       const store::FetchRequest& request) const override {
        const auto name = name_of(reference);
        if (!name) {
            return std::unexpected(name.error());
        }
        return store_->fetch(*name, request);
    }

  private:
    std::unique_ptr<store::Store> store_;
};

class ServerSeries : public render::SeriesSource {
  public:
    explicit ServerSeries(std::string url) : url_(std::move(url)) {
        while (url_.ends_with('/')) {
            url_.pop_back();
        }
    }

    Result<store::FetchedSeries> fetch(const render::SeriesReference& reference,
                                       const store::FetchRequest& request) const override {
        const auto name = name_of(reference);
        if (!name) {
            return std::unexpected(name.error());
        }
        const auto reply = http_get(request_url(*name, request), kFetchDeadline);
        if (!reply) {
            return fail(reply.error().code, reply.error().message +
                                                "; is the server running? --server URL or "
                                                "--data DIR say where series are");
        }
        if (reply->status != 200) {
            return std::unexpected(server::error_from_json(reply->body));
        }
        return server::series_from_json(reply->body);
    }

  private:
    std::string request_url(const store::SeriesName& name,
                            const store::FetchRequest& request) const {
        return url_ + "/api/fetch?series=" + url_encode(name.text()) +
               "&cf=" + std::string(store::rra_cf_name(request.cf)) +
               "&start=" + std::to_string(request.start.time_since_epoch().count()) +
               "&end=" + std::to_string(request.end.time_since_epoch().count()) +
               "&resolution=" + std::to_string(request.resolution.count());
    }

    std::string url_;
};

}  // namespace

Result<std::unique_ptr<render::SeriesSource>> open_series(const SeriesPlace& place) {
    if (!place.data) {
        return std::make_unique<ServerSeries>(place.server);
    }
    auto opened = store::Store::open(
        *place.data, store::StoreOptions{.access = store::StoreOptions::Access::kRead});
    if (!opened) {
        return std::unexpected(opened.error());
    }
    return std::make_unique<StoreSeries>(std::move(*opened));
}

}  // namespace kurabe::cli
