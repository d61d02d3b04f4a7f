// Archives kept open between uses, so that a process that updates many files opens each once.
//
// What is kept is not locked; each use takes the lock and looks whether the name still means that
// file. The least recently used are closed first. Not thread-safe.
#pragma once

#include <cstddef>
#include <filesystem>
#include <list>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "store/file.hpp"
#include "store/result.hpp"
#include "store/rrd/archive.hpp"
#include "store/rrd/file_lock.hpp"

namespace kurabe::store::rrd {

class OpenArchives {
    struct Kept {
        Archive archive;
        File::Access access;
    };
    using Place = std::list<Kept>::iterator;

  public:
    // An open and locked archive. The lock ends with it; what was not committed is forgotten.
    class Use {
      public:
        Use(Use&& other) noexcept
            : owner_(std::exchange(other.owner_, nullptr)), place_(other.place_) {}
        Use& operator=(Use&&) = delete;
        ~Use();
        [[nodiscard]] Archive& operator*() const noexcept { return place_->archive; }
        [[nodiscard]] Archive* operator->() const noexcept { return &place_->archive; }

      private:
        friend class OpenArchives;
        Use(OpenArchives& owner, Place place) noexcept : owner_(&owner), place_(place) {}
        OpenArchives* owner_;
        Place place_;
    };

    // Keeps at most `kept_max` unused archives open; each takes a file descriptor and a mapping.
    explicit OpenArchives(std::size_t kept_max) noexcept : kept_max_(kept_max) {}
    OpenArchives(const OpenArchives&) = delete;
    OpenArchives& operator=(const OpenArchives&) = delete;

    // As Archive::open. Uses must end before this object does.
    [[nodiscard]] Result<Use> open(const std::filesystem::path& path, File::Access access,
                                   const LockWait& wait = {});

  private:
    [[nodiscard]] Use take(Place place) noexcept;
    void give_back(Place place) noexcept;
    [[nodiscard]] bool keep(Place place) noexcept;
    void forget(Place place) noexcept;

    std::size_t kept_max_;
    std::list<Kept> kept_;  // the most recently used first
    std::list<Kept> used_;
    std::unordered_map<std::string_view, Place> by_path_;  // of kept_; views of their paths
};

}  // namespace kurabe::store::rrd
