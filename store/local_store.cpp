// Finds host archives by name, opens them when they are first asked for and keeps bad ones apart.
#include "store/local_store.hpp"

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "store/archive_name.hpp"
#include "store/bus_guard.hpp"
#include "store/file.hpp"
#include "store/sample_limits.hpp"

namespace kurabe::store {
namespace {

std::unexpected<Error> no_such_host(std::string_view host) {
    return fail(ErrorCode::kNotFound, fmt::format("no such host: {}", host));
}

SeriesInfo info_of(std::string_view host, const Column& column) {
    return {.name = {std::string(host), column.plugin, column.key},
            .type = column.source.type,
            .last_update = column.last_time};
}

// Damage and unknown formats do not pass by themselves; want of memory or file handles may.
bool is_lasting(const Error& error) noexcept {
    return error.code == ErrorCode::kDamaged || error.code == ErrorCode::kUnsupported;
}

Result<void> make_directory(const std::filesystem::path& directory) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (!error) return {};
    return std::unexpected(system_error(directory, "make this directory", error.value()));
}

// Different series of a batch, which may hold many samples of each.
std::size_t series_count(const Batch& batch) {
    std::set<std::pair<std::string_view, std::string_view>> names;
    for (const Sample& sample : batch.samples) {
        names.emplace(sample.plugin, sample.key);
    }
    return std::min<std::size_t>(names.size(), kColumnsMax);
}

// A batch of nothing but bad samples makes no archive.
bool has_storable(const Batch& batch) {
    return std::ranges::any_of(batch.samples, [](const Sample& sample) {
        const auto type = check_new_series(sample.plugin, sample.key);
        return type && check_reading(*type, sample.value, sample.time);
    });
}

// Of a batch that has nothing storable.
Result<AppendReport> refuse_all(const Batch& batch) {
    if (auto checked = archive_name_of(batch.host); !checked) {
        return std::unexpected(checked.error());
    }
    AppendReport report;
    const ColumnIndex none;
    (void)plan_append(batch.host, batch.samples, {}, none, report);
    return report;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& directory,
                                           const StoreOptions& options) {
    if (auto checked = options.retention.check(); !checked) {
        return std::unexpected(checked.error());
    }
    const bool writes = options.access == StoreOptions::Access::kWrite;
    if (writes) {
        auto made = make_directory(directory / "hosts");
        if (made) made = sync_directory(directory);
        if (!made) return std::unexpected(made.error());
    }
    auto lock = writes ? LockFile::own(directory) : LockFile::share(directory);
    if (!lock) return std::unexpected(lock.error());
    BusGuard::install();
    auto store = std::make_unique<LocalStore>(directory, options, std::move(*lock));
    if (auto listed = store->list_archives(); !listed) return std::unexpected(listed.error());
    return store;
}

LocalStore::LocalStore(std::filesystem::path directory, StoreOptions options, LockFile lock)
    : directory_(std::move(directory)), options_(std::move(options)), lock_(std::move(lock)) {}

Result<void> LocalStore::list_archives() {
    std::error_code error;
    std::filesystem::directory_iterator entries(directory_ / "hosts", error);
    auto hosts = hosts_.lock();
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
        auto host = host_of_archive_name(entries->path().filename().string());
        if (!host) continue;
        auto known = std::make_unique<Host>(entries->path());
        known->slot.lock()->exists = true;  // nobody else knows this one yet
        hosts->emplace(std::move(*host), std::move(known));
    }
    if (error) return std::unexpected(system_error(directory_ / "hosts", "read", error.value()));
    return {};
}

LocalStore::Host* LocalStore::find_host(std::string_view host) const {
    const auto hosts = hosts_.lock_shared();
    const auto found = hosts->find(host);
    return found == hosts->end() ? nullptr : found->second.get();
}

