// What is written behind the samples: commits of the journal, checkpoints of archives, and the end.
#include <algorithm>
#include <utility>
#include <vector>

#include "store/local_store.hpp"

namespace kurabe::store {
namespace {

// Waits; false when it is to stop.
bool pause(std::chrono::nanoseconds duration, const std::stop_token& stop) {
    if (duration.count() == 0) return !stop.stop_requested();
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    (void)never.wait_for(lock, stop, duration, [] { return false; });
    return !stop.stop_requested();
}

}  // namespace

void LocalStore::start_commits() {
    if (!journal_ || options_.commit_interval.count() == 0) return;
    commits_ = std::jthread([this](const std::stop_token& stop) {
        // A failure stays in the journal, and the next append tells it.
        while (pause(options_.commit_interval, stop)) (void)journal_->commit();
    });
}

// The state is taken under the lock that readers share, and written without any: nobody waits for
// the disk.
Result<void> LocalStore::checkpoint_host(Host& host) const {
    std::optional<StateWrite> write;
    if (const auto slot = host.slot.lock_shared(); slot->archive) {
        write = slot->archive->begin_checkpoint();
        // What it has not written is in the journal, for the next process: that has to stay.
        if (write && slot->failure) return std::unexpected(*slot->failure);
    }
    if (!write) return {};
    // An archive that is ahead of the journal would miss records that get the same numbers later.
    // While the journal is replayed, all of it is committed.
    Result<void> written;
    if (journal_) written = journal_->commit_through(write->header.journal_sequence);
    if (!written) return written;
    written = write_state(*write);
    const auto slot = host.slot.lock();
    if (!written) {
        if (is_lasting(written.error())) slot->failure = written.error();
        return written;
    }
    slot->archive->end_checkpoint(*write);
    return {};
}

// Records of the journal name columns by number: it has to know those that were inserted.
Result<void> LocalStore::save_inserts(Host& host) {
    if (!host.slot.lock_shared()->has_unsaved_insert) return {};
    const std::lock_guard one_at_a_time(checkpoint_mutex_);
    if (auto written = checkpoint_host(host); !written) return written;
    const auto slot = host.slot.lock();
    slot->has_unsaved_insert = slot->archive && slot->archive->has_changes();
    return {};
}

Result<void> LocalStore::checkpoint(std::chrono::milliseconds duration,
                                    const std::stop_token& stop) {
    if (!journal_) return {};
    // What is in older segments is in the archives when all of them have been written.
    const std::uint64_t covered = journal_->begin_segment();
    const auto hosts = all_hosts();
    const auto pace = std::chrono::nanoseconds(duration) / std::max<std::size_t>(hosts.size(), 1);
    Result<void> first;
    for (const auto& [name, host] : hosts) {
        Result<void> written;
        {
            const std::lock_guard one_at_a_time(checkpoint_mutex_);
            written = checkpoint_host(*host);
        }
        if (!written && first) first = written;
        if (!pause(pace, stop)) return first;
    }
    if (!first) return first;
    return journal_->remove_through(covered);
}

// ---- Archives that are open ----

// Not one with changes that could not be written, or that a reader replayed for itself.
bool LocalStore::close_archive(Host& host) const {
    const auto slot = host.slot.lock();
    if (!slot->archive || slot->archive->has_changes()) return false;
    slot->archive.reset();
    --open_archives_;
    return true;
}

void LocalStore::close_least_used() const {
    if (open_archives_ < options_.open_archives_max) return;
    const std::unique_lock one_at_a_time(checkpoint_mutex_, std::try_to_lock);
    if (!one_at_a_time) return;  // another thread does it, or a checkpoint is under way
    // A sixteenth, so that not every one that comes begins another round.
    std::size_t to_close = options_.open_archives_max / 16 + 1;
    for (Host* const host : hosts_by_use()) {
        if (to_close == 0) return;
        if (!host->slot.lock_shared()->archive) continue;
        if (writes() && !checkpoint_host(*host)) continue;
        if (close_archive(*host)) --to_close;
    }
}

// The least recently used first, as of now: they are used while this sorts them.
std::vector<LocalStore::Host*> LocalStore::hosts_by_use() const {
    std::vector<std::pair<std::uint64_t, Host*>> uses;
    for (const auto& [name, host] : all_hosts()) uses.emplace_back(host->last_use.load(), host);
    std::ranges::sort(uses);
    std::vector<Host*> hosts;
    for (const auto& [use, host] : uses) hosts.push_back(host);
    return hosts;
}

// ---- The end ----

Result<void> LocalStore::close() {
    commits_.request_stop();
    if (commits_.joinable()) commits_.join();
    auto written = checkpoint();
    hosts_.lock()->clear();
    journal_.reset();
    lock_.release();
    return written;
}

}  // namespace kurabe::store
