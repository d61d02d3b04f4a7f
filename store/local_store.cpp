// Finds host archives by name, opens them when they are first asked for, keeps bad ones apart, and
// reads them.
#include "store/local_store.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "store/archive_name.hpp"
#include "store/backup.hpp"
#include "store/bus_guard.hpp"
#include "store/file.hpp"

namespace kurabe::store {
namespace {

SeriesInfo info_of(std::string_view host, const Column& column) {
    return {.name = {std::string(host), column.plugin, column.key},
            .type = column.source.type,
            .last_update = column.last_time,
            .first = column.history_start};
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& directory,
                                           const StoreOptions& options) {
    return LocalStore::open_local(directory, options);
}

Result<std::unique_ptr<LocalStore>> LocalStore::open_local(const std::filesystem::path& directory,
                                                           const StoreOptions& options) {
    if (auto checked = options.retention.check(); !checked) {
        return std::unexpected(checked.error());
    }
    const bool writes = options.access == StoreOptions::Access::kWrite;
    if (writes) {
        auto made = make_directories(directory / "hosts");
        if (made) made = sync_directory(directory);
        if (!made) return std::unexpected(made.error());
    }
    auto lock = writes ? LockFile::own(directory) : LockFile::share(directory);
    if (!lock) return std::unexpected(lock.error());
    BusGuard::install();
    if (writes) remove_stale_backup_links(directory);
    auto store = std::make_unique<LocalStore>(directory, options, *std::move(lock));
    if (auto whole = store->check_complete(); !whole) return std::unexpected(whole.error());
    if (auto listed = store->list_archives(); !listed) return std::unexpected(listed.error());
    if (auto recovered = store->recover(); !recovered) return std::unexpected(recovered.error());
    store->start_commits();
    return store;
}

LocalStore::LocalStore(std::filesystem::path directory, StoreOptions options, LockFile lock)
    : directory_(std::move(directory)), options_(std::move(options)), lock_(std::move(lock)) {}

LocalStore::~LocalStore() = default;

Result<void> LocalStore::check_complete() const {
    std::error_code unknown;
    if (!std::filesystem::exists(directory_ / kUnfinishedBackupMark, unknown)) return {};
    return fail(ErrorCode::kInvalid,
                fmt::format("{} is a backup that was not finished; make it again in another "
                            "directory",
                            directory_.string()));
}

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
    const auto reading = is_replaying_ ? MappedFile::Access::kPrivate : MappedFile::Access::kRead;
    auto opened = HostArchive::open(host.path, writes() ? MappedFile::Access::kWrite : reading);
    if (!opened) {
        if (is_lasting(opened.error())) slot.failure = opened.error();
        return std::unexpected(opened.error());
    }
    if (journal_) {
        if (auto written = renumber(*opened, journal_->last_sequence()); !written) return written;
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
    return read_archive(*host, host_name, read);
}

template <typename T>
Result<T> LocalStore::read_archive(Host& host, std::string_view host_name,
                                   const std::function<Result<T>(const HostArchive&)>& read) const {
    close_least_used();
    host.last_use.store(uses_.fetch_add(1, std::memory_order_relaxed), std::memory_order_relaxed);
    Result<T> result = fail(ErrorCode::kNotFound, "");
    if (const auto slot = host.slot.lock_shared(); slot->archive && !slot->failure) {
        result = read(*slot->archive);
        if (result || !is_lasting(result.error())) return result;
    }
    // Opened for the first time, or found bad: both need the writer's lock.
    const auto slot = host.slot.lock();
    if (!slot->exists) return no_such_host(host_name);
    if (auto opened = open_archive(*slot, host); !opened) {
        return std::unexpected(opened.error());
    }
    result = read(*slot->archive);
    if (!result && is_lasting(result.error())) slot->failure = result.error();
    return result;
}

// Holds the host's lock to look up, not to read, so that a writer never waits for it. Rows that the
// writer has overwritten meanwhile are read again, at last with the lock.
template <typename Read>
Read LocalStore::read_series(
    const SeriesName& series,
    const std::function<Result<PlannedFetch>(const HostArchive&, const ColumnName&)>& plan,
    const std::function<Read(const PlannedFetch&)>& read) const {
    constexpr int kAttemptsWithoutLock = 3;
    const ColumnName name{series.plugin, series.key};
    Host* const host = find_host(series.host);
    if (host == nullptr) return no_such_host(series.host);
    for (int attempt = 0; attempt < kAttemptsWithoutLock; ++attempt) {
        const auto planned = read_archive<PlannedFetch>(
            *host, series.host, [&](const HostArchive& archive) { return plan(archive, name); });
        if (!planned) return std::unexpected(planned.error());
        auto result = read(*planned);
        const bool is_good = result && result->damaged_runs == 0;
        if (const auto slot = host->slot.lock_shared();
            is_good && slot->archive && slot->archive->still_keeps(*planned)) {
            return result;
        }
    }
    Read result = read_archive<typename Read::value_type>(
        *host, series.host, [&](const HostArchive& archive) -> Read {
            const auto planned = plan(archive, name);
            if (!planned) return std::unexpected(planned.error());
            return read(*planned);
        });
    if (result) host->damaged_runs += result->damaged_runs;
    return result;
}

Result<FetchedSeries> LocalStore::fetch(const SeriesName& series,
                                        const FetchRequest& request) const {
    auto fetched = read_series<Result<ReadRows>>(
        series,
        [&](const HostArchive& archive, const ColumnName& name) {
            return archive.plan_fetch(name, request);
        },
        read_planned);
    if (fetched) return std::move(fetched->series);
    if (is_lasting(fetched.error())) return std::unexpected(fetched.error());
    return fail(fetched.error().code,
                fmt::format("{}: {}", series.text(), fetched.error().message));
}

Result<std::vector<SeriesStatistics>> LocalStore::statistics_of(const SeriesName& series,
                                                                const StatisticsRequest& request,
                                                                RowBuffers& buffers) const {
    std::vector<SeriesStatistics> all;
    all.reserve(request.ranges.size());
    for (const StatisticsRange& range : request.ranges) {
        const auto read = read_series<Result<ReadStatistics>>(
            series,
            [&](const HostArchive& archive, const ColumnName& name) {
                return archive.plan_statistics(name, range, request.rows_enough);
            },
            [&](const PlannedFetch& planned) {
                return summarize_planned(planned, request.percentile, buffers);
            });
        if (!read) return std::unexpected(read.error());
        all.push_back(read->statistics);
    }
    return all;
}

Result<Store::Statistics> LocalStore::statistics(std::span<const SeriesName> series,
                                                 const StatisticsRequest& request) const {
    if (auto checked = check_request(request); !checked) return std::unexpected(checked.error());
    Statistics results(series.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        constexpr std::size_t kPart = 64;
        RowBuffers buffers;
        for (std::size_t begin = next.fetch_add(kPart); begin < series.size();
             begin = next.fetch_add(kPart)) {
            for (std::size_t i = begin; i < std::min(begin + kPart, series.size()); ++i) {
                results[i] = statistics_of(series[i], request, buffers);
            }
        }
    };
    constexpr std::size_t kSeriesPerThread = 256;  // fewer are done before a thread has started
    const unsigned wanted =
        request.threads > 0 ? request.threads : std::max(1U, std::thread::hardware_concurrency());
    const std::size_t helpers = std::min<std::size_t>({wanted, kStatisticsThreadsMax,
                                                       series.size() / kSeriesPerThread + 1}) -
                                1;
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < helpers; ++i) threads.emplace_back(work);
    work();
    threads.clear();
    return results;
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

Result<ArchiveCheck> LocalStore::check(std::string_view host) const {
    return read_archive<ArchiveCheck>(host,
                                      [](const HostArchive& archive) { return archive.check(); });
}

}  // namespace kurabe::store
