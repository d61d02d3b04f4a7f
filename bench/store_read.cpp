// Reading the store: a day of one-minute rows of every series, and statistics of one metric of all
// hosts, beside librrd's rrd_fetch_r, which opens its file each time. All in one run.
//
//   store_read [--hosts 200] [--metrics 60] [--rounds 5] [--rrd-files 200] [--run 63]
//              [--statistics-hosts 3000] [--directory DIR]
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

#include "bench/day_of_minutes.hpp"
#include "bench/measuring.hpp"
#include "store/rrd/series_file.hpp"
#include "store/store.hpp"

namespace {

using namespace kurabe;
using namespace kurabe::bench;
using namespace kurabe::store;

std::unique_ptr<Store> make_store(const std::filesystem::path& directory, std::size_t hosts,
                                  std::size_t metrics, std::size_t run) {
    StoreOptions options;
    options.values_per_run = static_cast<std::uint32_t>(run);
    auto store = checked(Store::open(directory, options));
    std::vector<SeriesCopy> copies;
    for (std::size_t metric = 0; metric < metrics; ++metric) copies.push_back(full_series(metric));
    for (std::size_t host = 0; host < hosts; ++host) {
        for (const SeriesCopy& copy : copies) {
            checked(store->insert("host" + std::to_string(host), copy));
        }
    }
    ::sync();  // writing it is not to be seen in what follows
    return store;
}

double fetches_of_store(const Store& store, std::size_t metrics, std::size_t rounds) {
    const std::vector<std::string> hosts = store.hosts();
    std::vector<SeriesName> names;
    for (const std::string& host : hosts) {
        for (std::size_t metric = 0; metric < metrics; ++metric) {
            names.push_back({host, "base", "metric-" + std::to_string(metric) + ".gauge"});
        }
    }
    const auto fetch_all = [&] {
        for (const SeriesName& name : names) {
            check_rows(static_cast<std::int64_t>(checked(store.fetch(name, kDay)).values.size()));
        }
    };
    fetch_all();  // maps every page
    const CpuSeconds begin = cpu_seconds();
    for (std::size_t round = 0; round < rounds; ++round) fetch_all();
    return static_cast<double>(rounds * names.size()) / (cpu_seconds() - begin).total();
}

double fetches_of_librrd(const std::filesystem::path& directory, std::size_t files,
                         std::size_t rounds) {
    const std::string bytes = rrd::series_file(full_series(1));
    std::filesystem::create_directories(directory);
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < files; ++i) {
        paths.push_back((directory / (std::to_string(i) + ".rrd")).string());
        std::ofstream(paths.back(), std::ios::binary) << bytes;
    }
    const CpuSeconds begin = cpu_seconds();
    for (std::size_t round = 0; round < rounds; ++round) {
        for (const std::string& path : paths) {
            check_rows(librrd_day(path));
        }
    }
    return static_cast<double>(rounds * paths.size()) / (cpu_seconds() - begin).total();
}

struct Times {
    double wall_ms = 0;
    double cpu_ms = 0;
};

Times measure_statistics(const Store& store, std::int64_t rows_enough, bool has_percentile,
                         std::size_t rounds) {
    std::vector<SeriesName> names;
    for (const std::string& host : store.hosts()) {
        names.push_back({host, "base", "metric-1.gauge"});
    }
    StatisticsRequest request{.ranges = {{kLast - Seconds{86'400}, kLast}}};
    request.rows_enough = rows_enough;
    if (has_percentile) request.percentile = 95;
    const auto run = [&] {
        for (const auto& one : checked(store.statistics(names, request))) (void)checked(one);
    };
    run();
    const auto wall = std::chrono::steady_clock::now();
    const CpuSeconds begin = cpu_seconds();
    for (std::size_t round = 0; round < rounds; ++round) run();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - wall;
    const auto per_call = static_cast<double>(rounds);
    return {took.count() / per_call, 1000 * (cpu_seconds() - begin).total() / per_call};
}

}  // namespace

int main(int count, char** arguments) {
    const Options options("store-read",
                          {{"--hosts", 200},
                           {"--metrics", 60},
                           {"--rounds", 5},
                           {"--rrd-files", 200},
                           {"--run", 63},
                           {"--statistics-hosts", 3000}},
                          count, arguments);
    raise_open_file_limit();
    const auto directory = options.fresh_directory();
    {
        const auto store = make_store(directory / "store", options["--hosts"], options["--metrics"],
                                      options["--run"]);
        const double ours = fetches_of_store(*store, options["--metrics"], options["--rounds"]);
        const double theirs =
            fetches_of_librrd(directory / "rrd", options["--rrd-files"], 10 * options["--rounds"]);
        std::printf("a day of %lld rows, fetches per CPU s: kurabe %.0f, librrd %.0f, ratio %.1f\n",
                    static_cast<long long>(kRows), ours, theirs, ours / theirs);
    }
    std::filesystem::remove_all(directory);
    const auto store =
        make_store(directory / "store", options["--statistics-hosts"], 4, options["--run"]);
    const auto print = [&](const char* what, std::int64_t rows_enough, bool has_percentile) {
        const Times times =
            measure_statistics(*store, rows_enough, has_percentile, 4 * options["--rounds"]);
        std::printf("statistics of a day, %zu hosts, %-34s %7.2f ms, %7.2f CPU ms\n",
                    options["--statistics-hosts"], what, times.wall_ms, times.cpu_ms);
    };
    print("5-minute rows", 200, false);
    print("5-minute rows with a percentile", 200, true);
    print("1-minute rows", kRows, false);
    print("1-minute rows with a percentile", kRows, true);
    std::filesystem::remove_all(directory);
    return 0;
}
