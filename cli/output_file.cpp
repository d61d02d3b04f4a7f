// A temporary file in the target's directory, renamed when it is whole.
#include "cli/output_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/rrdtool/descriptor.hpp"

namespace kurabe::cli {

namespace {

using rrdtool::write_all;

std::unexpected<Error> system_failure(const std::string& path) {
    const int reason = errno;
    return fail(reason == ENOSPC ? ErrorCode::kNoSpace : ErrorCode::kSystem,
                "cannot write " + path + ": " + std::strerror(reason));
}

bool is_special(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) &&
           !S_ISDIR(status.st_mode);
}

// A device or a pipe: root could replace it by a file, and nobody wants that.
Result<void> write_into(const std::string& path, std::string_view bytes) {
    const rrdtool::Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.is_open() || !write_all(file.number(), bytes)) return system_failure(path);
    return {};
}

}  // namespace

Result<void> write_output(const std::string& path, std::string_view bytes, Durability durability) {
    if (path == "-") {
        if (!write_all(STDOUT_FILENO, bytes)) {
            return system_failure("standard output");
        }
        return {};
    }
    if (is_special(path)) {
        return write_into(path, bytes);
    }
    std::string temporary = path + ".XXXXXX";
    const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (descriptor < 0) {
        return system_failure(path);
    }
    constexpr mode_t kReadableByAll = 0644;
    const bool written = write_all(descriptor, bytes) &&
                         ::fchmod(descriptor, kReadableByAll) == 0 &&
                         (durability == Durability::kCache || ::fsync(descriptor) == 0);
    const bool whole = written && ::rename(temporary.c_str(), path.c_str()) == 0;
    const auto failure = system_failure(path);
    ::close(descriptor);
    if (!whole) {
        ::unlink(temporary.c_str());
        return failure;
    }
    return {};
}

}  // namespace kurabe::cli
