// Archives that become others: another retention, fewer series.
#include <system_error>
#include <utility>

#include "store/file.hpp"
#include "store/local_store.hpp"
#include "store/series_resampling.hpp"

namespace kurabe::store {
namespace {

Result<void> fill(HostArchive& target, const HostArchive& source, const Retention& retention,
                  const std::function<bool(const Column&)>& keep) {
    for (const Column& column : source.columns()) {
        if (!keep(column)) continue;
        const auto copy = source.copy(column.name());
        if (!copy) return std::unexpected(copy.error());
        if (auto inserted = target.insert(resampled(*copy, retention)); !inserted) return inserted;
    }
    return target.checkpoint();
}

}  // namespace

// Beside the old file, which it replaces when it is whole and on the disk. Its state has the
// journal's number, so that no record is applied to it again.
Result<void> LocalStore::rebuild(Slot& slot, Host& host, const Retention& retention,
                                 const std::function<bool(const Column&)>& keep) {
    HostArchive& old = *slot.archive;
    const auto checked = old.check();
    if (!checked) return std::unexpected(checked.error());
    if (checked->damaged_runs > 0) {
        return fail(ErrorCode::kInvalid,
                    "rows have wrong checksums, which a new archive would hide; kurabe check "
                    "--repair puts a copy aside first");
    }
    if (auto committed = journal_->commit_through(old.applied_sequence()); !committed) {
        return committed;
    }
    std::filesystem::path temporary = host.path;
    temporary += ".rebuilt";
    auto rebuilt = HostArchive::create(temporary,
                                       {.retention = retention,
                                        .columns = old.columns().size(),
                                        .values_per_run = old.layout().shape().values_per_run},
                                       old.applied_sequence());
    if (!rebuilt) return std::unexpected(rebuilt.error());
    Result<void> done = fill(*rebuilt, old, retention, keep);
    if (done) done = rename_file(temporary, host.path);
    if (!done) {
        std::error_code ignored;  // the first error is the one to tell
        std::filesystem::remove(temporary, ignored);
        return done;
    }
    // Opened again when it is next asked for.
    slot.archive.reset();
    --open_archives_;
    slot.has_unsaved_insert = false;
    auto synced = sync_directory(host.path.parent_path());
    if (!synced) {  // which of the two files has the name is not known
        synced.error().code = ErrorCode::kDamaged;
        slot.failure = synced.error();
    }
    return synced;
}

Result<void> LocalStore::change_retention(std::string_view host_name, const Retention& retention) {
    if (auto checked = retention.check(); !checked) return checked;
    Host* const host = find_host(host_name);
    if (host == nullptr) return no_such_host(host_name);
    const std::lock_guard one_at_a_time(checkpoint_mutex_);
    const auto slot = host->slot.lock();
    if (auto opened = open_archive(*slot, *host); !opened) return opened;
    if (slot->archive->layout().shape().retention == retention) return {};
    return rebuild(*slot, *host, retention, [](const Column&) { return true; });
}

Result<std::vector<std::string>> LocalStore::retire(std::string_view host_name,
                                                    SampleTime silent_since) {
    Host* const host = find_host(host_name);
    if (host == nullptr) return no_such_host(host_name);
    const std::lock_guard one_at_a_time(checkpoint_mutex_);
    const auto slot = host->slot.lock();
    if (auto opened = open_archive(*slot, *host); !opened) return std::unexpected(opened.error());
    const auto is_silent = [&](const Column& column) { return column.last_time < silent_since; };
    std::vector<std::string> names;
    for (const Column& column : slot->archive->columns()) {
        if (is_silent(column)) names.push_back(column.plugin + '/' + column.key);
    }
    if (names.empty()) return names;
    const Retention retention = slot->archive->layout().shape().retention;
    auto rebuilt =
        rebuild(*slot, *host, retention, [&](const Column& column) { return !is_silent(column); });
    if (!rebuilt) return std::unexpected(rebuilt.error());
    return names;
}

}  // namespace kurabe::store
