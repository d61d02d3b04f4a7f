// Keeps, finds, and lets others wait.
#include "server/picture_cache.hpp"

#include <algorithm>
#include <condition_variable>
#include <utility>
#include <vector>

namespace kurabe::server {
namespace {

constexpr std::size_t kBytesPerEntry = 400;  // list, index, shared pointer

std::size_t bytes_of(const std::string& key, const Picture& picture) {
    return key.size() + picture.bytes.size() + picture.tag.size() + kBytesPerEntry;
}

}  // namespace

// All of it under the cache's mutex.
struct PictureCache::Underway {
    std::condition_variable is_done;
    std::optional<Result<Found>> outcome;
    std::vector<const StillWanted*> wanted;  // by those who are in get()
};

PictureCache::Found PictureCache::find(const std::string& key, store::Time now) {
    const std::lock_guard lock(mutex_);
    return find_kept(key, now);
}

PictureCache::Found PictureCache::find_kept(const std::string& key, store::Time now) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    if (found->second->picture->fresh_until <= now) {
        remove(found->second);
        return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    ++counts_.found;
    return entries_.front().picture;
}

Result<PictureCache::Found> PictureCache::get(const std::string& key, store::Time now,
                                              const StillWanted& is_wanted, const Draw& draw) {
    while (true) {
        std::unique_lock lock(mutex_);
        if (Found kept = find_kept(key, now)) return kept;
        const auto [place, is_first] = underway_.try_emplace(key);
        if (is_first) place->second = std::make_shared<Underway>();
        const std::shared_ptr<Underway> underway = place->second;
        underway->wanted.push_back(&is_wanted);
        if (is_first) {
            ++counts_.drawn;
            lock.unlock();
            return draw_for_all(key, underway, draw);
        }
        ++counts_.shared;
        underway->is_done.wait(lock, [&underway] { return underway->outcome.has_value(); });
        // Given up just before this one came: it is drawn anew.
        const bool was_given_up = underway->outcome->has_value() && **underway->outcome == nullptr;
        if (!was_given_up || !is_wanted()) return *underway->outcome;
    }
}

Result<PictureCache::Found> PictureCache::draw_for_all(const std::string& key,
                                                       const std::shared_ptr<Underway>& underway,
                                                       const Draw& draw) {
    const StillWanted anybody = [this, &underway] {
        const std::lock_guard lock(mutex_);
        return std::ranges::any_of(underway->wanted,
                                   [](const StillWanted* is_wanted) { return (*is_wanted)(); });
    };
    const auto begin = std::chrono::steady_clock::now();
    const auto finish = [&](Result<Found> outcome) {
        const std::lock_guard lock(mutex_);
        ++counts_.ended;
        counts_.drawing += std::chrono::steady_clock::now() - begin;
        if (outcome && *outcome != nullptr) keep(key, *outcome);
        underway->outcome = std::move(outcome);
        underway_.erase(key);
        underway->is_done.notify_all();
        return *underway->outcome;
    };
    try {
        auto drawn = draw(anybody);
        if (!drawn) return finish(std::unexpected(drawn.error()));
        if (!*drawn) return finish(Found());
        return finish(std::make_shared<const Picture>(**std::move(drawn)));
    } catch (...) {
        (void)finish(fail(ErrorCode::kSystem, "drawing failed; the log has the reason"));
        throw;
    }
}

void PictureCache::keep(const std::string& key, Found picture) {
    if (const auto older = by_key_.find(key); older != by_key_.end()) remove(older->second);
    const std::size_t bytes = bytes_of(key, *picture);
    if (bytes > bytes_max_) return;
    while (bytes_ + bytes > bytes_max_) remove(std::prev(entries_.end()));
    entries_.push_front({key, std::move(picture)});
    by_key_.emplace(entries_.front().key, entries_.begin());
    bytes_ += bytes;
}

void PictureCache::remove(std::list<Entry>::iterator entry) {
    bytes_ -= bytes_of(entry->key, *entry->picture);
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

std::size_t PictureCache::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

PictureCache::Counts PictureCache::counts() const {
    const std::lock_guard lock(mutex_);
    Counts counts = counts_;
    counts.kept = entries_.size();
    counts.bytes = bytes_;
    return counts;
}

}  // namespace kurabe::server