Result<LocalStore::Host*> LocalStore::find_or_add_host(const std::string& host) {
    if (Host* known = find_host(host)) return known;
    const auto name = archive_name_of(host);
    if (!name) return std::unexpected(name.error());
    const auto hosts = hosts_.lock();
    const auto added = hosts->try_emplace(host).first;
    if (!added->second) added->second = std::make_unique<Host>(directory_ / "hosts" / *name);
    return added->second.get();
}

std::vector<LocalStore::NamedHost> LocalStore::all_hosts() const {
    const auto hosts = hosts_.lock_shared();
    std::vector<NamedHost> all;
    for (const auto& [name, host] : *hosts) all.push_back({name, host.get()});
    return all;
}

Result<void> LocalStore::open_archive(Slot& slot, const std::filesystem::path& path) const {
    if (slot.failure) return std::unexpected(*slot.failure);
    if (slot.archive) return {};
    if (!slot.exists) return fail(ErrorCode::kNotFound, "the host has no archive yet");
    const bool writes = options_.access == StoreOptions::Access::kWrite;
    auto opened = HostArchive::open(path, writes ? File::Access::kWrite : File::Access::kRead);
    if (!opened) {
        if (is_lasting(opened.error())) slot.failure = opened.error();
        return std::unexpected(opened.error());
    }
    slot.archive.emplace(std::move(*opened));
    return {};
}

Result<AppendReport> LocalStore::append(const Batch& batch) {
    if (options_.access == StoreOptions::Access::kRead) {
        return fail(ErrorCode::kInvalid, directory_.string() + " is open for reading only");
    }
    // Hosts without an archive are not remembered: their names come from outside.
    if (find_host(batch.host) == nullptr && !has_storable(batch)) return refuse_all(batch);
    const auto host = find_or_add_host(batch.host);
    if (!host) return std::unexpected(host.error());
    const auto slot = (*host)->slot.lock();
    auto report = append_to(*slot, **host, batch);
    if (!report && is_lasting(report.error())) slot->failure = report.error();
    return report;
}

Result<AppendReport> LocalStore::append_to(Slot& slot, const Host& host, const Batch& batch) {
    if (!slot.exists && has_storable(batch)) {
        auto created = HostArchive::create(host.path, options_.retention, series_count(batch),
                                           options_.rows_per_block);
        if (!created) return std::unexpected(created.error());
        slot.exists = true;
        slot.archive.emplace(std::move(*created));
    }
    if (!slot.exists) return refuse_all(batch);
    if (auto opened = open_archive(slot, host.path); !opened) {
        return std::unexpected(opened.error());
    }
    return slot.archive->append(batch.host, batch.samples);
}

template <typename T>
Result<T> LocalStore::read_archive(std::string_view host_name,
                                   const std::function<Result<T>(const HostArchive&)>& read) const {
    Host* const host = find_host(host_name);
    if (host == nullptr) return no_such_host(host_name);
    Result<T> result = fail(ErrorCode::kNotFound, "");
    if (const auto slot = host->slot.lock_shared(); slot->archive && !slot->failure) {
        result = read(*slot->archive);
        if (result || !is_lasting(result.error())) return result;
    }
    // Opened for the first time, or found bad: both need the writer's lock.
    const auto slot = host->slot.lock();
    if (!slot->exists) return no_such_host(host_name);
    if (auto opened = open_archive(*slot, host->path); !opened) {
        return std::unexpected(opened.error());
    }
    result = read(*slot->archive);
    if (!result && is_lasting(result.error())) slot->failure = result.error();
    return result;
}

Result<FetchedSeries> LocalStore::fetch(const SeriesName& series,
                                        const FetchRequest& request) const {
    auto fetched = read_archive<FetchedSeries>(series.host, [&](const HostArchive& archive) {
        return archive.fetch({series.plugin, series.key}, request);
    });
    if (!fetched && !is_lasting(fetched.error())) {
        return fail(fetched.error().code,
                    fmt::format("{}: {}", series.text(), fetched.error().message));
    }
    return fetched;
}

