// Looks at a file and all directories above it.
#include "collectors/trusted_file.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kurabe::collectors {
namespace {

namespace fs = std::filesystem;

bool may_be_changed_by_others(const struct stat& status) {
    const bool is_ours = status.st_uid == 0 || status.st_uid == ::geteuid();
    const bool is_writable = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
    const bool keeps_files = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
    return !is_ours || (is_writable && !keeps_files);
}

Result<void> check(const std::string& path, bool is_directory) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    if (error || !path.starts_with('/')) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("{}: {}", path, error ? error.message() : "no whole path"));
    }
    for (fs::path place = real;; place = place.parent_path()) {
        struct stat status{};
        if (::stat(place.c_str(), &status) != 0) {
            return fail(ErrorCode::kSystem, fmt::format("{}: {}", place.native(),
                                                        std::generic_category().message(errno)));
        }
        const bool fits = is_directory ? S_ISDIR(status.st_mode) : S_ISREG(status.st_mode);
        if (place == real && !fits) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("{}: is no {}", path, is_directory ? "directory" : "file"));
        }
        if (may_be_changed_by_others(status)) {
            return fail(
                ErrorCode::kInvalid,
                fmt::format("{}: others than root and this user may change {}, so it is not "
                            "run",
                            path, place == real ? "it" : place.native()));
        }
        if (place == place.root_path()) return {};
    }
}

}  // namespace

Result<void> check_trusted_file(const std::string& path) {
    return check(path, false);
}

Result<void> check_trusted_directory(const std::string& path) {
    return check(path, true);
}

}  // namespace kurabe::collectors
