// The SIGBUS handler: a thread's guarded range, and what happens to a fault inside it.
#include "store/bus_guard.hpp"

#include <cassert>
#include <cerrno>
#include <cstdint>
#include <mutex>

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

namespace kurabe::store {
namespace {

// Written by the thread, read and written by the handler on the same thread.
struct GuardedRange {
    volatile std::uintptr_t begin;
    volatile std::uintptr_t end;
    std::atomic<bool>* volatile lost;
};
static_assert(std::atomic<bool>::is_always_lock_free, "set by a signal handler");
thread_local constinit GuardedRange guarded_range{};

// What SIGBUS did before; set once, before the handler can run.
struct sigaction previous_action;
std::uintptr_t page_bytes;

void do_as_before(int signal, siginfo_t* info, void* context) {
    if ((previous_action.sa_flags & SA_SIGINFO) != 0) {
        previous_action.sa_sigaction(signal, info, context);
    } else if (previous_action.sa_handler != SIG_DFL && previous_action.sa_handler != SIG_IGN) {
        previous_action.sa_handler(signal);
    } else {
        // The instruction runs again and ends the process in the system's own way.
        struct sigaction standard {};
        standard.sa_handler = SIG_DFL;
        sigaction(SIGBUS, &standard, nullptr);
    }
}

void on_bus_error(int signal, siginfo_t* info, void* context) {
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    const bool ours = address >= guarded_range.begin && address < guarded_range.end;
    if (ours) {
        const int error = errno;
        *guarded_range.lost = true;  // first, so that no thread can take the zeroes for values
        auto* page = reinterpret_cast<void*>(address & ~(page_bytes - 1));
        const void* zeroes = mmap(page, page_bytes, PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        errno = error;
        if (zeroes != MAP_FAILED) return;
    }
    do_as_before(signal, info, context);
}

}  // namespace

void BusGuard::install() {
    static std::once_flag once;
    std::call_once(once, [] {
        page_bytes = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
        sigaction(SIGBUS, nullptr, &previous_action);
        struct sigaction action {};
        action.sa_sigaction = on_bus_error;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK;
        sigaction(SIGBUS, &action, nullptr);
    });
}

BusGuard::BusGuard(const MappedFile& mapping) noexcept : lost_(mapping.lost()) {
    assert(guarded_range.end == 0);
    const std::span<const std::byte> range = mapping.bytes();
    guarded_range.lost = &mapping.lost();
    guarded_range.begin = reinterpret_cast<std::uintptr_t>(range.data());
    guarded_range.end = guarded_range.begin + range.size();
    std::atomic_signal_fence(std::memory_order_seq_cst);
}

BusGuard::~BusGuard() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    guarded_range.begin = 0;
    guarded_range.end = 0;
}

bool BusGuard::tripped() const noexcept {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return lost_;
}

}  // namespace kurabe::store
