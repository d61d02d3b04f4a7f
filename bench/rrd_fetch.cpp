// Reading .rrd files: a day of one-minute rows per CPU second out of Kurado's files, beside
// librrd's rrd_fetch_r, which opens its file each time. All in one run, over the same files.
//
//   rrd_fetch [--files 200] [--rounds 100] [--directory DIR]
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "bench/day_of_minutes.hpp"
#include "bench/measuring.hpp"
#include "store/rrd/fetch.hpp"
#include "store/rrd/open_archives.hpp"
#include "store/rrd/series_file.hpp"

namespace {

using namespace kurabe;
using namespace kurabe::bench;
using namespace kurabe::store;

std::vector<std::string> make_files(const std::filesystem::path& directory, std::size_t files) {
    const std::string bytes = rrd::series_file(full_series(0));
    std::filesystem::create_directories(directory);
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < files; ++i) {
        paths.push_back((directory / (std::to_string(i) + ".rrd")).string());
        std::ofstream(paths.back(), std::ios::binary) << bytes;
    }
    return paths;
}

struct Measured {
    CpuSeconds cpu;
    double fetches = 0;

    [[nodiscard]] double rate() const { return fetches / cpu.total(); }
};

// `fetch` is called with each path in turn.
template <typename Fetch>
Measured measure(const Options& options, const std::vector<std::string>& paths, Fetch fetch) {
    for (const std::string& path : paths) check_rows(fetch(path));  // fills the page cache
    const CpuSeconds begin = cpu_seconds();
    for (std::size_t round = 0; round < options["--rounds"]; ++round) {
        for (const std::string& path : paths) check_rows(fetch(path));
    }
    return {cpu_seconds() - begin, static_cast<double>(options["--rounds"] * paths.size())};
}

Measured measure_locked(const Options& options, const std::vector<std::string>& paths) {
    std::map<std::string, rrd::Archive> archives;
    for (const std::string& path : paths) {
        archives.emplace(path, checked(rrd::Archive::open(path, File::Access::kRead)));
        checked(archives.at(path).lock_again());  // used more than once
    }
    return measure(options, paths, [&archives](const std::string& path) {
        const auto day = checked(rrd::fetch_series(archives.at(path), 0, kDay));
        return static_cast<std::int64_t>(day.values.size());
    });
}

Measured measure_archives(const Options& options, const std::vector<std::string>& paths,
                          std::size_t kept_open) {
    rrd::OpenArchives archives(kept_open);
    return measure(options, paths, [&archives](const std::string& path) {
        const auto archive = checked(archives.read(path));
        const auto day = checked(rrd::fetch_series(*archive, 0, kDay));
        return static_cast<std::int64_t>(day.values.size());
    });
}

Measured measure_librrd(const Options& options, const std::vector<std::string>& paths) {
    return measure(options, paths, librrd_day);
}

}  // namespace

int main(int count, char** arguments) {
    const Options options("rrd-fetch", {{"--files", 200}, {"--rounds", 100}}, count, arguments);
    raise_open_file_limit();
    const auto directory = options.fresh_directory();
    const std::vector<std::string> paths = make_files(directory, options["--files"]);
    const Measured locked = measure_locked(options, paths);
    const Measured kept_open = measure_archives(options, paths, paths.size());
    const Measured opened = measure_archives(options, paths, 0);
    const Measured librrd = measure_librrd(options, paths);
    std::filesystem::remove_all(directory);
    std::printf("a day of %lld rows:\n", static_cast<long long>(kRows));
    const auto print = [&librrd](const char* how, const Measured& measured) {
        std::printf(
            "%-34s %9.0f fetches/CPU s, %3.0f %% of it in the kernel   %5.1f times librrd\n", how,
            measured.rate(), measured.cpu.kernel_percent(), measured.rate() / librrd.rate());
    };
    print("kurabe, kept open and locked", locked);
    print("kurabe, kept open, locked each time", kept_open);
    print("kurabe, opened each time", opened);
    print("librrd", librrd);
    return 0;
}
