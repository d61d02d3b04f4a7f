// Who owns a data directory: one writer, or any number of readers.
#pragma once

#include <filesystem>
#include <string_view>

#include "store/file.hpp"
#include "store/result.hpp"

namespace kurabe::store {

// A lock on DIR/lock, given back when this goes or its process ends. It is an open-file-description
// lock (fcntl(2), F_OFD_SETLK): it also excludes another Store of the same process. While a writer
// holds it, the file names it: "kurabe 1234".
class LockFile {
  public:
    // Where the lock of a data directory is.
    [[nodiscard]] static std::filesystem::path path_in(const std::filesystem::path& directory);

    // kInUse with "DIR is in use by process 1234 (kurabe)"; does not wait.
    [[nodiscard]] static Result<LockFile> own(const std::filesystem::path& directory);
    // kNotFound when DIR has no lock file, so was never a data directory.
    [[nodiscard]] static Result<LockFile> share(const std::filesystem::path& directory);

    // Gives it back and leaves no name in the file.
    void release();

  private:
    explicit LockFile(File file) noexcept : file_(std::move(file)) {}
    File file_;
};

}  // namespace kurabe::store
