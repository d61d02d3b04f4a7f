// The start after a crash: how long the journal of some minutes takes, until the first row is read.
//
//   recovery [--hosts 3000] [--metrics 60] [--minutes 5] [--rows-percent 20] [--directory DIR]
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>

#include "bench/measuring.hpp"
#include "store/store.hpp"

namespace {

using namespace kurabe;
using namespace kurabe::bench;
using namespace kurabe::store;

constexpr Time kBegin{Seconds{1'700'001'600}};

Batch minute_of(std::size_t host, std::size_t metrics, std::size_t minute) {
    Batch batch{.host = "host" + std::to_string(host), .samples = {}};
    for (std::size_t metric = 0; metric < metrics; ++metric) {
        batch.samples.push_back({"base", "metric-" + std::to_string(metric) + ".gauge",
                                 RawValue::of(static_cast<double>(metric * minute)),
                                 kBegin + Seconds{60 * minute}});
    }
    return batch;
}

}  // namespace

int main(int count, char** arguments) {
    const Options options(
        "recovery",
        {{"--hosts", 3000}, {"--metrics", 60}, {"--minutes", 5}, {"--rows-percent", 20}}, count,
        arguments);
    raise_open_file_limit();
    const auto directory = options.fresh_directory();
    StoreOptions store_options;
    for (RingShape& ring : store_options.retention.rings) {
        ring.rows = static_cast<std::uint32_t>(ring.rows * options["--rows-percent"] / 100 + 1);
    }
    {
        const auto store = checked(Store::open(directory, store_options));
        for (std::size_t minute = 0; minute <= options["--minutes"]; ++minute) {
            for (std::size_t host = 0; host < options["--hosts"]; ++host) {
                (void)checked(store->append(minute_of(host, options["--metrics"], minute)));
            }
            if (minute == 0) checked(store->checkpoint());
        }
    }  // without close(), as a kill leaves it
    const CpuSeconds begin = cpu_seconds();
    const auto wall = std::chrono::steady_clock::now();
    const auto store = checked(Store::open(directory, store_options));
    (void)checked(store->fetch({"host0", "base", "metric-0.gauge"},
                               {.start = kBegin, .end = kBegin + Seconds{240}}));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - wall;
    const double cpu = (cpu_seconds() - begin).total();
    const auto samples = static_cast<double>(store->recovery().samples);
    std::printf(
        "%zu hosts: %.0f samples of the journal in %.2f s (%.2f CPU s): %.0f samples per "
        "CPU s\n",
        options["--hosts"], samples, took.count(), cpu, samples / cpu);
    checked(store->close());
    std::filesystem::remove_all(directory);
    return 0;
}
