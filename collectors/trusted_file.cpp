// Looks at a file, at all links on the way to it, and at all directories above it and them.
#include "collectors/trusted_file.hpp"

#include <cerrno>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kurabe::collectors {
namespace {

namespace fs = std::filesystem;

constexpr int kLinksMax = 40;  // the kernel's

bool is_ours(const struct stat& status) {
    return status.st_uid == 0 || status.st_uid == ::geteuid();
}

bool may_be_changed_by_others(const struct stat& status) {
    const bool is_writable = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
    const bool keeps_files = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
    return !is_ours(status) || (is_writable && !keeps_files);
}

std::unexpected<Error> error_of(const fs::path& place) {
    return fail(ErrorCode::kSystem,
                fmt::format("{}: {}", place.native(), std::generic_category().message(errno)));
}

// The path without its first link, or as it is when there is none. Everything up to there is
// judged; of a link, who made it, because only the directory around it says who may replace it.
Result<fs::path> follow_one_link(const fs::path& path, const std::string& named) {
    fs::path place;
    for (auto part = path.begin(); part != path.end(); ++part) {
        const fs::path parent = place;
        place /= *part;
        struct stat status{};
        if (::lstat(place.c_str(), &status) != 0) return error_of(place);
        const bool is_link = S_ISLNK(status.st_mode);
        if (is_link ? !is_ours(status) : may_be_changed_by_others(status)) {
            return fail(
                ErrorCode::kInvalid,
                fmt::format("{}: others than root and this user may change {}, so it is not run",
                            named, std::next(part) == path.end() ? "it" : place.native()));
        }
        if (!is_link) continue;
        std::error_code error;
        fs::path rest = parent / fs::read_symlink(place, error);
        if (error) return fail(ErrorCode::kSystem, place.native() + ": " + error.message());
        while (++part != path.end()) rest /= *part;
        return rest;
    }
    return place;
}

Result<void> check(const std::string& path, bool is_directory) {
    struct stat status{};
    if (!path.starts_with('/')) {
        return fail(ErrorCode::kNotFound, fmt::format("{}: no whole path", path));
    }
    if (::stat(path.c_str(), &status) != 0) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("{}: {}", path, std::generic_category().message(errno)));
    }
    if (is_directory ? !S_ISDIR(status.st_mode) : !S_ISREG(status.st_mode)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}: is no {}", path, is_directory ? "directory" : "file"));
    }
    fs::path place = path;
    for (int links = 0; links <= kLinksMax; ++links) {
        auto followed = follow_one_link(place, path);
        if (!followed) return std::unexpected(followed.error());
        if (*followed == place) return {};
        place = *std::move(followed);
    }
    return fail(ErrorCode::kLimit, fmt::format("{}: more than {} links", path, kLinksMax));
}

}  // namespace

Result<void> check_trusted_file(const std::string& path) {
    return check(path, false);
}

Result<void> check_trusted_directory(const std::string& path) {
    return check(path, true);
}

}  // namespace kurabe::collectors
