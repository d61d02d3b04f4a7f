// System calls on files, each failure turned into an Error.
#include "store/file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kurabe::store {
namespace {

constexpr mode_t kFileMode = 0644;

ErrorCode code_of(int error) noexcept {
    switch (error) {
        case ENOENT:
            return ErrorCode::kNotFound;
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return ErrorCode::kNoSpace;
        case EMFILE:
        case ENFILE:
            return ErrorCode::kLimit;
        case ELOOP:
            return ErrorCode::kDamaged;
        default:
            return ErrorCode::kSystem;
    }
}

std::string_view advice(int error) noexcept {
    if (error == EMFILE) return "; raise the limit of open files (ulimit -n)";
    if (error == ELOOP) return "; an archive must not be a symbolic link";
    return "";
}

template <typename Call>
auto retried(Call call) noexcept {
    auto result = call();
    while (result == -1 && errno == EINTR) result = call();
    return result;
}

std::unexpected<Error> failed(const std::filesystem::path& path, std::string_view action) {
    return std::unexpected(system_error(path, action, errno));
}

}  // namespace

Error system_error(const std::filesystem::path& path, std::string_view action, int error) {
    return {code_of(error), fmt::format("{}: cannot {}: {}{}", path.string(), action,
                                        std::system_category().message(error), advice(error))};
}

File& File::operator=(File&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

File::~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

// O_NONBLOCK: opening a pipe must not wait for its other end.
int File::open_descriptor(const std::filesystem::path& path, int flags) noexcept {
    return retried([&] { return ::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK, kFileMode); });
}

Result<File> File::open_with(const std::filesystem::path& path, int flags) {
    const int descriptor = open_descriptor(path, flags | O_NOFOLLOW);
    if (descriptor == -1) return failed(path, "open");
    File file(path, descriptor);
    struct stat status{};
    if (::fstat(descriptor, &status) == -1) return failed(path, "examine");
    if (!S_ISREG(status.st_mode)) {
        return fail(ErrorCode::kDamaged, fmt::format("{}: not a regular file", path.string()));
    }
    return file;
}

std::expected<File, int> File::open_following(const std::filesystem::path& path, Access access) {
    const int descriptor = open_descriptor(path, access == Access::kRead ? O_RDONLY : O_RDWR);
    if (descriptor == -1) return std::unexpected(errno);
    File file(path, descriptor);
    struct stat status{};
    if (::fstat(descriptor, &status) == -1) return std::unexpected(errno);
    if (S_ISDIR(status.st_mode)) return std::unexpected(EISDIR);
    if (!S_ISREG(status.st_mode)) return std::unexpected(EINVAL);
    return file;
}

Result<File> File::open(const std::filesystem::path& path, Access access) {
    return open_with(path, access == Access::kRead ? O_RDONLY : O_RDWR);
}

Result<File> File::create(const std::filesystem::path& path) {
    return open_with(path, O_RDWR | O_CREAT | O_TRUNC);
}

// mkstemp(3) knows neither a mode nor the umask.
std::expected<File, int> File::create_temporary(const std::filesystem::path& neighbour,
                                                mode_t mode) {
    constexpr int kAttempts = 1000;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        std::filesystem::path name =
            neighbour.parent_path() / fmt::format(".kurabe-{}-{}", ::getpid(), attempt);
        const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (descriptor != -1) return File(std::move(name), descriptor);
        if (errno != EEXIST) break;
    }
    return std::unexpected(errno);
}

Result<File> File::open_or_create(const std::filesystem::path& path) {
    return open_with(path, O_RDWR | O_CREAT);
}

Result<File> File::in_memory(const std::filesystem::path& name) {
    const int descriptor = ::memfd_create("kurabe", MFD_CLOEXEC);
    if (descriptor == -1) return failed(name, "hold in memory");
    return File(name, descriptor);
}

Result<void> File::reserve(std::uint64_t bytes) {
    const int reserved =
        retried([&] { return ::fallocate(descriptor_, 0, 0, static_cast<off_t>(bytes)); });
    if (reserved == 0) return {};
    if (errno == EOPNOTSUPP || errno == ENOSYS) return write_zeroes(bytes);
    return failed(path_, fmt::format("reserve {} bytes", bytes));
}

Result<void> File::write_zeroes(std::uint64_t bytes) {
    static constexpr std::array<std::byte, 65'536> kZeroes{};
    for (std::uint64_t offset = 0; offset < bytes; offset += kZeroes.size()) {
        const auto part = std::min<std::uint64_t>(kZeroes.size(), bytes - offset);
        if (auto written = write(std::span(kZeroes).first(part), offset); !written) return written;
    }
    return {};
}

// Counting blocks is no answer: there may be as many behind the last byte, or for attributes.
bool File::may_have_holes(std::uint64_t bytes) const noexcept {
    const off_t hole = ::lseek(descriptor_, 0, SEEK_HOLE);
    return hole == -1 || static_cast<std::uint64_t>(hole) < bytes;
}

Result<void> File::fill_holes(std::uint64_t bytes) {
    if (!may_have_holes(bytes)) return {};
    const int reserved =
        retried([&] { return ::fallocate(descriptor_, 0, 0, static_cast<off_t>(bytes)); });
    if (reserved == 0 || errno == EOPNOTSUPP || errno == ENOSYS) return {};
    return failed(path_, fmt::format("reserve {} bytes", bytes));
}

Result<std::uint64_t> File::size() const {
    struct stat status{};
    if (::fstat(descriptor_, &status) == -1) return failed(path_, "examine");
    return static_cast<std::uint64_t>(status.st_size);
}

bool File::is_removed() const noexcept {
    struct stat status{};
    return ::fstat(descriptor_, &status) == 0 && status.st_nlink == 0;
}

Result<void> File::write(std::span<const std::byte> bytes, std::uint64_t offset) const {
    while (!bytes.empty()) {
        const ssize_t written = retried([&] {
            return ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        });
        if (written == -1) return failed(path_, "write");
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return {};
}

Result<std::size_t> File::read(std::span<std::byte> bytes, std::uint64_t offset) const {
    std::size_t total = 0;
    while (total < bytes.size()) {
        const auto rest = bytes.subspan(total);
        const ssize_t got = retried([&] {
            return ::pread(descriptor_, rest.data(), rest.size(),
                           static_cast<off_t>(offset + total));
        });
        if (got == -1) return failed(path_, "read");
        if (got == 0) break;
        total += static_cast<std::size_t>(got);
    }
    return total;
}

Result<void> File::truncate(std::uint64_t bytes) {
    if (retried([&] { return ::ftruncate(descriptor_, static_cast<off_t>(bytes)); }) == -1) {
        return failed(path_, "set the size");
    }
    return {};
}

Result<void> File::sync_data() const {
    if (retried([&] { return ::fdatasync(descriptor_); }) == -1) return failed(path_, "sync");
    return {};
}

Result<void> rename_file(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::rename(from.c_str(), to.c_str()) == -1) return failed(to, "rename to this");
    return {};
}

Result<void> remove_file(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::remove(path, error);
    if (!error) return {};
    return std::unexpected(system_error(path, "remove", error.value()));
}

Result<void> make_directories(const std::filesystem::path& directory) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (!error) return {};
    return std::unexpected(system_error(directory, "make this directory", error.value()));
}

Result<void> sync_directory(const std::filesystem::path& directory) {
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor == -1 && errno == EACCES) return {};
    if (descriptor == -1) return failed(directory, "open");
    const int error = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    if (error == 0 || error == EINVAL) return {};
    return std::unexpected(system_error(directory, "sync", error));
}

}  // namespace kurabe::store
