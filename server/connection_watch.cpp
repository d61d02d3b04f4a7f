// One thread that sleeps until the earliest deadline and shuts down what has passed its own.
#include "server/connection_watch.hpp"

#include <sys/socket.h>
#include <unistd.h>

namespace kurabe::server {

ConnectionWatch::ConnectionWatch()
    : cutter_([this](const std::stop_token& stop) { cut_late_ones(stop); }) {}

ConnectionWatch::~ConnectionWatch() {
    cutter_.request_stop();
    cutter_.join();
}

ConnectionWatch::Watched ConnectionWatch::watch(int descriptor) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t id = next_id_++;
    entries_.emplace(id,
                     Entry{::dup(descriptor), ConnectionPhase::kAnswer, Clock::time_point::max()});
    return {*this, id};
}

ConnectionWatch::Watched::~Watched() {
    const std::lock_guard lock(watch_.mutex_);
    const auto entry = watch_.entries_.find(id_);
    if (entry->second.descriptor >= 0) ::close(entry->second.descriptor);
    watch_.entries_.erase(entry);
}

bool ConnectionWatch::Watched::begin(ConnectionPhase phase, Clock::duration limit) {
    const std::lock_guard lock(watch_.mutex_);
    Entry& entry = watch_.entries_.find(id_)->second;
    const bool should_end = watch_.closed_ || entry.descriptor < 0;
    if (should_end && phase == ConnectionPhase::kRequest) return false;
    entry.phase = phase;
    entry.deadline = Clock::now() + limit;
    if (entry.deadline < watch_.next_look_) watch_.changed_.notify_one();
    return true;
}

void ConnectionWatch::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (const auto& [id, entry] : entries_) {
        if (entry.phase == ConnectionPhase::kRequest) ::shutdown(entry.descriptor, SHUT_RDWR);
    }
}

void ConnectionWatch::cut_late_ones(const std::stop_token& stop) {
    constexpr Clock::duration kLongestSleep = std::chrono::minutes(1);
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        const Clock::time_point now = Clock::now();
        next_look_ = now + kLongestSleep;
        for (auto& [id, entry] : entries_) {
            if (entry.deadline <= now) {
                ::shutdown(entry.descriptor, SHUT_RDWR);
                entry.deadline = Clock::time_point::max();
            }
            next_look_ = std::min(next_look_, entry.deadline);
        }
        const auto is_early = [this] {
            for (const auto& [id, entry] : entries_) {
                if (entry.deadline < next_look_) return true;
            }
            return false;
        };
        changed_.wait_until(lock, stop, next_look_, is_early);
    }
}

}  // namespace kurabe::server
