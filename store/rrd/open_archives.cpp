// A list by age and an index by name.
#include "store/rrd/open_archives.hpp"

#include <new>

namespace kurabe::store::rrd {

OpenArchives::Use::~Use() {
    if (owner_ != nullptr) owner_->give_back(place_);
}

Result<OpenArchives::Use> OpenArchives::open(const std::filesystem::path& path, File::Access access,
                                             const LockWait& wait) {
    if (const auto found = by_path_.find(path.native()); found != by_path_.end()) {
        const Place place = found->second;
        if (place->access == File::Access::kWrite || access == File::Access::kRead) {
            const auto locked = place->archive.lock_again(wait);
            if (locked) return take(place);
            if (locked.error().code == ErrorCode::kInUse) return std::unexpected(locked.error());
        }
        forget(place);  // replaced, cut, or open for reading only
    }
    auto archive = Archive::open(path, access, wait);
    if (!archive) return std::unexpected(archive.error());
    used_.push_front({std::move(*archive), access});
    return Use(*this, used_.begin());
}

OpenArchives::Use OpenArchives::take(Place place) noexcept {
    by_path_.erase(place->archive.path().native());
    used_.splice(used_.begin(), kept_, place);
    return Use(*this, place);
}

void OpenArchives::give_back(Place place) noexcept {
    if (kept_max_ == 0 || !keep(place)) {
        used_.erase(place);
        return;
    }
    place->archive.unlock();
    if (kept_.size() > kept_max_) forget(std::prev(kept_.end()));
}

// Not when another of that name is kept, and not when there is no memory for it.
bool OpenArchives::keep(Place place) noexcept {
    try {
        if (!by_path_.emplace(place->archive.path().native(), place).second) return false;
    } catch (const std::bad_alloc&) {
        return false;
    }
    kept_.splice(kept_.begin(), used_, place);
    return true;
}

void OpenArchives::forget(Place place) noexcept {
    by_path_.erase(place->archive.path().native());
    kept_.erase(place);
}

}  // namespace kurabe::store::rrd
