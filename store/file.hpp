// Regular files as values: opening, reserving, writing and syncing, with errors that say what to
// do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>

#include "store/result.hpp"

namespace kurabe::store {

// An open file; closed when it goes.
class File {
  public:
    enum class Access : std::uint8_t { kRead, kWrite };

    // An existing regular file; symbolic links, pipes and devices are refused with kDamaged.
    [[nodiscard]] static Result<File> open(const std::filesystem::path& path, Access access);
    // As open, but symbolic links are followed. The error is an errno: EISDIR for a directory,
    // EINVAL for a pipe or a device.
    [[nodiscard]] static std::expected<File, int> open_following(const std::filesystem::path& path,
                                                                 Access access);
    // A new file for reading and writing; an old one of that name is emptied.
    [[nodiscard]] static Result<File> create(const std::filesystem::path& path);
    // A new file for reading and writing beside `neighbour`, of the mode that the process's umask
    // leaves of `mode`. Its name is short, so that there is room for it where there is room for
    // others. The error is an errno.
    [[nodiscard]] static std::expected<File, int> create_temporary(
        const std::filesystem::path& neighbour, mode_t mode);
    // The file of that name, made when there is none, for reading and writing.
    [[nodiscard]] static Result<File> open_or_create(const std::filesystem::path& path);

    // A file without a place on a disk, for reading and writing; `name` is for messages.
    [[nodiscard]] static Result<File> in_memory(const std::filesystem::path& name);

    File(File&& other) noexcept
        : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
    File& operator=(File&& other) noexcept;
    ~File();

    // Gives the file its size on the disk, so that later writes cannot find the disk full.
    // kNoSpace. Where the file system cannot reserve, zeroes are written.
    [[nodiscard]] Result<void> reserve(std::uint64_t bytes);
    // Gives room to holes among the first `bytes` bytes, such as a sparse copy leaves, without
    // changing what they read as. kNoSpace. Does nothing where there are none, or where the file
    // system cannot reserve.
    [[nodiscard]] Result<void> fill_holes(std::uint64_t bytes);
    [[nodiscard]] Result<std::uint64_t> size() const;
    // Whether it has no name any more, so that it ends with its last user; false when that cannot
    // be found out.
    [[nodiscard]] bool is_removed() const noexcept;
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes, std::uint64_t offset) const;
    // Reads at most bytes.size(); the number read is less only at the end of the file.
    [[nodiscard]] Result<std::size_t> read(std::span<std::byte> bytes, std::uint64_t offset) const;
    [[nodiscard]] Result<void> truncate(std::uint64_t bytes);
    [[nodiscard]] Result<void> sync_data() const;

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    // The file was renamed.
    void set_path(std::filesystem::path path) { path_ = std::move(path); }

  private:
    File(std::filesystem::path path, int descriptor) noexcept
        : path_(std::move(path)), descriptor_(descriptor) {}
    [[nodiscard]] static int open_descriptor(const std::filesystem::path& path, int flags) noexcept;
    [[nodiscard]] static Result<File> open_with(const std::filesystem::path& path, int flags);
    [[nodiscard]] bool may_have_holes(std::uint64_t bytes) const noexcept;
    [[nodiscard]] Result<void> write_zeroes(std::uint64_t bytes);

    std::filesystem::path path_;
    int descriptor_;
};

// Replaces `to`; lasting only after sync_directory.
[[nodiscard]] Result<void> rename_file(const std::filesystem::path& from,
                                       const std::filesystem::path& to);
[[nodiscard]] Result<void> remove_file(const std::filesystem::path& path);
// With those above it; they may be there.
[[nodiscard]] Result<void> make_directories(const std::filesystem::path& directory);
// Afterwards the names in a directory survive a power cut, unless it is one that cannot be synced:
// this process may not read it, or its file system knows no such thing.
[[nodiscard]] Result<void> sync_directory(const std::filesystem::path& directory);

// "PATH: cannot ACTION: reason", with the code that `error` (an errno) stands for.
[[nodiscard]] Error system_error(const std::filesystem::path& path, std::string_view action,
                                 int error);

}  // namespace kurabe::store
