// Scenarios from seeds, and stores as bytes.
#include "tests/store/store_scenario.hpp"

#include <cstring>
#include <stdexcept>

#include <fmt/format.h>

#include "store/journal_segment.hpp"

namespace kurabe::tests {
namespace {

using namespace kurabe::store;

constexpr std::size_t kSeriesMax = 130;

std::string key_of(std::size_t series) {
    constexpr const char* kTypes[] = {"gauge", "derive", "counter", "absolute"};
    return fmt::format("s{}.{}", series, kTypes[series % 4]);
}

template <typename T>
void add(std::string& bytes, const T& value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void add(std::string& bytes, const Column& column) {
    bytes += column.plugin + '/' + column.key + '\n';
    add(bytes, column.history_start);
    add(bytes, column.last_time);
    add(bytes, column.last_raw.kind);
    add(bytes, column.last_raw.number);
    add(bytes, column.last_raw.integer);
    add(bytes, column.pdp.value);
    add(bytes, column.pdp.unknown_seconds);
    for (const CdpState& cdp : column.cdps) {
        add(bytes, cdp.value);
        add(bytes, cdp.unknown_pdps);
    }
}

}  // namespace

StoreOptions scenario_options(std::chrono::milliseconds commit_interval) {
    StoreOptions options;
    options.retention.rings = {{1, 10, {Cf::kAverage}}, {3, 8, {Cf::kAverage, Cf::kMin, Cf::kMax}}};
    options.values_per_run = 7;  // runs lie within a sector of a disk
    options.commit_interval = commit_interval;
    options.journal_segment_bytes = kSegmentBytesMin;
    return options;
}

bool is_taken(const AppendReport& report) {
    return std::ranges::all_of(
        report.refused, [](const Error& error) { return error.code == ErrorCode::kOutdated; });
}

std::string scenario_host(std::int64_t number) {
    return fmt::format("h{}", number % static_cast<std::int64_t>(kScenarioHosts));
}

RawValue Scenario::reading(std::size_t series) {
    const auto any = static_cast<std::int64_t>(random_() % 100'000);
    if (random_() % 20 == 0) return RawValue::unknown();
    switch (series % 4) {
        case 1:
            return RawValue::of_integer(any - 50'000);
        case 2:
            return RawValue::of_integer(WideInteger{any} * 1'000'000'007 * 1'000'000'007);
        default:
            return RawValue::of(static_cast<double>(any) / 7);
    }
}

// Of the last minutes, in any order; some fill a row, the others are refused.
void Scenario::add_late(Batch& batch, std::size_t series) {
    for (std::size_t i = 0; i < series; ++i) {
        if (random_() % 3 != 0) continue;
        batch.samples.push_back(
            {"plugin", key_of(i), reading(i), time_ - std::chrono::seconds{random_() % 400 + 1}});
    }
}

Batch Scenario::next() {
    const std::int64_t number = number_++;
    std::size_t& series = series_[static_cast<std::size_t>(number) % kScenarioHosts];
    const std::uint64_t event = random_() % 100;
    if (event < 10) series = std::min(series + 1, kSeriesMax);
    if (event >= 10 && event < 14) series = std::min(series + 20, kSeriesMax);
    const std::int64_t seconds =
        event == 14 ? 7200 : static_cast<std::int64_t>(1 + random_() % spacing_);
    time_ += std::chrono::microseconds{seconds * 1'000'000 + static_cast<int>(random_() % 3)};
    Batch batch{.host = scenario_host(number), .samples = {}};
    batch.samples.push_back(
        {"plugin", "mark.gauge", RawValue::of(static_cast<double>(number)), time_});
    for (std::size_t i = 0; i < series; ++i) {
        if (random_() % 10 == 0) continue;
        batch.samples.push_back({"plugin", key_of(i), reading(i), time_});
    }
    if (event >= 60) add_late(batch, series);
    return batch;
}

std::string contents_of(const Store& store, const std::string& host) {
    const auto series = store.series(host);
    if (!series && series.error().code == ErrorCode::kNotFound) return {};
    if (!series) return series.error().message;
    std::string bytes;
    for (const SeriesInfo& info : *series) {
        const auto copy = store.copy(info.name);
        if (!copy) return copy.error().message;
        add(bytes, copy->column);
        for (const std::vector<Value>& plane : copy->planes) {
            for (const Value value : plane) add(bytes, is_unknown(value) ? kUnknown : value);
        }
    }
    return bytes;
}

std::int64_t last_batch_of(const Store& store) {
    std::int64_t last = -1;
    for (const std::string& host : store.hosts()) {
        const auto mark = store.copy({host, "plugin", "mark.gauge"});
        if (mark) last = std::max(last, static_cast<std::int64_t>(mark->column.last_raw.number));
    }
    return last;
}

std::string difference(const Store& one, const Store& other) {
    for (std::size_t i = 0; i < kScenarioHosts; ++i) {
        const std::string host = scenario_host(static_cast<std::int64_t>(i));
        if (contents_of(one, host) != contents_of(other, host)) return host;
    }
    return {};
}

std::filesystem::path fast_directory() {
    const std::filesystem::path memory = "/dev/shm";
    std::error_code error;
    const bool is_there =
        std::filesystem::is_directory(memory, error) && ::access(memory.c_str(), W_OK) == 0;
    return is_there ? memory : std::filesystem::temp_directory_path();
}

std::unique_ptr<Store> open_store(const std::filesystem::path& directory,
                                  const StoreOptions& options) {
    auto store = Store::open(directory, options);
    if (!store) throw std::runtime_error(store.error().message);
    return *std::move(store);
}

}  // namespace kurabe::tests
