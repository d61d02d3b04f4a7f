// Open-file-description locks on DIR/lock.
#include "store/lock_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "store/data_directory.hpp"

namespace kurabe::store {
namespace {

constexpr std::size_t kOwnerBytesMax = 64;
constexpr std::string_view kProgram = "kurabe";

struct flock whole_file(short type) noexcept {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return lock;
}

bool a_reader_holds(const File& file) noexcept {
    struct flock lock = whole_file(F_WRLCK);
    return ::fcntl(file.descriptor(), F_OFD_GETLK, &lock) == 0 && lock.l_type == F_RDLCK;
}

// "process 1234 (kurabe)", from what the owner wrote into the file.
std::string owner_of(const File& file) {
    if (a_reader_holds(file)) return "a program that reads it";
    std::array<std::byte, kOwnerBytesMax> bytes{};
    const auto size = file.read(bytes, 0);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), size.value_or(0));
    const auto blank = text.find(' ');
    const auto line_end = text.find('\n');
    const bool well_formed =
        blank != text.npos && line_end != text.npos && blank < line_end &&
        std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c < 0x7f); });
    if (!well_formed) return "another process";
    return fmt::format("process {} ({})", text.substr(blank + 1, line_end - blank - 1),
                       text.substr(0, blank));
}

Result<void> take(const File& file, const std::filesystem::path& directory, short type) {
    struct flock lock = whole_file(type);
    if (::fcntl(file.descriptor(), F_OFD_SETLK, &lock) == 0) return {};
    if (errno != EAGAIN && errno != EACCES) {
        return std::unexpected(system_error(file.path(), "lock", errno));
    }
    return fail(ErrorCode::kInUse,
                fmt::format("{} is in use by {}", directory.string(), owner_of(file)));
}

}  // namespace

std::filesystem::path LockFile::path_in(const std::filesystem::path& directory) {
    return directory / "lock";
}

Result<LockFile> LockFile::own(const std::filesystem::path& directory) {
    auto file = File::open_or_create(path_in(directory));
    if (!file) return std::unexpected(file.error());
    if (auto taken = take(*file, directory, F_WRLCK); !taken) {
        return std::unexpected(taken.error());
    }
    const std::string owner = fmt::format("{} {}\n", kProgram, ::getpid());
    if (auto emptied = file->truncate(0); !emptied) return std::unexpected(emptied.error());
    // On a full disk the lock holds all the same, without a name.
    const auto written = file->write(std::as_bytes(std::span(owner)), 0);
    if (!written && written.error().code != ErrorCode::kNoSpace) {
        return std::unexpected(written.error());
    }
    return LockFile(std::move(*file));
}

Result<LockFile> LockFile::share(const std::filesystem::path& directory) {
    auto file = File::open(path_in(directory), File::Access::kRead);
    if (!file && file.error().code == ErrorCode::kNotFound) {
        return fail(ErrorCode::kNotFound, not_a_data_directory(directory));
    }
    if (!file) return std::unexpected(file.error());
    if (auto taken = take(*file, directory, F_RDLCK); !taken) {
        return std::unexpected(taken.error());
    }
    return LockFile(std::move(*file));
}

void LockFile::release() {
    struct flock lock = whole_file(F_UNLCK);
    (void)file_.truncate(0);  // a reader's file is not writable and holds no name of its own
    (void)::fcntl(file_.descriptor(), F_OFD_SETLK, &lock);
}

}  // namespace kurabe::store
