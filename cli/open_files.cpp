// getrlimit and setrlimit.
#include "cli/open_files.hpp"

#include <algorithm>
#include <limits>

#include <sys/resource.h>

#include "store/store.hpp"

namespace kurabe::cli {

void raise_open_files_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::size_t open_files_max() {
    raise_open_files_limit();
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return std::numeric_limits<std::size_t>::max();
    }
    return static_cast<std::size_t>(limit.rlim_cur);
}

std::size_t open_archives_max(std::size_t connections) {
    constexpr std::size_t kOtherFiles = 1024;
    const std::size_t files = open_files_max();
    const std::size_t others = std::min(kOtherFiles + connections, files / 2);
    return std::clamp<std::size_t>(files - others, 1, store::StoreOptions{}.open_archives_max);
}

}  // namespace kurabe::cli
