// A whole site for tests: real configuration, plugins and metadata, a store in memory, a clock that
// stands still unless the test moves it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "render/renderer.hpp"
#include "server/request_text.hpp"
#include "server/site.hpp"
#include "server/url.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::server {

// Every known series has the value of its own, all the time.
class FakeStore final : public store::Store {
  public:
    std::map<store::SeriesName, double> series_values;
    std::set<std::string, std::less<>> damaged_hosts;
    // Of which no series can be read, and why.
    std::map<std::string, Error, std::less<>> unreadable_hosts;

    // Called by each fetch(), for tests of what is read.
    std::function<void()> fetching;

    // What append() does, for tests of what is pushed.
    std::function<Result<store::AppendReport>(const store::Batch&)> appending;

    Result<store::AppendReport> append(const store::Batch& batch, store::Seconds) override {
        if (appending) return appending(batch);
        return fail(ErrorCode::kUnsupported, "this store is only read");
    }
    Result<store::FetchedSeries> fetch(const store::SeriesName& name,
                                       const store::FetchRequest& request) const override {
        if (fetching) fetching();
        if (damaged_hosts.contains(name.host)) return damage(name.host);
        const auto found = series_values.find(name);
        if (found == series_values.end()) return fail(ErrorCode::kNotFound, "no series");
        using std::chrono::minutes;
        store::FetchedSeries rows{std::chrono::floor<minutes>(request.start),
                                  std::chrono::floor<minutes>(request.end) + minutes{1},
                                  minutes{1},
                                  {}};
        rows.values.assign(static_cast<std::size_t>((rows.end - rows.start) / rows.step),
                           found->second);
        return rows;
    }
    Result<store::SeriesInfo> info(const store::SeriesName&) const override {
        return fail(ErrorCode::kNotFound, "no series");
    }
    // One row of the value.
    Result<store::SeriesCopy> copy(const store::SeriesName& name) const override {
        if (damaged_hosts.contains(name.host)) return damage(name.host);
        const auto found = series_values.find(name);
        if (found == series_values.end()) return fail(ErrorCode::kNotFound, "no series");
        store::SeriesCopy copy{.retention = {.rings = {{1, 1, {store::Cf::kAverage}}}},
                               .column = {},
                               .planes = {{found->second}}};
        copy.column.source.type = store::ds_type_of_key(name.key).value();
        copy.column.last_time = store::SampleTime{std::chrono::seconds{1'700'000'000}};
        return copy;
    }
    // Of rows of a minute.
    Result<Statistics> statistics(std::span<const store::SeriesName> series,
                                  const store::StatisticsRequest& request) const override {
        Statistics all;
        for (const store::SeriesName& name : series) {
            const auto found = series_values.find(name);
            if (found == series_values.end()) {
                all.push_back(fail(ErrorCode::kNotFound, "no series"));
                continue;
            }
            auto& of_series = all.emplace_back();
            for (const auto& [from, to] : request.ranges) {
                using std::chrono::minutes;
                std::vector<store::Value> rows(static_cast<std::size_t>((to - from) / minutes{1}),
                                               found->second);
                of_series->push_back(store::summarize({rows, rows, rows}, request.percentile));
                of_series->back().resolution = minutes{1};
            }
        }
        return all;
    }
    Result<void> insert(const std::string&, const store::SeriesCopy&) override {
        return fail(ErrorCode::kUnsupported, "this store is only read");
    }
    Result<store::Retention> retention(std::string_view) const override {
        return store::Retention::kurado();
    }
    std::vector<std::string> hosts() const override {
        std::set<std::string> names(damaged_hosts.begin(), damaged_hosts.end());
        for (const auto& [name, value] : series_values) names.insert(name.host);
        return {names.begin(), names.end()};
    }
    Result<std::vector<store::SeriesInfo>> series(std::string_view host) const override {
        if (damaged_hosts.contains(host)) return damage(host);
        const auto unreadable = unreadable_hosts.find(host);
        if (unreadable != unreadable_hosts.end()) return std::unexpected(unreadable->second);
        std::vector<store::SeriesInfo> infos;
        for (const auto& [name, value] : series_values) {
            if (name.host != host) continue;
            infos.push_back({name, store::ds_type_of_key(name.key).value(),
                             store::SampleTime{std::chrono::microseconds{1'700'000'000'250'000}}});
        }
        if (infos.empty()) return fail(ErrorCode::kNotFound, "no host");
        return infos;
    }
    std::vector<store::DamagedArchive> damaged() const override {
        std::vector<store::DamagedArchive> list;
        for (const std::string& host : damaged_hosts) list.push_back({host, "bad magic"});
        return list;
    }
    const store::Recovery& recovery() const override { return recovery_; }
    using Store::checkpoint;
    Result<void> checkpoint(std::chrono::milliseconds, const std::stop_token&) override {
        return {};
    }
    Result<void> close() override { return {}; }

  private:
    static std::unexpected<Error> damage(std::string_view host) {
        return fail(ErrorCode::kDamaged, fmt::format("/secret/dir/{}.kurabe: bad magic", host));
    }

    store::Recovery recovery_;
};

class SiteFixture : public testing::Test {
  protected:
    static constexpr std::string_view kRoll = "metrics:\n- base\n";

    // 2026-01-02 03:04:05 UTC
    static constexpr store::Time kNow{store::Seconds{1767323045}};

    void write(const std::string& name, std::string_view text) { directory_.write(name, text); }

    // `services` are the documents behind the first.
    void open(std::string_view services) {
        write("rolls/base.yml", kRoll);
        write("config.yml", fmt::format("config: {{ data_dir: data, rolls_dir: rolls, "
                                        "metrics_plugin_dir: [ plugins ] }}\n{}",
                                        services));
        auto config = load_config(directory_.path() / "config.yml");
        ASSERT_TRUE(config) << config.error().message;
        config_ = std::make_unique<Config>(*std::move(config));
        auto plugins = PluginCatalogue::load(config_->plugin_dirs);
        ASSERT_TRUE(plugins) << plugins.error().message;
        plugins_ = std::make_unique<PluginCatalogue>(*std::move(plugins));
        auto metadata =
            Metadata::open(directory_.path() / "metadata.sqlite", Metadata::Access::kWrite);
        ASSERT_TRUE(metadata) << metadata.error().message;
        metadata_ = *std::move(metadata);
        now_ = kNow - store::Seconds{86'400};  // it has been there for long
        make_site();
        now_ = kNow;
    }

    void make_site() {
        site_ = std::make_unique<Site>(
            SiteParts{.config = *config_,
                      .plugins = *plugins_,
                      .store = store_,
                      .metadata = *metadata_,
                      .log = log_,
                      .zone = zone_,
                      .now = [this] { return now_; },
                      .config_state = &config_state_,
                      .started = now_,
                      .heard_before = metadata_->last_received().value_or(std::nullopt)});
    }

    void report(collectors::Report given, store::Time received = kNow) {
        given.time = received;
        const auto stored = metadata_->store(given, received);
        ASSERT_TRUE(stored) << stored.error().message;
    }

    // A host that was heard of just now, with one network card and one disk.
    void report_base(const std::string& address, store::Time received = kNow) {
        collectors::Report given;
        given.batch.host = address;
        given.meta = {{"base", "traffic-interfaces", "eth0"},
                      {"base", "disk-usage-devices", "sda1"},
                      {"base", "disk-io-devices", "sda"},
                      {"base", "version", "Linux"}};
        report(given, received);
    }

    // "/path?query"
    Response get(std::string_view target, std::string_view method = "GET",
                 std::string_view language = "ja") {
        Request request;
        request.method = method;
        EXPECT_TRUE(take_target(target, request));
        request.headers.emplace_back("accept-language", language);
        return site_->answer(request);
    }

    store::Time now_ = kNow;
    store::TimeZone zone_ = store::TimeZone::utc();
    tests::TemporaryDirectory directory_;
    Log log_{STDERR_FILENO, LogLevel::kError};
    std::unique_ptr<Config> config_;
    std::unique_ptr<PluginCatalogue> plugins_;
    FakeStore store_;
    std::unique_ptr<Metadata> metadata_;
    ConfigState config_state_;
    std::unique_ptr<Site> site_;
};

[[nodiscard]] inline std::string header_of(const Response& response, std::string_view name) {
    for (const auto& [given, value] : response.headers) {
        if (given == name) return value;
    }
    return {};
}

// Width and height from a PNG's first chunk; {0, 0} when it is none.
[[nodiscard]] inline render::ImageSize png_size(std::string_view bytes) {
    if (bytes.size() < 24 || !bytes.starts_with("\x89PNG\r\n\x1a\n")) return {};
    const auto number = [bytes](std::size_t at) {
        int value = 0;
        for (std::size_t i = at; i < at + 4; ++i) {
            value = value * 256 + static_cast<unsigned char>(bytes[i]);
        }
        return value;
    };
    return {number(16), number(20)};
}

}  // namespace kurabe::server
