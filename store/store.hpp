// The store of a data directory: one host archive per host, found by name.
//
// Layout of the directory and of an archive: docs/format.md. Thread-safe: appends to different
// hosts and reads of any host may run at once; one host is written by one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "store/fetch.hpp"
#include "store/result.hpp"
#include "store/retention.hpp"
#include "store/sample.hpp"
#include "store/series_copy.hpp"
#include "store/statistics.hpp"
#include "store/values_per_run.hpp"

namespace kurabe::store {

struct StoreOptions {
    enum class Access : std::uint8_t {
        kWrite,  // owns the directory: a second owner, and readers, are refused with kInUse
        kRead,   // shares it with other readers while no owner runs
    };
    Access access = Access::kWrite;
    // Of archives made from now on:
    Retention retention = Retention::kurado();
    // Of some hosts another; none for the others, and where it is none that an archive can have.
    // Thread-safe.
    std::function<std::optional<Retention>(std::string_view host)> retention_of = {};
    std::uint32_t values_per_run = kValuesPerRun;

    // How often accepted samples are made to survive a power cut; a crash of the program they
    // survive always. 0: before append() returns.
    std::chrono::milliseconds commit_interval{1000};
    std::uint64_t journal_segment_bytes = 32ULL << 20;

    // Samples so far after `now` are refused, because a series goes on only behind its last sample.
    // Without `now` the year 2200 is the limit.
    std::function<Time()> now = {};
    Seconds future_max{600};

    // Archives that are open at a time, each with a file and a mapping; the least recently used
    // ones are closed.
    std::size_t open_archives_max = 30'000;
};

// What the journal had that the archives had not, because the program did not end in peace.
struct Recovery {
    std::uint64_t records = 0;
    std::uint64_t samples = 0;
    // A line each for what could not be recovered. The segments that have it are set aside.
    std::vector<std::string> complaints;
};

// What became of a batch: every sample is judged alone, the others are stored all the same.
struct AppendReport {
    std::size_t stored = 0;
    std::vector<Error> refused;  // one per refused sample, names the series; at most 100 are kept
    std::size_t refused_count = 0;
};

// A host archive that cannot be used, for logs and pages.
struct DamagedArchive {
    std::string host;
    std::string reason;
};

struct SeriesInfo {
    SeriesName name;
    DsType type;
    SampleTime last_update;
    Time first = {};  // no row that ends before it is known
};

class Store {
  public:
    // Opens DIR, making it when it does not exist (kWrite), and replays its journal. kInUse names
    // the process that holds it.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::filesystem::path& directory,
                                                             const StoreOptions& options);
    virtual ~Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    // Stores a batch; makes the host's archive and its columns as needed. A new series begins ten
    // seconds before its first sample, whenever that was, as `rrdtool create --start SAMPLE-10`.
    // A sample that is older than the last one of its series is stored in rows that are still
    // unknown, see late_rows.hpp, and refused (kOutdated) when there are none.
    // What is stored when this returns survives a crash of the program.
    // Fails as a whole, with nothing of it stored, when the archive is damaged (kDamaged), the
    // archive cannot be made or grown or the journal not written (kNoSpace, kSystem), the journal
    // failed for good (kDamaged) or the host's name is bad (kInvalid).
    // Of a host that is heard seldom: silence before one of the samples counts as known up to
    // `heartbeat`, also where that of its series is shorter; at most kHeartbeatMax.
    [[nodiscard]] virtual Result<AppendReport> append(const Batch& batch, Seconds heartbeat) = 0;
    [[nodiscard]] Result<AppendReport> append(const Batch& batch) {
        return append(batch, Seconds{0});
    }

    // kNotFound for an unknown series, kDamaged when the host's archive is bad. Rows whose checksum
    // is wrong are unknown, and damaged() names the host from then on.
    [[nodiscard]] virtual Result<FetchedSeries> fetch(const SeriesName& series,
                                                      const FetchRequest& request) const = 0;
    // One entry for each series, in their order: its statistics, one for each range of the request,
    // or kNotFound, kDamaged. kInvalid for a bad request.
    using Statistics = std::vector<Result<std::vector<SeriesStatistics>>>;
    [[nodiscard]] virtual Result<Statistics> statistics(std::span<const SeriesName> series,
                                                        const StatisticsRequest& request) const = 0;
    [[nodiscard]] virtual Result<SeriesInfo> info(const SeriesName& series) const = 0;

    // A series with its rows and its state. kNotFound, kDamaged as fetch().
    [[nodiscard]] virtual Result<SeriesCopy> copy(const SeriesName& series) const = 0;
    // Adds a series to the host's archive, which is made with the copy's retention when there is
    // none. kInvalid when the series exists, or when the archive has other rings than the copy.
    // Lasting from the next checkpoint on.
    [[nodiscard]] virtual Result<void> insert(const std::string& host, const SeriesCopy& copy) = 0;
    // Step and rings of the host's archive; kNotFound when it has none.
    [[nodiscard]] virtual Result<Retention> retention(std::string_view host) const = 0;

    // All hosts with an archive, sorted; damaged ones included.
    [[nodiscard]] virtual std::vector<std::string> hosts() const = 0;
    // All series of a host in the order in which they were first seen.
    [[nodiscard]] virtual Result<std::vector<SeriesInfo>> series(std::string_view host) const = 0;
    // The archives found bad so far; those of hosts not yet opened are not among them.
    [[nodiscard]] virtual std::vector<DamagedArchive> damaged() const = 0;
    // What open() found in the journal.
    [[nodiscard]] virtual const Recovery& recovery() const = 0;

    // Writes the state of all changed archives, rows first, and removes what this makes superfluous
    // of the journal. Called at intervals and by close(); appends go on meanwhile. Spreads its
    // writing over `duration`, or until `stop` is asked for. Goes on to the next archive after an
    // error and returns the first.
    [[nodiscard]] virtual Result<void> checkpoint(std::chrono::milliseconds duration,
                                                  const std::stop_token& stop) = 0;
    [[nodiscard]] Result<void> checkpoint() { return checkpoint({}, {}); }
    // Checkpoint and release of the directory. The store is not to be used afterwards.
    [[nodiscard]] virtual Result<void> close() = 0;

  protected:
    Store() = default;
};

}  // namespace kurabe::store
