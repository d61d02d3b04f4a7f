// Storing samples: values per CPU second of Store::append beside librrd's rrd_update_r on one file
// per metric with Kurado's twelve RRAs. Both in one run, on the same file system.
//
// Every --clean simulated minutes the dirty pages are written by another process, as the kernel
// does it behind a server; checkpoints come every --checkpoint minutes.
//
//   append [--hosts 1000] [--metrics 60] [--minutes 20] [--run 63] [--checkpoint 5] [--clean 1]
//          [--open ARCHIVES] [--rows-percent 100] [--rrd-files 1000] [--rrd-minutes 20]
//          [--directory DIR]
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <rrd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/kurado_rrds.hpp"
#include "bench/measuring.hpp"
#include "store/store.hpp"

namespace {

using namespace kurabe;
using namespace kurabe::bench;
using namespace kurabe::store;

// Twenty minutes before the end of an hour, so that rows of all rings but the last are closed.
constexpr Time kBegin{Seconds{1'700'001'600}};

// Bytes of page cache that this process has dirtied.
double dirtied_bytes() {
    std::ifstream counters("/proc/self/io");
    std::string name;
    double value = 0;
    while (counters >> name >> value) {
        if (name == "write_bytes:") return value;
    }
    return 0;
}

class Fleet {
  public:
    Fleet(std::size_t hosts, std::size_t metrics) {
        for (std::size_t host = 0; host < hosts; ++host) {
            Batch batch{.host = "host" + std::to_string(host), .samples = {}};
            for (std::size_t metric = 0; metric < metrics; ++metric) {
                const bool is_gauge = metric % 3 == 0;
                batch.samples.push_back(
                    {.plugin = "plugin" + std::to_string(metric / 10),
                     .key = "metric-" + std::to_string(metric) + (is_gauge ? ".gauge" : ".derive"),
                     .value = {},
                     .time = {}});
            }
            batches_.push_back(std::move(batch));
        }
    }

    // The readings of one minute; hosts are asked at different seconds.
    void read(std::size_t minute) {
        for (std::size_t host = 0; host < batches_.size(); ++host) {
            const SampleTime time = kBegin + Seconds{60 * minute + host % 60};
            for (std::size_t i = 0; i < batches_[host].samples.size(); ++i) {
                Sample& sample = batches_[host].samples[i];
                const auto count = static_cast<std::int64_t>(minute * (1000 + 7 * i) + host);
                sample.time = time;
                sample.value = i % 3 == 0 ? RawValue::of(static_cast<double>(count % 1000) / 8)
                                          : RawValue::of_integer(count);
            }
        }
    }
    [[nodiscard]] const std::vector<Batch>& batches() const noexcept { return batches_; }

  private:
    std::vector<Batch> batches_;
};

struct Measured {
    CpuSeconds append;
    CpuSeconds checkpoints;
    double dirtied = 0;
    double values = 0;
};

// Writes what is dirty, at the cost of a child. That is there before the store is: a later one
// would share its memory, and make it copy what it changes.
class PageCleaner {
  public:
    PageCleaner() {
        if (::pipe(orders_) != 0 || ::pipe(answers_) != 0) stop("no pipe");
        child_ = ::fork();
        if (child_ < 0) stop("no child");
        if (child_ == 0) serve();
        ::close(orders_[0]);
        ::close(answers_[1]);
    }
    ~PageCleaner() {
        ::close(orders_[1]);
        ::close(answers_[0]);
        ::waitpid(child_, nullptr, 0);
    }
    PageCleaner(const PageCleaner&) = delete;
    PageCleaner& operator=(const PageCleaner&) = delete;

    void clean() const {
        char byte = 0;
        if (::write(orders_[1], &byte, 1) != 1 || ::read(answers_[0], &byte, 1) != 1) {
            stop("the child that writes pages is gone");
        }
    }

  private:
    [[noreturn]] void serve() const {
        ::close(orders_[1]);
        char byte = 0;
        while (::read(orders_[0], &byte, 1) == 1) {
            ::sync();
            if (::write(answers_[1], &byte, 1) != 1) break;
        }
        ::_exit(0);
    }

    int orders_[2];
    int answers_[2];
    pid_t child_;
};

// Of this process at most so far, in bytes.
double memory_peak() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return 1024.0 * static_cast<double>(usage.ru_maxrss);
}

double disk_bytes(const std::filesystem::path& directory) {
    double bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
        if (entry.is_regular_file()) bytes += static_cast<double>(entry.file_size());
    }
    return bytes;
}

Measured measure_store(const Options& options, const std::filesystem::path& directory) {
    const PageCleaner cleaner;
    StoreOptions store_options;
    // Fewer rows take less of the disk and cost the same.
    for (RingShape& ring : store_options.retention.rings) {
        ring.rows = static_cast<std::uint32_t>(ring.rows * options["--rows-percent"] / 100 + 1);
    }
    if (options["--open"] > 0) store_options.open_archives_max = options["--open"];
    store_options.values_per_run = static_cast<std::uint32_t>(options["--run"]);
    const auto store = checked(Store::open(directory, store_options));
    Fleet fleet(options["--hosts"], options["--metrics"]);
    Measured measured;
    const auto append_all = [&](std::size_t minute) {
        fleet.read(minute);
        const CpuSeconds begin = cpu_seconds();
        std::size_t stored = 0;
        for (const Batch& batch : fleet.batches()) stored += checked(store->append(batch)).stored;
        measured.append += cpu_seconds() - begin;
        measured.values += static_cast<double>(stored);
    };

    append_all(0);  // makes the archives
    checked(store->checkpoint());
    measured = {};
    const double dirtied_before = dirtied_bytes();
    for (std::size_t minute = 1; minute <= options["--minutes"]; ++minute) {
        append_all(minute);
        if (minute % options["--clean"] == 0) cleaner.clean();
        if (minute % options["--checkpoint"] != 0) continue;
        const CpuSeconds begin = cpu_seconds();
        checked(store->checkpoint());
        measured.checkpoints += cpu_seconds() - begin;
    }
    measured.dirtied = dirtied_bytes() - dirtied_before;
    checked(store->close());
    return measured;
}

Measured measure_rrd(const Options& options, const std::filesystem::path& directory) {
    const std::vector<std::string> paths = create_kurado_rrds(
        directory, options["--rrd-files"], kBegin.time_since_epoch().count() - 10);
    Measured measured;
    for (std::size_t minute = 0; minute <= options["--rrd-minutes"]; ++minute) {
        if (minute == 1) measured = {};
        const CpuSeconds begin = cpu_seconds();
        for (std::size_t i = 0; i < paths.size(); ++i) {
            const auto time =
                kBegin.time_since_epoch().count() + static_cast<std::int64_t>(60 * minute + i % 60);
            const std::string argument =
                std::to_string(time) + ':' + std::to_string(minute * (1000 + i));
            const char* arguments[] = {argument.c_str()};
            if (rrd_update_r(paths[i].c_str(), nullptr, 1, arguments) != 0) stop(rrd_get_error());
        }
        measured.append += cpu_seconds() - begin;
        measured.values += static_cast<double>(paths.size());
    }
    return measured;
}

void print(const char* name, const Measured& measured) {
    std::printf("%-8s %9.0f values in %7.3f CPU s = %9.0f values/CPU s\n", name, measured.values,
                measured.append.total(), measured.values / measured.append.total());
}

}  // namespace

