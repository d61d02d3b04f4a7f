// A temporary file in the target's directory, renamed when it is whole, where that loses nothing.
#include "cli/output_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/rrdtool/descriptor.hpp"
#include "store/file.hpp"

namespace kurabe::cli {

namespace {

namespace fs = std::filesystem;
using rrdtool::Descriptor;
using rrdtool::write_all;

constexpr mode_t kModeOfNewFiles = 0666;  // less what the umask forbids
constexpr mode_t kModeUntilItIsThatOfTheOld = 0600;
constexpr mode_t kModeBits = 07777;
constexpr int kTemporaryNamesMax = 100;

// An errno, or 0.
using Reason = int;

// What is to be written, and the file that is there.
struct Output {
    const std::string& path;
    std::string_view bytes;
    Durability durability;
    bool exists = false;
    struct stat old {};  // of a link itself
};

std::unexpected<Error> system_failure(const std::string& path, Reason reason) {
    return fail(reason == ENOSPC ? ErrorCode::kNoSpace : ErrorCode::kSystem,
                "cannot write " + path + ": " + std::strerror(reason));
}

Reason sync(int descriptor, Durability durability) {
    return durability == Durability::kCache || ::fsync(descriptor) == 0 ? 0 : errno;
}

Reason write_into(const Output& output) {
    const Descriptor file(
        ::open(output.path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kModeOfNewFiles));
    struct stat status {};
    if (!file.is_open() || ::fstat(file.number(), &status) != 0) return errno;
    if (!write_all(file.number(), output.bytes)) return errno;
    if (!S_ISREG(status.st_mode)) return 0;
    if (::ftruncate(file.number(), static_cast<off_t>(output.bytes.size())) != 0) return errno;
    return sync(file.number(), output.durability);
}

// Whether a rename would change nothing but the content.
bool can_be_replaced(const Output& output) {
    if (!output.exists) return true;
    return S_ISREG(output.old.st_mode) && output.old.st_nlink == 1 &&
           ::faccessat(AT_FDCWD, output.path.c_str(), W_OK, AT_EACCESS) == 0;
}

struct Temporary {
    std::string path;
    Descriptor file;
};

// Its name is shorter than most, so that there is room for it where there is room for theirs.
Temporary make_temporary(const Output& output) {
    const fs::path directory = fs::path(output.path).parent_path();
    const std::string stem = ".kurabe-" + std::to_string(::getpid()) + "-";
    const mode_t mode = output.exists ? kModeUntilItIsThatOfTheOld : kModeOfNewFiles;
    for (int number = 1;; ++number) {
        std::string path = directory / (stem + std::to_string(number));
        Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
        const bool is_taken = !file.is_open() && errno == EEXIST;
        if (!is_taken || number == kTemporaryNamesMax) return {std::move(path), std::move(file)};
    }
}

Reason fill(int descriptor, const Output& output) {
    if (!write_all(descriptor, output.bytes)) return errno;
    if (output.exists && (::fchown(descriptor, output.old.st_uid, output.old.st_gid) != 0 ||
                          ::fchmod(descriptor, output.old.st_mode & kModeBits) != 0)) {
        return errno;
    }
    return sync(descriptor, output.durability);
}

Reason replace(const Output& output) {
    const Temporary temporary = make_temporary(output);
    if (!temporary.file.is_open()) return errno;
    Reason reason = fill(temporary.file.number(), output);
    if (reason == 0 && ::rename(temporary.path.c_str(), output.path.c_str()) != 0) reason = errno;
    if (reason != 0) ::unlink(temporary.path.c_str());
    return reason;
}

// The directory does not let this user replace the file, or it is mounted by itself.
bool is_forbidden(Reason reason) {
    constexpr std::array kReasons{EACCES, EPERM, EROFS, EBUSY};
    return std::ranges::find(kReasons, reason) != kReasons.end();
}

// `directory` as a path has it before a name.
Result<void> sync_names(const fs::path& directory) {
    return store::sync_directory(directory.empty() ? "." : directory);
}

}  // namespace

Result<void> write_output(const std::string& path, std::string_view bytes, Durability durability) {
    if (path == "-") {
        if (write_all(STDOUT_FILENO, bytes)) return {};
        return system_failure("standard output", errno);
    }
    Output output{.path = path, .bytes = bytes, .durability = durability};
    output.exists = ::lstat(path.c_str(), &output.old) == 0;
    if (can_be_replaced(output)) {
        const Reason reason = replace(output);
        if (reason == 0 && durability == Durability::kCache) return {};
        if (reason == 0) return sync_names(fs::path(path).parent_path());
        if (!output.exists || !is_forbidden(reason)) return system_failure(path, reason);
    }
    const Reason reason = write_into(output);
    if (reason == 0) return {};
    return system_failure(path, reason);
}

Result<void> make_directories(const fs::path& directory) {
    std::error_code error;
    if (directory.empty() || fs::is_directory(directory, error)) return {};
    if (auto made = make_directories(directory.parent_path()); !made) return made;
    fs::create_directory(directory, error);
    if (error) {
        return fail(ErrorCode::kSystem,
                    "cannot make " + directory.string() + ": " + error.message());
    }
    return sync_names(directory.parent_path());
}

}  // namespace kurabe::cli
