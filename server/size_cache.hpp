// Remembers image sizes by what determines them, for as many graphs as a large site has.
// What determines them holds names that requests bring, hence the limit in bytes.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "render/renderer.hpp"

namespace kurabe::server {

// Thread-safe. Forgets everything when it is full: sizes are cheap to measure again.
class SizeCache {
  public:
    static constexpr std::size_t kEntriesMax = 20000;
    static constexpr std::size_t kKeyBytesMax = 16 << 20;  // of all entries

    [[nodiscard]] std::optional<render::ImageSize> find(const std::string& key) const {
        const std::lock_guard lock(mutex_);
        const auto found = sizes_.find(key);
        if (found == sizes_.end()) return std::nullopt;
        return found->second;
    }

    void keep(std::string key, render::ImageSize size) {
        const std::lock_guard lock(mutex_);
        if (key.size() > kKeyBytesMax) return;
        if (sizes_.size() >= kEntriesMax || key_bytes_ + key.size() > kKeyBytesMax) {
            sizes_.clear();
            key_bytes_ = 0;
        }
        const std::size_t bytes = key.size();
        if (sizes_.emplace(std::move(key), size).second) key_bytes_ += bytes;
    }

  private:
    mutable std::mutex mutex_;
    std::unordered_map<std::string, render::ImageSize> sizes_;
    std::size_t key_bytes_ = 0;
};

}  // namespace kurabe::server
