// Remembers image sizes by what determines them, for as many graphs as a large site has.
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

    [[nodiscard]] std::optional<render::ImageSize> find(const std::string& key) const {
        const std::lock_guard lock(mutex_);
        const auto found = sizes_.find(key);
        if (found == sizes_.end()) return std::nullopt;
        return found->second;
    }

    void keep(std::string key, render::ImageSize size) {
        const std::lock_guard lock(mutex_);
        if (sizes_.size() >= kEntriesMax) sizes_.clear();
        sizes_.emplace(std::move(key), size);
    }

  private:
    mutable std::mutex mutex_;
    std::unordered_map<std::string, render::ImageSize> sizes_;
};

}  // namespace kurabe::server
