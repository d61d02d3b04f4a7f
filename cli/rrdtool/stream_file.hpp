// Files that are read or written once from front to end, and may be pipes or devices: the shell's
// <(...), /dev/stdout.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace kurabe::cli::rrdtool {

class StreamFile {
  public:
    // For both, a named pipe whose other end nobody opens within two seconds has none. Errors are
    // errno values.
    [[nodiscard]] static std::expected<StreamFile, int> open_to_read(const std::string& path);
    // A regular file becomes empty, and is made where there is nothing.
    [[nodiscard]] static std::expected<StreamFile, int> open_to_write(const std::string& path);

    StreamFile(StreamFile&& other) noexcept;
    StreamFile& operator=(StreamFile&&) = delete;
    ~StreamFile();

    // How many bytes came; none at the end.
    [[nodiscard]] std::expected<std::size_t, int> read(std::span<char> bytes) const noexcept;
    // All of it.
    [[nodiscard]] std::expected<void, int> write(std::string_view text) const noexcept;
    // What was written survives a power cut, where it lies on a disk at all.
    [[nodiscard]] std::expected<void, int> sync() const noexcept;

  private:
    explicit StreamFile(int descriptor) noexcept;

    int descriptor_;
};

}  // namespace kurabe::cli::rrdtool