int main(int count, char** arguments) {
    const Options options("append",
                          {{"--hosts", 1000},
                           {"--metrics", 60},
                           {"--minutes", 20},
                           {"--run", 63},
                           {"--checkpoint", 5},
                           {"--clean", 1},
                           {"--open", 0},
                           {"--rows-percent", 100},
                           {"--rrd-files", 1000},
                           {"--rrd-minutes", 20}},
                          count, arguments);
    raise_open_file_limit();
    const auto directory = options.fresh_directory();
    const Measured ours = measure_store(options, directory / "store");
    print("kurabe", ours);
    const auto metrics = static_cast<double>(options["--hosts"] * options["--metrics"]);
    std::printf("         with checkpoints %.0f values/CPU s; %.0f bytes dirtied per value\n",
                ours.values / (ours.append.total() + ours.checkpoints.total()),
                ours.dirtied / ours.values);
    std::printf(
        "         %.2f %% of a core for a minute of %.0f metrics; memory at most %.0f MB; "
        "%.0f bytes of disk per metric\n",
        100 * (ours.append.total() + ours.checkpoints.total()) /
            (60 * static_cast<double>(options["--minutes"])),
        metrics, memory_peak() / 1e6, disk_bytes(directory / "store" / "hosts") / metrics);
    const Measured theirs = measure_rrd(options, directory / "rrd");
    std::filesystem::remove_all(directory);
    print("librrd", theirs);
    std::printf("ratio    %.1f\n",
                (ours.values / ours.append.total()) / (theirs.values / theirs.append.total()));
    return 0;
}
