// A list by age and an index by name.
#include "store/rrd/open_archives.hpp"

#include <iterator>

namespace kurabe::store::rrd {

const Archive& OpenArchives::archive_of(const Kept& kept) noexcept {
    if (const auto* const archive = std::get_if<Archive>(&kept.file)) return *archive;
    return std::get_if<Updater>(&kept.file)->archive();
}

std::string_view OpenArchives::name_of(const Kept& kept) noexcept {
    return archive_of(kept).path().native();
}

Result<OpenArchives::Reading> OpenArchives::read(std::string_view path, const LockWait& wait) {
    const auto kept = take_kept(path, Purpose::kReading, wait);
    if (!kept) return std::unexpected(kept.error());
    if (*kept != kept_.end()) return Reading(*this, *kept);
    auto opened = Archive::open(path, File::Access::kRead, wait);
    if (!opened) return std::unexpected(opened.error());
    return Reading(*this, add(std::move(*opened)));
}

Result<OpenArchives::Updating> OpenArchives::update(std::string_view path, const LockWait& wait) {
    const auto kept = take_kept(path, Purpose::kUpdating, wait);
    if (!kept) return std::unexpected(kept.error());
    if (*kept != kept_.end()) return Updating(*this, *kept);
    auto opened = Updater::open(path, wait);
    if (!opened) return std::unexpected(opened.error());
    return Updating(*this, add(std::move(*opened)));
}

Result<void> OpenArchives::lock_again(Kept& kept, Purpose purpose, const LockWait& wait) {
    if (auto* const updater = std::get_if<Updater>(&kept.file)) {
        const auto definitions = updater->lock_again(wait);
        if (!definitions) return std::unexpected(definitions.error());
        return {};
    }
    if (purpose == Purpose::kUpdating) {
        return fail(ErrorCode::kUnsupported, "open for reading only");
    }
    return std::get_if<Archive>(&kept.file)->lock_again(wait);
}

// kept_.end() when there is none that can be used: none of that name, or it is in use, was
// replaced, was cut, or is open for reading only.
Result<OpenArchives::Place> OpenArchives::take_kept(std::string_view path, Purpose purpose,
                                                    const LockWait& wait) {
    const auto found = by_path_.find(path);
    if (found == by_path_.end() || found->second->is_used) return kept_.end();
    const Place place = found->second;
    if (const auto locked = lock_again(*place, purpose, wait); !locked) {
        if (locked.error().code == ErrorCode::kInUse) return std::unexpected(locked.error());
        close(place);
        return kept_.end();
    }
    place->is_used = true;
    kept_.splice(kept_.begin(), kept_, place);
    return place;
}

// Named unless another of that name is in use.
OpenArchives::Place OpenArchives::add(std::variant<Archive, Updater> opened) {
    kept_.push_front({std::move(opened), false, true});
    const Place place = kept_.begin();
    if (kept_max_ > 0) place->is_named = by_path_.emplace(name_of(*place), place).second;
    return place;
}

void OpenArchives::give_back(Place place) noexcept {
    place->is_used = false;
    if (!place->is_named) {
        close(place);
        return;
    }
    std::visit([](auto& file) { file.unlock(); }, place->file);
    const Place oldest = std::prev(kept_.end());
    if (kept_.size() > kept_max_ && !oldest->is_used) close(oldest);
}

void OpenArchives::close(Place place) noexcept {
    if (place->is_named) by_path_.erase(name_of(*place));
    kept_.erase(place);
}

}  // namespace kurabe::store::rrd
