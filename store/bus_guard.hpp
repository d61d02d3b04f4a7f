// Survives a mapped file that loses bytes in use: another process may cut it, the disk may fail.
//
// Touching such a byte raises SIGBUS. Inside a BusGuard scope the touched page is replaced by one
// of zeroes and the guard remembers it, so that the operation ends with an error instead of killing
// the process. Outside such a scope the signal does what it did before install().
#pragma once

#include <cstddef>
#include <span>

namespace kurabe::store {

class BusGuard {
  public:
    // Puts the signal handler in place; further calls do nothing.
    static void install();

    // Guards this range on this thread until the end of the scope. Scopes do not nest.
    explicit BusGuard(std::span<const std::byte> range) noexcept;
    ~BusGuard();
    BusGuard(const BusGuard&) = delete;
    BusGuard& operator=(const BusGuard&) = delete;

    // True when bytes of the range were missing; what was read from it is not to be used, and the
    // range no longer belongs to its file.
    [[nodiscard]] bool tripped() const noexcept;
};

}  // namespace kurabe::store
