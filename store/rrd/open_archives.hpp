// Archives kept open between uses, so that a process that works on many files opens each once.
//
// What is kept is not locked; each use takes the lock and looks whether the name still means that
// file. The least recently used are closed first. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
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
    struct Kept {
        std::variant<Archive, Updater> file;  // open for reading, or for reading and updating
        bool is_named = false;                // by_path_ knows it
        bool is_used = false;
    };
    using Place = std::list<Kept>::iterator;

  public:
    // An open and locked archive. The lock ends with it.
    class Use {
      public:
        Use(Use&& other) noexcept
            : owner_(std::exchange(other.owner_, nullptr)), place_(other.place_) {}
        Use& operator=(Use&&) = delete;
        ~Use() {
            if (owner_ != nullptr) owner_->give_back(place_);
        }

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
        [[nodiscard]] Updater& operator*() const noexcept {
            return *std::get_if<Updater>(&kept().file);
        }
        [[nodiscard]] Updater* operator->() const noexcept { return &**this; }

      private:
        friend class OpenArchives;
        using Use::Use;
    };

    // Keeps at most `kept_max` archives open; each takes a file descriptor and a mapping.
    explicit OpenArchives(std::size_t kept_max) noexcept : kept_max_(kept_max) {}
    OpenArchives(const OpenArchives&) = delete;
    OpenArchives& operator=(const OpenArchives&) = delete;

    // Errors as of Archive::open and Updater::open. Uses must end before this object does.
    [[nodiscard]] Result<Reading> read(std::string_view path, const LockWait& wait = {});
    [[nodiscard]] Result<Updating> update(std::string_view path, const LockWait& wait = {});

  private:
    enum class Purpose : std::uint8_t { kReading, kUpdating };

    [[nodiscard]] static const Archive& archive_of(const Kept& kept) noexcept;
    [[nodiscard]] static std::string_view name_of(const Kept& kept) noexcept;
    [[nodiscard]] static Result<void> lock_again(Kept& kept, Purpose purpose, const LockWait& wait);
    [[nodiscard]] Result<Place> take_kept(std::string_view path, Purpose purpose,
                                          const LockWait& wait);
    [[nodiscard]] Place add(std::variant<Archive, Updater> opened);
    void give_back(Place place) noexcept;
    void close(Place place) noexcept;

    std::size_t kept_max_;
    std::list<Kept> kept_;                                 // the most recently used first
    std::unordered_map<std::string_view, Place> by_path_;  // views of the archives' paths
};

}  // namespace kurabe::store::rrd
