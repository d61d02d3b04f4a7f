// Two series sources behind one interface: the store itself, and a server's /api/fetch.
#include "cli/series_access.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "cli/http_client.hpp"
#include "cli/open_files.hpp"
#include "cli/token_file.hpp"
#include "server/series_json.hpp"
#include "store/rrd/series_file.hpp"
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

std::vector<store::SeriesName> names_of(std::vector<store::SeriesInfo> infos) {
    std::vector<store::SeriesName> names;
    for (store::SeriesInfo& info : infos) names.push_back(std::move(info.name));
    return names;
}

class StoreSeries final : public SeriesAccess {
  public:
    explicit StoreSeries(std::unique_ptr<store::Store> opened) : store_(std::move(opened)) {}

    Result<store::FetchedSeries> fetch(const render::SeriesReference& reference,
                                       const store::FetchRequest& request) const override {
        const auto name = name_of(reference);
        if (!name) return std::unexpected(name.error());
        return store_->fetch(*name, request);
    }

    Result<std::string> file(const store::SeriesName& series) const override {
        const auto copy = store_->copy(series);
        if (!copy) return std::unexpected(copy.error());
        return store::rrd::series_file(*copy);
    }

    Result<std::vector<store::SeriesName>> series_of(const std::string& host) const override {
        auto infos = store_->series(host);
        if (!infos) return std::unexpected(infos.error());
        return names_of(std::move(*infos));
    }

  private:
    std::unique_ptr<store::Store> store_;
};

class ServerSeries final : public SeriesAccess {
  public:
    ServerSeries(std::string url, std::vector<std::string> headers)
        : url_(std::move(url)), headers_(std::move(headers)) {
        while (url_.ends_with('/')) {
            url_.pop_back();
        }
    }

    Result<store::FetchedSeries> fetch(const render::SeriesReference& reference,
                                       const store::FetchRequest& request) const override {
        const auto name = name_of(reference);
        if (!name) return std::unexpected(name.error());
        const auto json = get("/api/fetch?series=" + url_encode(name->text()) +
                              "&cf=" + std::string(store::rra_cf_name(request.cf)) +
                              "&start=" + seconds(request.start.time_since_epoch()) +
                              "&end=" + seconds(request.end.time_since_epoch()) +
                              "&resolution=" + seconds(request.resolution));
        if (!json) return std::unexpected(json.error());
        return server::series_from_json(*json);
    }

    Result<std::string> file(const store::SeriesName& series) const override {
        return get("/api/rrd?series=" + url_encode(series.text()));
    }

    Result<std::vector<store::SeriesName>> series_of(const std::string& host) const override {
        const auto json = get("/api/series?host=" + url_encode(host));
        if (!json) return std::unexpected(json.error());
        auto infos = server::series_list_from_json(*json);
        if (!infos) return std::unexpected(infos.error());
        return names_of(std::move(*infos));
    }

  private:
    static std::string seconds(store::Seconds duration) { return std::to_string(duration.count()); }

    // The body of a good reply.
    Result<std::string> get(const std::string& path) const {
        auto reply = http_get(url_ + path, kFetchDeadline, headers_);
        if (!reply) {
            return fail(reply.error().code, reply.error().message +
                                                "; is the server running? --server URL or "
                                                "--data DIR say where series are");
        }
        if (reply->status != 200) return std::unexpected(server::error_from_json(reply->body));
        return std::move(reply->body);
    }

    std::string url_;
    std::vector<std::string> headers_;
};

Result<std::unique_ptr<SeriesAccess>> open_server(const SeriesPlace& place) {
    std::vector<std::string> headers;
    if (place.token_file) {
        const auto token = read_token(*place.token_file, std::nullopt);
        if (!token) return std::unexpected(token.error());
        headers.push_back("Authorization: Bearer " + *token);
    }
    return std::make_unique<ServerSeries>(place.server, std::move(headers));
}

}  // namespace

Result<std::unique_ptr<SeriesAccess>> open_series(const SeriesPlace& place) {
    if (!place.data) return open_server(place);
    store::StoreOptions options;
    options.access = store::StoreOptions::Access::kRead;
    options.open_archives_max = open_archives_max();
    auto opened = store::Store::open(*place.data, options);
    if (!opened) {
        return std::unexpected(opened.error());
    }
    return std::make_unique<StoreSeries>(std::move(*opened));
}

}  // namespace kurabe::cli
