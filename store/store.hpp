// The store of a data directory: one host archive per host, found by name.
//
// Layout of the directory and of an archive: docs/format.md. Thread-safe: appends to different
// hosts and reads of any host may run at once; one host is written by one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/fetch.hpp"
#include "store/result.hpp"
#include "store/retention.hpp"
#include "store/sample.hpp"
#include "store/series_copy.hpp"

namespace kurabe::store {

struct StoreOptions {
    enum class Access : std::uint8_t {
        kWrite,  // owns the directory: a second owner, and readers, are refused with kInUse
        kRead,   // shares it with other readers while no owner runs
    };
    Access access = Access::kWrite;
    // Of archives made from now on:
    Retention retention = Retention::kurado();
    std::uint32_t rows_per_block = 16;  // see docs/format.md, "Rows per block"
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
};

class Store {
  public:
    // Opens DIR, making it when it does not exist (kWrite). kInUse names the process that holds it.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::filesystem::path& directory,
                                                             const StoreOptions& options);
    virtual ~Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    // Stores a batch; makes the host's archive and its columns as needed. A new series begins ten
    // seconds before its first sample, whenever that was, as `rrdtool create --start SAMPLE-10`.
    // Fails as a whole, with nothing of it stored, when the archive is damaged (kDamaged), cannot
    // be made or grown (kNoSpace, kSystem) or the host's name is bad (kInvalid).
    [[nodiscard]] virtual Result<AppendReport> append(const Batch& batch) = 0;

    // kNotFound for an unknown series, kDamaged when the host's archive is bad.
    [[nodiscard]] virtual Result<FetchedSeries> fetch(const SeriesName& series,
                                                      const FetchRequest& request) const = 0;
    [[nodiscard]] virtual Result<SeriesInfo> info(const SeriesName& series) const = 0;

    // A series with its rows and its state. kNotFound, kDamaged as fetch().
    [[nodiscard]] virtual Result<SeriesCopy> copy(const SeriesName& series) const = 0;
    // Adds a series to the host's archive, which is made with the copy's retention when there is
    // none. kInvalid when the series exists, or when the archive has other rings than the copy.
    [[nodiscard]] virtual Result<void> insert(const std::string& host, const SeriesCopy& copy) = 0;
    // Step and rings of the host's archive; kNotFound when it has none.
    [[nodiscard]] virtual Result<Retention> retention(std::string_view host) const = 0;

    // All hosts with an archive, sorted; damaged ones included.
    [[nodiscard]] virtual std::vector<std::string> hosts() const = 0;
    // All series of a host in the order in which they were first seen.
    [[nodiscard]] virtual Result<std::vector<SeriesInfo>> series(std::string_view host) const = 0;
    // The archives found bad so far; those of hosts not yet opened are not among them.
    [[nodiscard]] virtual std::vector<DamagedArchive> damaged() const = 0;

    // Writes the state of all changed archives, rows first. Called at intervals and by close().
    // Goes on to the next archive after an error and returns the first.
    [[nodiscard]] virtual Result<void> checkpoint() = 0;
    // Checkpoint and release of the directory. The store is not to be used afterwards.
    [[nodiscard]] virtual Result<void> close() = 0;

  protected:
    Store() = default;
};

}  // namespace kurabe::store
