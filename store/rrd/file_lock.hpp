// A lock on an .rrd file that rrdtool respects, and threads of one process too.
//
// rrdtool takes classic fcntl locks, which belong to a process; open-file-description locks exclude
// those, and each other whoever holds them. Source: fcntl(2), "Open file description locks".
#pragma once

#include <chrono>

#include "store/file.hpp"
#include "store/result.hpp"

namespace kurabe::store::rrd {

// How long to wait for others.
struct LockWait {
    std::chrono::milliseconds longest{10'000};
    bool takes_lock = true;  // without a lock the file is whose who comes last

    // Fails at once, as rrdtool does.
    [[nodiscard]] static constexpr LockWait try_once() noexcept {
        return {.longest = std::chrono::milliseconds{0}};
    }
    [[nodiscard]] static constexpr LockWait for_ever() noexcept {
        return {.longest = std::chrono::hours{24 * 365 * 100}};
    }
    [[nodiscard]] static constexpr LockWait without_lock() noexcept {
        return {.longest = std::chrono::milliseconds{0}, .takes_lock = false};
    }
};

// Locks the whole file: shared for reading, alone for writing. kInUse after the wait. The lock ends
// with unlock_file or when the file is closed.
[[nodiscard]] Result<void> lock_file(const File& file, File::Access access, const LockWait& wait);
void unlock_file(const File& file) noexcept;

}  // namespace kurabe::store::rrd
