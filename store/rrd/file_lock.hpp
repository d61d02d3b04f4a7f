// A lock on an .rrd file that rrdtool respects, and threads of one process too.
//
// rrdtool takes classic fcntl locks, which belong to a process; open-file-description locks exclude
// those, and each other whoever holds them. Source: fcntl(2), "Open file description locks".
#pragma once

#include <chrono>

#include "store/file.hpp"
#include "store/result.hpp"

namespace kurabe::store::rrd {

// How long to wait for others. Zero: fail at once, as rrdtool does.
struct LockWait {
    std::chrono::milliseconds longest{10'000};
};

// Locks the whole file: shared for reading, alone for writing. kInUse after the wait. The lock ends
// with unlock_file or when the file is closed.
[[nodiscard]] Result<void> lock_file(const File& file, File::Access access, const LockWait& wait);
void unlock_file(const File& file) noexcept;

}  // namespace kurabe::store::rrd
