// One system call, again after signals and for what it left.
#include "cli/rrdtool/write_all.hpp"

#include <cerrno>

#include <unistd.h>

namespace kurabe::cli::rrdtool {

bool write_all(int descriptor, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace kurabe::cli::rrdtool
