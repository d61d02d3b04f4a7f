// Putting aside what cannot be saved.
#include <system_error>

#include <fmt/format.h>

#include "store/file.hpp"
#include "store/local_store.hpp"

namespace kurabe::store {
namespace {

namespace fs = std::filesystem;

// A name in DIR/isolated that is free.
Result<fs::path> isolated_name(const fs::path& directory, const fs::path& file) {
    const fs::path isolated = directory / "isolated";
    if (auto made = make_directories(isolated); !made) return std::unexpected(made.error());
    std::error_code error;
    fs::path place = isolated / file.filename();
    for (int n = 1; fs::exists(fs::symlink_status(place, error)); ++n) {
        place = isolated / fmt::format("{}.{}", file.filename().string(), n);
    }
    return place;
}

}  // namespace

Result<fs::path> LocalStore::isolate(std::string_view host_name) {
    Host* const host = find_host(host_name);
    if (host == nullptr) return no_such_host(host_name);
    const std::lock_guard one_at_a_time(checkpoint_mutex_);
    const auto slot = host->slot.lock();
    auto place = isolated_name(directory_, host->path);
    if (!place) return place;
    if (auto renamed = rename_file(host->path, *place); !renamed) {
        return std::unexpected(renamed.error());
    }
    if (slot->archive) --open_archives_;
    slot->archive.reset();
    slot->failure.reset();
    slot->exists = false;
    slot->has_unsaved_insert = false;
    slot->uncommitted = {};
    host->damaged_runs = 0;
    for (const fs::path& directory : {place->parent_path(), host->path.parent_path()}) {
        if (auto synced = sync_directory(directory); !synced) {
            return std::unexpected(synced.error());
        }
    }
    return place;
}

Result<fs::path> LocalStore::clear_damaged(std::string_view host_name) {
    Host* const host = find_host(host_name);
    if (host == nullptr) return no_such_host(host_name);
    const std::lock_guard one_at_a_time(checkpoint_mutex_);
    {
        const auto slot = host->slot.lock();
        if (auto opened = open_archive(*slot, *host); !opened) {
            return std::unexpected(opened.error());
        }
    }
    // On the disk with its state before it is copied.
    if (auto written = checkpoint_host(*host); !written) return std::unexpected(written.error());
    const auto slot = host->slot.lock();
    if (!slot->archive) return no_such_host(host_name);
    auto place = isolated_name(directory_, host->path);
    if (!place) return place;
    std::error_code error;
    fs::copy_file(host->path, *place, error);
    if (error) return std::unexpected(system_error(*place, "copy to", error.value()));
    auto copy = File::open(*place, File::Access::kRead);
    Result<void> synced = copy ? copy->sync_data() : std::unexpected(copy.error());
    if (synced) synced = sync_directory(place->parent_path());
    if (!synced) return std::unexpected(synced.error());
    if (auto cleared = slot->archive->clear_damaged(); !cleared) {
        return std::unexpected(cleared.error());
    }
    host->damaged_runs = 0;
    return place;
}

}  // namespace kurabe::store
