// Archives kept open between uses, so that a process that works on many files opens each once.
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
#include <variant>

#include "store/result.hpp"
#include "store/rrd/archive.hpp"
#include "store/rrd/file_lock.hpp"
#include "store/rrd/updater.hpp"

namespace kurabe::store::rrd {

class OpenArchives {
    // Open for reading, or for reading and updating.
    using Kept = std::variant<Archive, Updater>;
    using Place = std::list<Kept>::iterator;

  public:
    // An open and locked archive. The lock ends with it.
    class Use {
      public:
        Use(Use&& other) noexcept
            : owner_(std::exchange(other.owner_, nullptr)), place_(other.place_) {}
        Use& operator=(Use&&) = delete;
        ~Use();

      protected:
        Use(OpenArchives& owner, Place place) noexcept : owner_(&owner), place_(place) {}
        [[nodiscard]] Kept& kept() const noexcept { return *place_; }

      private:
        OpenArchives* owner_;
        Place place_;
    };
    class Reading : public Use {
      public:
        [[nodiscard]] const Archive& operator*() const noexcept { return archive_of(kept()); }
        [[nodiscard]] const Archive* operator->() const noexcept { return &**this; }

      private:
        friend class OpenArchives;
        using Use::Use;
    };
    class Updating : public Use {
      public:
        [[nodiscard]] Updater& operator*() const noexcept { return *std::get_if<Updater>(&kept()); }
        [[nodiscard]] Updater* operator->() const noexcept { return &**this; }

      private:
        friend class OpenArchives;
        using Use::Use;
    };

    // Keeps at most `kept_max` unused archives open; each takes a file descriptor and a mapping.
    explicit OpenArchives(std::size_t kept_max) noexcept : kept_max_(kept_max) {}
    OpenArchives(const OpenArchives&) = delete;
    OpenArchives& operator=(const OpenArchives&) = delete;

    // Errors as of Archive::open and Updater::open. Uses must end before this object does.
    [[nodiscard]] Result<Reading> read(const std::filesystem::path& path,
                                       const LockWait& wait = {});
    [[nodiscard]] Result<Updating> update(const std::filesystem::path& path,
                                          const LockWait& wait = {});

  private:
    [[nodiscard]] static const Archive& archive_of(const Kept& kept) noexcept;
    [[nodiscard]] static std::string_view name_of(const Kept& kept) noexcept;
    [[nodiscard]] Result<Place> take_kept(const std::filesystem::path& path, bool to_update,
                                          const LockWait& wait);
    [[nodiscard]] Place add(Kept opened);
    void give_back(Place place) noexcept;
    [[nodiscard]] bool keep(Place place) noexcept;
    void forget(Place place) noexcept;

    std::size_t kept_max_;
    std::list<Kept> kept_;  // the most recently used first
    std::list<Kept> used_;
    std::unordered_map<std::string_view, Place> by_path_;  // of kept_; views of their paths
};

}  // namespace kurabe::store::rrd
