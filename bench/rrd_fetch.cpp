// Reading .rrd files: a day of one-minute rows per CPU second out of Kurado's files, beside
// librrd's rrd_fetch_r, which opens its file each time. All in one run, over the same files.
//
//   rrd_fetch [--files 200] [--rounds 100] [--directory DIR]
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <rrd.h>
#include <sys/resource.h>

#include "store/rrd/fetch.hpp"
#include "store/rrd/open_archives.hpp"
#include "store/rrd/series_file.hpp"

namespace {

using namespace kurabe;
using namespace kurabe::store;

constexpr Time kLast{Seconds{1'700'006'400}};  // on the grid of an hour
constexpr std::int64_t kRows = 1440;

struct Settings {
    std::size_t files = 200;
    std::size_t rounds = 100;
    std::filesystem::path directory = std::filesystem::temp_directory_path() / "kurabe-bench";
};

[[noreturn]] void stop(const std::string& reason) {
    std::fprintf(stderr, "rrd_fetch: %s\n", reason.c_str());
    std::exit(1);
}

template <typename T>
T checked(Result<T> result) {
    if (!result) stop(result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::size_t number_of(std::string_view text) {
    std::size_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ptr != text.data() + text.size() || number == 0) {
        stop("not a count: " + std::string(text));
    }
    return number;
}

Settings parse_arguments(int count, char** arguments) {
    Settings settings;
    if (count % 2 == 0) stop("every option takes a value");
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = arguments[i];
        const std::string_view value = arguments[i + 1];
        if (name == "--files") {
            settings.files = number_of(value);
        } else if (name == "--rounds") {
            settings.rounds = number_of(value);
        } else if (name == "--directory") {
            settings.directory = value;
        } else {
            stop("unknown option " + std::string(name));
        }
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

// Kurado's twelve RRAs, full of rows.
SeriesCopy full_series() {
    SeriesCopy series{.retention = Retention::kurado(), .column = {}, .planes = {}};
    series.column.source.heartbeat = Seconds{120};
    series.column.last_time = kLast;
    for (const RingShape& ring : series.retention.rings) {
        for (std::size_t plane = 0; plane < plane_count(ring); ++plane) {
            std::vector<Value> rows(ring.rows);
            for (std::size_t i = 0; i < rows.size(); ++i) {
                rows[i] = std::sin(static_cast<double>(i + plane));
            }
            series.planes.push_back(std::move(rows));
            if (ring.pdp_per_row > 1) series.column.cdps.emplace_back();
        }
    }
    return series;
}

std::vector<std::string> make_files(const Settings& settings) {
    const std::string bytes = rrd::series_file(full_series());
    std::filesystem::create_directories(settings.directory);
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < settings.files; ++i) {
        paths.push_back((settings.directory / (std::to_string(i) + ".rrd")).string());
        std::ofstream(paths.back(), std::ios::binary) << bytes;
    }
    return paths;
}

const FetchRequest kDay{.cf = RraCf::kAverage,
                        .start = kLast - Seconds{60 * kRows},
                        .end = kLast - Seconds{60},
                        .resolution = Seconds{60}};

void check_rows(std::int64_t rows) {
    if (rows != kRows) stop("a day has " + std::to_string(rows) + " rows");
}

// Fetches per CPU second of `fetch`, which is called with each path in turn.
template <typename Fetch>
double measure(const Settings& settings, const std::vector<std::string>& paths, Fetch fetch) {
    for (const std::string& path : paths) check_rows(fetch(path));  // fills the page cache
    const double begin = cpu_seconds();
    for (std::size_t round = 0; round < settings.rounds; ++round) {
        for (const std::string& path : paths) check_rows(fetch(path));
    }
    return static_cast<double>(settings.rounds * paths.size()) / (cpu_seconds() - begin);
}

double measure_locked(const Settings& settings, const std::vector<std::string>& paths) {
    std::map<std::string, rrd::Archive> archives;
    for (const std::string& path : paths) {
        archives.emplace(path, checked(rrd::Archive::open(path, File::Access::kRead)));
        checked(archives.at(path).lock_again());  // used more than once
    }
    return measure(settings, paths, [&archives](const std::string& path) {
        const auto day = checked(rrd::fetch_series(archives.at(path), 0, kDay));
        return static_cast<std::int64_t>(day.values.size());
    });
}

double measure_archives(const Settings& settings, const std::vector<std::string>& paths,
                        std::size_t kept_open) {
    rrd::OpenArchives archives(kept_open);
    return measure(settings, paths, [&archives](const std::string& path) {
        const auto archive = checked(archives.read(path));
        const auto day = checked(rrd::fetch_series(*archive, 0, kDay));
        return static_cast<std::int64_t>(day.values.size());
    });
}

double measure_librrd(const Settings& settings, const std::vector<std::string>& paths) {
    return measure(settings, paths, [](const std::string& path) {
        time_t start = kDay.start.time_since_epoch().count();
        time_t end = kDay.end.time_since_epoch().count();
        unsigned long step = 60;
        unsigned long sources = 0;
        char** names = nullptr;
        rrd_value_t* data = nullptr;
        if (rrd_fetch_r(path.c_str(), "AVERAGE", &start, &end, &step, &sources, &names, &data) !=
            0) {
            stop(rrd_get_error());
        }
        for (unsigned long i = 0; i < sources; ++i) rrd_freemem(names[i]);
        rrd_freemem(names);
        rrd_freemem(data);
        return static_cast<std::int64_t>((end - start) / static_cast<time_t>(step));
    });
}

void raise_open_file_limit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int count, char** arguments) {
    const Settings settings = parse_arguments(count, arguments);
    if (std::filesystem::exists(settings.directory)) {
        stop(settings.directory.string() + " exists; remove it");
    }
    raise_open_file_limit();
    const std::vector<std::string> paths = make_files(settings);
    const double locked = measure_locked(settings, paths);
    const double kept_open = measure_archives(settings, paths, paths.size());
    const double opened = measure_archives(settings, paths, 0);
    const double librrd = measure_librrd(settings, paths);
    std::printf("a day of %lld rows, fetches per CPU second:\n", static_cast<long long>(kRows));
    const auto print = [librrd](const char* how, double fetches) {
        std::printf("  kurabe, %-34s %9.0f   %5.1f times librrd\n", how, fetches, fetches / librrd);
    };
    print("files kept open and locked", locked);
    print("files kept open, locked each time", kept_open);
    print("files opened each time", opened);
    std::printf("  librrd, %-34s %9.0f\n", "rrd_fetch_r", librrd);
    std::filesystem::remove_all(settings.directory);
    return 0;
}
