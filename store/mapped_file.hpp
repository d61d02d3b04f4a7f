// A file's bytes in memory.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "store/file.hpp"
#include "store/result.hpp"

namespace kurabe::store {

// The first `bytes` bytes of a file, shared with it. Touching a byte that the file does not have
// raises SIGBUS: see bus_guard.hpp. The file may be closed while it is mapped.
class MappedFile {
  public:
    enum class Access : std::uint8_t {
        kRead,
        kWrite,
        kPrivate,  // what is written stays in this process
    };
    [[nodiscard]] static constexpr Access access_of(File::Access access) noexcept {
        return access == File::Access::kWrite ? Access::kWrite : Access::kRead;
    }
    [[nodiscard]] static Result<MappedFile> map(const File& file, Access access,
                                                std::uint64_t bytes);
    MappedFile(MappedFile&&) noexcept;
    MappedFile& operator=(MappedFile&&) noexcept;
    ~MappedFile();

    // Not to be written when mapped with kRead.
    [[nodiscard]] std::span<std::byte> bytes() const noexcept;
    // Set by a BusGuard once bytes were missing; never cleared. Any thread.
    [[nodiscard]] std::atomic<bool>& lost() const noexcept;
    // Writes what was changed to the disk and waits for it; false when that failed.
    [[nodiscard]] bool flush() const;

  private:
    struct Region;
    explicit MappedFile(std::unique_ptr<Region> region) noexcept;
    std::unique_ptr<Region> region_;
};

}  // namespace kurabe::store
