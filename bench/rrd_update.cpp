// Updating .rrd files: one-value updates per CPU second of files that one process keeps open,
// beside librrd's rrd_update_r, which opens its file each time. Both in one run, on the same file
// system, with Kurado's archives: one value per minute and file.
//
//   rrd_update [--files 1000] [--minutes 300] [--rrd-minutes 5] [--directory DIR]
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <rrd.h>
#include <sys/resource.h>

#include "store/rrd/updater.hpp"

namespace {

using namespace kurabe;
using namespace kurabe::store;

// Twenty minutes before the end of an hour, so that rows of all RRAs but the last are closed.
constexpr std::int64_t kBegin_s = 1'700'001'600;

struct Settings {
    std::map<std::string, std::size_t, std::less<>> numbers{
        {"--files", 1000}, {"--minutes", 300}, {"--rrd-minutes", 5}};
    std::filesystem::path directory = std::filesystem::temp_directory_path() / "kurabe-bench-rrd";

    [[nodiscard]] std::size_t operator[](std::string_view name) const {
        return numbers.find(name)->second;
    }
};

[[noreturn]] void stop(const std::string& reason) {
    std::fprintf(stderr, "rrd_update: %s\n", reason.c_str());
    std::exit(1);
}

template <typename T>
T checked(Result<T> result) {
    if (!result) stop(result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

Settings parse_arguments(int count, char** arguments) {
    Settings settings;
    if (count % 2 == 0) stop("every option takes a value");
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = arguments[i];
        const std::string_view value = arguments[i + 1];
        if (name == "--directory") {
            settings.directory = value;
            continue;
        }
        const auto number = settings.numbers.find(name);
        if (number == settings.numbers.end()) stop("unknown option " + std::string(name));
        const auto end = value.data() + value.size();
        const auto read = std::from_chars(value.data(), end, number->second);
        if (read.ptr != end || number->second == 0) stop("not a number: " + std::string(value));
    }
    if (std::filesystem::exists(settings.directory)) {
        stop(settings.directory.string() + " exists; remove it");
    }
    return settings;
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void raise_open_file_limit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

std::vector<std::string> create_files(const Settings& settings) {
    std::filesystem::create_directories(settings.directory);
    std::vector<const char*> definitions{"DS:n:DERIVE:120:U:U"};
    for (const char* rra : {"RRA:AVERAGE:0.5:1:2880", "RRA:AVERAGE:0.5:5:2880",
                            "RRA:AVERAGE:0.5:60:960", "RRA:AVERAGE:0.5:1440:1100",
                            "RRA:MAX:0.5:5:2880", "RRA:MAX:0.5:60:960", "RRA:MAX:0.5:1440:1100"}) {
        definitions.push_back(rra);
    }
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < settings["--files"]; ++i) {
        paths.push_back((settings.directory / (std::to_string(i) + ".rrd")).string());
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
    double seconds = 0;
    double updates = 0;
};

// `update` is called once per file and minute; the first minute only warms up.
template <typename Update>
Measured measure(std::size_t begin, std::size_t minutes, std::size_t files, Update update) {
    Measured measured;
    for (std::size_t minute = begin; minute <= begin + minutes; ++minute) {
        const std::vector<std::string> arguments = arguments_of(minute, files);
        const double started = cpu_seconds();
        for (std::size_t i = 0; i < files; ++i) update(i, arguments[i]);
        if (minute == begin) continue;
        measured.seconds += cpu_seconds() - started;
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

Comparison compare(const Settings& settings, const std::vector<std::string>& paths) {
    const std::size_t files = paths.size();
    const std::size_t minutes = settings["--minutes"];
    Comparison comparison;
    comparison.librrd = measure(
        0, settings["--rrd-minutes"], files, [&](std::size_t i, const std::string& argument) {
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
    std::size_t begin = settings["--rrd-minutes"] + 1;
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

void print(const char* name, const Measured& measured) {
    std::printf("%-30s %9.0f updates in %7.3f CPU s = %9.0f updates/CPU s\n", name,
                measured.updates, measured.seconds, measured.updates / measured.seconds);
}

}  // namespace

int main(int count, char** arguments) {
    const Settings settings = parse_arguments(count, arguments);
    raise_open_file_limit();
    const Comparison comparison = compare(settings, create_files(settings));
    std::filesystem::remove_all(settings.directory);
    print("kurabe, lock kept", comparison.held);
    print("kurabe, lock for each update", comparison.shared);
    print("librrd", comparison.librrd);
    const auto rate = [](const Measured& measured) { return measured.updates / measured.seconds; };
    std::printf("%-30s %.1f and %.1f\n", "ratio", rate(comparison.held) / rate(comparison.librrd),
                rate(comparison.shared) / rate(comparison.librrd));
    return 0;
}
