// Survives a mapped file that loses bytes in use: another process may cut it, the disk may fail.
//
// Touching such a byte raises SIGBUS. Inside a BusGuard scope the mapping is marked as having lost
// bytes, for good and for all threads, and then the touched page is replaced by one of zeroes, so
// that the operation ends with an error instead of killing the process. Outside such a scope the
// signal does what it did before install().
#pragma once

#include <atomic>

#include "store/mapped_file.hpp"

namespace kurabe::store {

class BusGuard {
  public:
    // Puts the signal handler in place; further calls do nothing.
    static void install();

    // Guards this mapping on this thread until the end of the scope. Scopes do not nest.
    explicit BusGuard(const MappedFile& mapping) noexcept;
    ~BusGuard();
    BusGuard(const BusGuard&) = delete;
    BusGuard& operator=(const BusGuard&) = delete;

    // True when bytes of the mapping were missing, now or ever, on this thread or another: what was
    // read from it is not to be used, because zeroes may stand for what its file holds.
    [[nodiscard]] bool tripped() const noexcept;

  private:
    const std::atomic<bool>& lost_;
};

}  // namespace kurabe::store
