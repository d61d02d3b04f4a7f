// Updating .rrd files: one-value updates per CPU second of files that one process keeps open,
// beside librrd's rrd_update_r, which opens its file each time. Both in one run, on the same file
// system, with Kurado's archives: one value per minute and file.
//
//   rrd_update [--files 1000] [--minutes 300] [--rrd-minutes 5] [--directory DIR]
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <rrd.h>

#include "bench/measuring.hpp"
#include "store/rrd/updater.hpp"

namespace {

using namespace kurabe;
using namespace kurabe::bench;
using namespace kurabe::store;

// Twenty minutes before the end of an hour, so that rows of all RRAs but the last are closed.
constexpr std::int64_t kBegin_s = 1'700'001'600;

std::vector<std::string> create_files(const std::filesystem::path& directory, std::size_t files) {
    std::filesystem::create_directories(directory);
    std::vector<const char*> definitions{"DS:n:DERIVE:120:U:U"};
    for (const char* rra : {"RRA:AVERAGE:0.5:1:2880", "RRA:AVERAGE:0.5:5:2880",
                            "RRA:AVERAGE:0.5:60:960", "RRA:AVERAGE:0.5:1440:1100",
                            "RRA:MAX:0.5:5:2880", "RRA:MAX:0.5:60:960", "RRA:MAX:0.5:1440:1100"}) {
        definitions.push_back(rra);
    }
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < files; ++i) {
        paths.push_back((directory / (std::to_string(i) + ".rrd")).string());
        if (rrd_create_r(paths.back().c_str(), 60, kBegin_s - 10,
                         static_cast<int>(definitions.size()), definitions.data()) != 0) {
            stop(rrd_get_error());
        }
    }
    return paths;
}

// Arguments of one minute; files are updated at different seconds of it.
std::vector<std::string> arguments_of(std::size_t minute, std::size_t files) {
    std::vector<std::string> arguments;
    for (std::size_t i = 0; i < files; ++i) {
        const std::int64_t time = kBegin_s + static_cast<std::int64_t>(60 * minute + i % 60);
        arguments.push_back(std::to_string(time) + ':' + std::to_string(minute * (1000 + i)));
    }
    return arguments;
}

struct Measured {
    CpuSeconds cpu;
    double updates = 0;

    [[nodiscard]] double rate() const { return updates / cpu.total(); }
};

// `update` is called once per file and minute; the first minute only warms up.
template <typename Update>
Measured measure(std::size_t begin, std::size_t minutes, std::size_t files, Update update) {
    Measured measured;
    for (std::size_t minute = begin; minute <= begin + minutes; ++minute) {
        const std::vector<std::string> arguments = arguments_of(minute, files);
        const CpuSeconds started = cpu_seconds();
        for (std::size_t i = 0; i < files; ++i) update(i, arguments[i]);
        if (minute == begin) continue;
        measured.cpu += cpu_seconds() - started;
        measured.updates += static_cast<double>(files);
    }
    return measured;
}

// Minutes that follow each other: all three update the same files.
struct Comparison {
    Measured held;    // the lock is kept
    Measured shared;  // given up after each update, so that others may read and write
    Measured librrd;
};

Comparison compare(const Options& options, const std::vector<std::string>& paths) {
    const std::size_t files = paths.size();
    const std::size_t minutes = options["--minutes"];
    Comparison comparison;
    comparison.librrd = measure(
        0, options["--rrd-minutes"], files, [&](std::size_t i, const std::string& argument) {
            const char* const text = argument.c_str();
            if (rrd_update_r(paths[i].c_str(), nullptr, 1, const_cast<const char**>(&text)) != 0) {
                stop(rrd_get_error());
            }
        });
    std::vector<rrd::Updater> updaters;
    for (const std::string& path : paths) updaters.push_back(checked(rrd::Updater::open(path)));
    const rrd::ReadingOrder order = updaters.front().usual_order();
    const TimeZone zone = TimeZone::utc();
    const rrd::UpdateClock clock{SampleTime{Seconds{kBegin_s}}, zone};
    std::size_t begin = options["--rrd-minutes"] + 1;
    comparison.held =
        measure(begin, minutes, files, [&](std::size_t i, const std::string& argument) {
            checked(updaters[i].update(argument, order, clock));
            checked(updaters[i].finish());
        });
    for (rrd::Updater& updater : updaters) updater.unlock();
    begin += minutes + 1;
    comparison.shared =
        measure(begin, minutes, files, [&](std::size_t i, const std::string& argument) {
            (void)checked(updaters[i].lock_again());
            checked(updaters[i].update(argument, order, clock));
            checked(updaters[i].finish());
            updaters[i].unlock();
        });
    return comparison;
}

void print(const char* name, const Measured& measured, double rival) {
    std::printf("%-30s %9.0f updates/CPU s, %3.0f %% of it in the kernel   %5.1f times librrd\n",
                name, measured.rate(), measured.cpu.kernel_percent(), measured.rate() / rival);
}

}  // namespace

int main(int count, char** arguments) {
    const Options options("rrd-update",
                          {{"--files", 1000}, {"--minutes", 300}, {"--rrd-minutes", 5}}, count,
                          arguments);
    raise_open_file_limit();
    const auto directory = options.fresh_directory();
    const Comparison comparison = compare(options, create_files(directory, options["--files"]));
    std::filesystem::remove_all(directory);
    const double librrd = comparison.librrd.rate();
    print("kurabe, lock kept", comparison.held, librrd);
    print("kurabe, lock for each update", comparison.shared, librrd);
    print("librrd", comparison.librrd, librrd);
    return 0;
}
