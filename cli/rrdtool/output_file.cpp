// A new file, or a stream into what is there.
#include "cli/rrdtool/output_file.hpp"

#include <cerrno>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/file.hpp"

namespace kurabe::cli::rrdtool {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> failed(std::string_view path, int error) {
    return fail(error == ENOSPC ? ErrorCode::kNoSpace : ErrorCode::kSystem,
                fmt::format("writing '{}': {}", path, std::system_category().message(error)));
}

struct Place {
    fs::path target;  // where links lead to
    bool is_named = true;
    bool exists = false;
    struct stat status {};
};

// A link to nothing has no target yet, and that of a descriptor may have lost its name.
Place find_place(const fs::path& path) {
    Place place{.target = path};
    place.exists = ::stat(path.c_str(), &place.status) == 0;
    std::error_code unresolved;
    const fs::path canonical = fs::canonical(path, unresolved);
    std::error_code ignored;
    if (!unresolved) {
        place.target = canonical;
    } else if (fs::is_symlink(path, ignored)) {
        place.is_named = false;
    }
    return place;
}

bool can_give_to(const struct stat& status) noexcept {
    if (::geteuid() == 0) return true;
    return status.st_uid == ::geteuid() &&
           (status.st_gid == ::getegid() || ::group_member(status.st_gid) != 0);
}

// A file system that ends at the file: it is mounted by itself.
bool is_mounted(const Place& place) noexcept {
    struct stat around {};
    return ::stat(place.target.parent_path().c_str(), &around) == 0 &&
           around.st_dev != place.status.st_dev;
}

// Whether a new file can take the place without changing more than what is read there.
bool can_be_replaced(const Place& place) noexcept {
    if (!place.is_named) return false;
    if (!place.exists || S_ISDIR(place.status.st_mode)) return true;  // the latter is an error
    return S_ISREG(place.status.st_mode) && place.status.st_nlink == 1 &&
           can_give_to(place.status) && !is_mounted(place) &&
           ::faccessat(AT_FDCWD, place.target.c_str(), W_OK, AT_EACCESS) == 0;
}

}  // namespace

Result<OutputFile> OutputFile::open(const std::string& path) {
    const Place place = find_place(path);
    if (can_be_replaced(place)) {
        auto file = store::NewFile::create(place.target);
        if (file) return OutputFile(path, std::move(*file));
        const bool is_kept = place.exists && file.error().code == ErrorCode::kSystem;
        if (!is_kept) return std::unexpected(file.error());
    }
    auto stream = StreamFile::open_to_write(path);
    if (!stream) return failed(path, stream.error());
    return OutputFile(path, std::move(*stream));
}

Result<void> OutputFile::write(std::string_view text) {
    if (auto* const file = std::get_if<store::NewFile>(&target_)) {
        return file->write(std::as_bytes(std::span(text)));
    }
    if (const auto written = std::get<StreamFile>(target_).write(text); !written) {
        return failed(path_, written.error());
    }
    return {};
}

Result<void> OutputFile::commit(Durability durability) {
    if (auto* const file = std::get_if<store::NewFile>(&target_)) {
        return file->commit(store::NewFile::Existing::kReplace, durability);
    }
    if (durability == Durability::kCache) return {};
    if (const auto synced = std::get<StreamFile>(target_).sync(); !synced) {
        return failed(path_, synced.error());
    }
    return {};
}

Result<void> write_output(const std::string& path, std::string_view bytes,
                          OutputFile::Durability durability) {
    auto file = OutputFile::open(path);
    if (!file) return std::unexpected(file.error());
    if (auto written = file->write(bytes); !written) return written;
    return file->commit(durability);
}

Result<void> make_directories(const fs::path& directory) {
    std::error_code error;
    if (directory.empty() || fs::is_directory(directory, error)) return {};
    const fs::path around = directory.parent_path();
    if (auto made = make_directories(around); !made) return made;
    fs::create_directory(directory, error);
    if (error) {
        return fail(ErrorCode::kSystem,
                    fmt::format("cannot make {}: {}", directory.native(), error.message()));
    }
    return store::sync_directory(around.empty() ? "." : around);
}

}  // namespace kurabe::cli::rrdtool
