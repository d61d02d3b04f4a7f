// A list by age and an index by name.
#include "store/rrd/open_archives.hpp"

#include <iterator>
#include <new>

namespace kurabe::store::rrd {

OpenArchives::Use::~Use() {
    if (owner_ != nullptr) owner_->give_back(place_);
}

const Archive& OpenArchives::archive_of(const Kept& kept) noexcept {
    if (const auto* const archive = std::get_if<Archive>(&kept)) return *archive;
    return std::get_if<Updater>(&kept)->archive();
}

std::string_view OpenArchives::name_of(const Kept& kept) noexcept {
    return archive_of(kept).path().native();
}

Result<OpenArchives::Reading> OpenArchives::read(const std::filesystem::path& path,
                                                 const LockWait& wait) {
    const auto kept = take_kept(path, false, wait);
    if (!kept) return std::unexpected(kept.error());
    if (*kept != used_.end()) return Reading(*this, *kept);
    auto opened = Archive::open(path, File::Access::kRead, wait);
    if (!opened) return std::unexpected(opened.error());
    return Reading(*this, add(std::move(*opened)));
}

Result<OpenArchives::Updating> OpenArchives::update(const std::filesystem::path& path,
                                                    const LockWait& wait) {
    const auto kept = take_kept(path, true, wait);
    if (!kept) return std::unexpected(kept.error());
    if (*kept != used_.end()) return Updating(*this, *kept);
    auto opened = Updater::open(path, wait);
    if (!opened) return std::unexpected(opened.error());
    return Updating(*this, add(std::move(*opened)));
}

// used_.end() when there is none that can be used: none of that name, or it was replaced, was cut,
// or is open for reading only.
Result<OpenArchives::Place> OpenArchives::take_kept(const std::filesystem::path& path,
                                                    bool to_update, const LockWait& wait) {
    const auto found = by_path_.find(path.native());
    if (found == by_path_.end()) return used_.end();
    const Place place = found->second;
    auto* const updater = std::get_if<Updater>(&*place);
    Result<void> locked = fail(ErrorCode::kUnsupported, "open for reading only");
    if (updater != nullptr) {
        const auto definitions = updater->lock_again(wait);
        locked = definitions ? Result<void>{} : std::unexpected(definitions.error());
    } else if (!to_update) {
        locked = std::get_if<Archive>(&*place)->lock_again(wait);
    }
    if (!locked && locked.error().code == ErrorCode::kInUse) return std::unexpected(locked.error());
    if (!locked) {
        forget(place);
        return used_.end();
    }
    by_path_.erase(found);
    used_.splice(used_.begin(), kept_, place);
    return place;
}

OpenArchives::Place OpenArchives::add(Kept opened) {
    used_.push_front(std::move(opened));
    return used_.begin();
}

void OpenArchives::give_back(Place place) noexcept {
    if (kept_max_ == 0 || !keep(place)) {
        used_.erase(place);
        return;
    }
    std::visit([](auto& open) { open.unlock(); }, *place);
    if (kept_.size() > kept_max_) forget(std::prev(kept_.end()));
}

// Not when another of that name is kept, and not when there is no memory for it.
bool OpenArchives::keep(Place place) noexcept {
    try {
        if (!by_path_.emplace(name_of(*place), place).second) return false;
    } catch (const std::bad_alloc&) {
        return false;
    }
    kept_.splice(kept_.begin(), used_, place);
    return true;
}

void OpenArchives::forget(Place place) noexcept {
    by_path_.erase(name_of(*place));
    kept_.erase(place);
}

}  // namespace kurabe::store::rrd
