// getrusage, setrlimit and arguments in pairs.
#include "bench/measuring.hpp"

#include <charconv>
#include <cstdio>
#include <cstdlib>

#include <sys/resource.h>

namespace kurabe::bench {

void stop(const std::string& reason) {
    std::fprintf(stderr, "bench: %s\n", reason.c_str());
    std::exit(1);
}

Options::Options(std::string_view name, Counts counts, int argument_count, char** arguments)
    : counts_(std::move(counts)),
      directory_(std::filesystem::temp_directory_path() / ("kurabe-bench-" + std::string(name))) {
    if (argument_count % 2 == 0) stop("every option takes a value");
    for (int i = 1; i + 1 < argument_count; i += 2) {
        const std::string_view option = arguments[i];
        const std::string_view value = arguments[i + 1];
        if (option == "--directory") {
            directory_ = value;
            continue;
        }
        const auto count = counts_.find(option);
        if (count == counts_.end()) stop("unknown option " + std::string(option));
        const auto end = value.data() + value.size();
        const auto read = std::from_chars(value.data(), end, count->second);
        if (read.ptr != end || count->second == 0) stop("not a count: " + std::string(value));
    }
}

std::filesystem::path Options::fresh_directory() const {
    if (std::filesystem::exists(directory_)) stop(directory_.string() + " exists; remove it");
    return directory_;
}

CpuSeconds cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return {seconds(usage.ru_utime), seconds(usage.ru_stime)};
}

void raise_open_file_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace kurabe::bench