Result<SeriesInfo> LocalStore::info(const SeriesName& series) const {
    return read_archive<SeriesInfo>(
        series.host, [&](const HostArchive& archive) -> Result<SeriesInfo> {
            const Column* column = archive.find({series.plugin, series.key});
            if (column) return info_of(series.host, *column);
            return fail(ErrorCode::kNotFound, "no such series: " + series.text());
        });
}

Result<SeriesCopy> LocalStore::copy(const SeriesName& series) const {
    auto copied = read_archive<SeriesCopy>(series.host, [&](const HostArchive& archive) {
        return archive.copy({series.plugin, series.key});
    });
    if (!copied && copied.error().code == ErrorCode::kNotFound) {
        return fail(ErrorCode::kNotFound, "no such series: " + series.text());
    }
    return copied;
}

Result<void> LocalStore::insert(const std::string& host, const SeriesCopy& copy) {
    if (options_.access == StoreOptions::Access::kRead) {
        return fail(ErrorCode::kInvalid, directory_.string() + " is open for reading only");
    }
    const auto known = find_or_add_host(host);
    if (!known) return std::unexpected(known.error());
    const auto slot = (*known)->slot.lock();
    auto inserted = insert_into(*slot, **known, copy);
    if (!inserted && is_lasting(inserted.error())) slot->failure = inserted.error();
    return inserted;
}

Result<void> LocalStore::insert_into(Slot& slot, const Host& host, const SeriesCopy& copy) {
    if (!slot.exists) {
        const auto type = check_new_series(copy.column.plugin, copy.column.key);
        if (!type) return std::unexpected(type.error());
        auto created = HostArchive::create(host.path, copy.retention, 1, options_.rows_per_block);
        if (!created) return std::unexpected(created.error());
        slot.exists = true;
        slot.archive.emplace(std::move(*created));
    }
    if (auto opened = open_archive(slot, host.path); !opened) return opened;
    return slot.archive->insert(copy);
}

Result<Retention> LocalStore::retention(std::string_view host) const {
    return read_archive<Retention>(host, [](const HostArchive& archive) -> Result<Retention> {
        return archive.layout().shape().retention;
    });
}

std::vector<std::string> LocalStore::hosts() const {
    std::vector<std::string> names;
    for (auto& [name, host] : all_hosts()) {
        if (host->slot.lock_shared()->exists) names.push_back(std::move(name));
    }
    return names;
}

Result<std::vector<SeriesInfo>> LocalStore::series(std::string_view host) const {
    using Infos = std::vector<SeriesInfo>;
    return read_archive<Infos>(host, [&](const HostArchive& archive) -> Result<Infos> {
        Infos infos;
        for (const Column& column : archive.columns()) infos.push_back(info_of(host, column));
        return infos;
    });
}

std::vector<DamagedArchive> LocalStore::damaged() const {
    std::vector<DamagedArchive> bad;
    for (const auto& [name, host] : all_hosts()) {
        const auto slot = host->slot.lock_shared();
        if (slot->failure) bad.push_back({name, slot->failure->message});
    }
    return bad;
}

// Under the shared lock: readers go on while the disk is slow, appends to this one host wait.
Result<void> LocalStore::checkpoint() {
    const std::lock_guard one_at_a_time(checkpoint_mutex_);
    Result<void> first;
    for (const auto& [name, host] : all_hosts()) {
        Result<void> written;
        if (const auto slot = host->slot.lock_shared(); slot->archive && !slot->failure) {
            written = slot->archive->checkpoint();
        }
        if (written) continue;
        if (is_lasting(written.error())) host->slot.lock()->failure = written.error();
        if (first) first = written;
    }
    return first;
}

Result<void> LocalStore::close() {
    auto written = checkpoint();
    hosts_.lock()->clear();
    lock_.release();
    return written;
}

}  // namespace kurabe::store
