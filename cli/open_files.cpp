// getrlimit and setrlimit.
#include "cli/open_files.hpp"

#include <algorithm>

#include <sys/resource.h>

#include "store/store.hpp"

namespace kurabe::cli {

void raise_open_files_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::size_t open_archives_max() {
    constexpr rlim_t kOtherFiles = 1024;
    const std::size_t most = store::StoreOptions{}.open_archives_max;
    raise_open_files_limit();
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return most;
    const rlim_t files = limit.rlim_cur - std::min(kOtherFiles, limit.rlim_cur / 2);
    return static_cast<std::size_t>(std::clamp<rlim_t>(files, 1, most));
}

}  // namespace kurabe::cli
