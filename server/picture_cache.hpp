// Pictures that were drawn, for all who look: kept while they are as they would be drawn now, the
// least recently used ones thrown away when there is no more room, and drawn once when many ask for
// the same one at the same time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::server {

inline constexpr std::size_t kPictureCacheBytes = std::size_t{64} << 20;  // unless configured

struct Picture {
    std::string bytes;
    std::string_view content_type;  // of a literal
    std::string tag;                // its entity tag
    store::Time fresh_until;        // then another is drawn
    bool is_settled = false;        // it stays as it is for good
};

// Whether who asked still waits for the answer. Thread-safe, and cheap.
using StillWanted = std::function<bool()>;

// Thread-safe.
class PictureCache {
  public:
    // Null when nobody wanted it any more.
    using Found = std::shared_ptr<const Picture>;
    // Draws. None when `anybody`, which it may ask before it begins, says that nobody waits.
    using Draw = std::function<Result<std::optional<Picture>>(const StillWanted& anybody)>;

    // 0: nothing is kept.
    explicit PictureCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    // One that is fresh; null when there is none.
    [[nodiscard]] Found find(const std::string& key, store::Time now);

    // find(), or what `draw` gives. Others who ask for the key meanwhile wait and get the same: the
    // picture or the error. `draw` runs on the thread of one of them, and without any lock, so that
    // it may wait for a renderer.
    [[nodiscard]] Result<Found> get(const std::string& key, store::Time now,
                                    const StillWanted& is_wanted, const Draw& draw);

    // Of the pictures and what they are found by, and a fixed amount for each.
    [[nodiscard]] std::size_t bytes() const;

    struct Counts {
        std::uint64_t found = 0;
        std::uint64_t drawn = 0;                         // failures among them
        std::uint64_t shared = 0;                        // waited for what another drew
        std::uint64_t ended = 0;                         // of those drawn
        std::chrono::steady_clock::duration drawing{0};  // what these took
        std::size_t kept = 0;                            // pictures, now
        std::size_t bytes = 0;                           // as bytes()
    };
    [[nodiscard]] Counts counts() const;

  private:
    struct Entry {
        std::string key;
        Found picture;
    };
    struct Underway;  // a picture that is being drawn

    [[nodiscard]] Found find_kept(const std::string& key, store::Time now);
    [[nodiscard]] Result<Found> draw_for_all(const std::string& key,
                                             const std::shared_ptr<Underway>& underway,
                                             const Draw& draw);
    void keep(const std::string& key, Found picture);
    void remove(std::list<Entry>::iterator entry);

    const std::size_t bytes_max_;
    mutable std::mutex mutex_;  // of all below
    std::list<Entry> entries_;  // the most recently used one first
    // Views into the entries' keys.
    std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;
    std::size_t bytes_ = 0;
    std::unordered_map<std::string, std::shared_ptr<Underway>> underway_;
    Counts counts_;
};

}  // namespace kurabe::server
