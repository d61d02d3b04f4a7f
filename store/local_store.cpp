// Finds host archives by name, opens them when they are first asked for, keeps bad ones apart, and
// reads them.
#include "store/local_store.hpp"

#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "store/archive_name.hpp"
#include "store/bus_guard.hpp"
#include "store/file.hpp"

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

Result<void> make_directory(const std::filesystem::path& directory) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (!error) return {};
    return std::unexpected(system_error(directory, "make this directory", error.value()));
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
    auto store = std::make_unique<LocalStore>(directory, options, *std::move(lock));
    if (auto listed = store->list_archives(); !listed) return std::unexpected(listed.error());
    if (auto recovered = store->recover(); !recovered) return std::unexpected(recovered.error());
    store->start_commits();
    return store;
}

LocalStore::LocalStore(std::filesystem::path directory, StoreOptions options, LockFile lock)
    : directory_(std::move(directory)), options_(std::move(options)), lock_(std::move(lock)) {}

LocalStore::~LocalStore() = default;

// ---- Hosts ----

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

std::vector<std::string> LocalStore::hosts() const {
    std::vector<std::string> names;
    for (auto& [name, host] : all_hosts()) {
        if (host->slot.lock_shared()->exists) names.push_back(std::move(name));
    }
    return names;
}

std::vector<DamagedArchive> LocalStore::damaged() const {
    std::vector<DamagedArchive> bad;
    for (const auto& [name, host] : all_hosts()) {
        const auto slot = host->slot.lock_shared();
        if (slot->failure) {
            bad.push_back({name, slot->failure->message});
        } else if (const std::uint64_t runs = host->damaged_runs; runs > 0) {
            bad.push_back({name, fmt::format("{}: rows with wrong checksums, shown as unknown",
                                             host->path.string())});
        }
    }
    return bad;
}

// ---- Opening an archive ----

Result<void> LocalStore::open_archive(Slot& slot, Host& host) const {
    if (slot.failure) return std::unexpected(*slot.failure);
    if (slot.archive) return {};
    if (!slot.exists) return fail(ErrorCode::kNotFound, "the host has no archive yet");
    const bool writes = options_.access == StoreOptions::Access::kWrite;
    const auto reading = is_replaying_ ? MappedFile::Access::kPrivate : MappedFile::Access::kRead;
    auto opened = HostArchive::open(host.path, writes ? MappedFile::Access::kWrite : reading);
    if (!opened) {
        if (is_lasting(opened.error())) slot.failure = opened.error();
        return std::unexpected(opened.error());
    }
    // One that another journal numbered: its records would be taken for ones that it has.
    if (journal_ && opened->applied_sequence() > journal_->last_sequence()) {
        opened->restart_sequence(journal_->last_sequence());
        if (auto written = opened->checkpoint(); !written) return written;
    }
    slot.archive.emplace(*std::move(opened));
    count_opened(host);
    return {};
}

void LocalStore::count_opened(Host& host) const {
    host.last_use = ++uses_;
    ++open_archives_;
}

// ---- Reading ----

template <typename T>
Result<T> LocalStore::read_archive(std::string_view host_name,
                                   const std::function<Result<T>(const HostArchive&)>& read) const {
    Host* const host = find_host(host_name);
    if (host == nullptr) return no_such_host(host_name);
    close_least_used();
    host->last_use = ++uses_;
    Result<T> result = fail(ErrorCode::kNotFound, "");
    if (const auto slot = host->slot.lock_shared(); slot->archive && !slot->failure) {
        result = read(*slot->archive);
        if (result || !is_lasting(result.error())) return result;
    }
    // Opened for the first time, or found bad: both need the writer's lock.
    const auto slot = host->slot.lock();
    if (!slot->exists) return no_such_host(host_name);
    if (auto opened = open_archive(*slot, *host); !opened) {
        return std::unexpected(opened.error());
    }
    result = read(*slot->archive);
    if (!result && is_lasting(result.error())) slot->failure = result.error();
    return result;
}

// Holds the host's lock to look up, not to read, so that a writer never waits for it. Rows that the
// writer has overwritten meanwhile are read again, at last with the lock.
Result<ReadRows> LocalStore::read_rows(const SeriesName& series,
                                       const FetchRequest& request) const {
    constexpr int kAttemptsWithoutLock = 3;
    const ColumnName name{series.plugin, series.key};
    for (int attempt = 0; attempt < kAttemptsWithoutLock; ++attempt) {
        const auto planned = read_archive<PlannedFetch>(
            series.host,
            [&](const HostArchive& archive) { return archive.plan_fetch(name, request); });
        if (!planned) return std::unexpected(planned.error());
        auto read = read_planned(*planned);
        const auto kept =
            read_archive<bool>(series.host, [&](const HostArchive& archive) -> Result<bool> {
                return archive.still_keeps(*planned);
            });
        if (read && read->damaged_runs == 0 && kept && *kept) return read;
    }
    return read_archive<ReadRows>(series.host, [&](const HostArchive& archive) -> Result<ReadRows> {
        const auto planned = archive.plan_fetch(name, request);
        if (!planned) return std::unexpected(planned.error());
        return read_planned(*planned);
    });
}

Result<FetchedSeries> LocalStore::fetch(const SeriesName& series,
                                        const FetchRequest& request) const {
    auto read = read_rows(series, request);
    if (!read && !is_lasting(read.error())) {
        return fail(read.error().code, fmt::format("{}: {}", series.text(), read.error().message));
    }
    if (!read) return std::unexpected(read.error());
    if (read->damaged_runs > 0) find_host(series.host)->damaged_runs += read->damaged_runs;
    return std::move(read->series);
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

Result<Retention> LocalStore::retention(std::string_view host) const {
    return read_archive<Retention>(host, [](const HostArchive& archive) -> Result<Retention> {
        return archive.layout().shape().retention;
    });
}

Result<std::vector<SeriesInfo>> LocalStore::series(std::string_view host) const {
    using Infos = std::vector<SeriesInfo>;
    return read_archive<Infos>(host, [&](const HostArchive& archive) -> Result<Infos> {
        Infos infos;
        for (const Column& column : archive.columns()) infos.push_back(info_of(host, column));
        return infos;
    });
}

}  // namespace kurabe::store
