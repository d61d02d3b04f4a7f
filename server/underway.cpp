// Counts what begins and what ends.
#include "server/underway.hpp"

namespace kurabe::server {

std::shared_ptr<const void> Underway::begin(std::size_t bytes) {
    {
        const auto now = now_->lock();
        if (now->requests >= most_.requests || bytes > most_.bytes - now->bytes) return nullptr;
        ++now->requests;
        now->bytes += bytes;
    }
    const auto end = [counted = now_, bytes](const void*) {
        const auto now = counted->lock();
        --now->requests;
        now->bytes -= bytes;
    };
    return {now_.get(), end};
}

}  // namespace kurabe::server
