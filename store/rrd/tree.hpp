// A tree of .rrd files as a store that is read: nothing is imported and nothing is written, whoever
// updates the files goes on. Each data source of a file is a series.
// Rule: our own, docs/operations.md, "Files of RRDtool in place".
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "store/guarded.hpp"
#include "store/rrd/header.hpp"
#include "store/store.hpp"

namespace kurabe::store::rrd {

inline constexpr std::size_t kTreeFilesMax = 1'000'000;
inline constexpr int kTreeDepthMax = 16;

// Thread-safe. What would write fails with kInvalid.
class RrdTree final : public Store {
  public:
    // Which series a data source is; one that is none, by an error, is passed over.
    using Naming = std::function<Result<SeriesName>(const std::filesystem::path& file,
                                                    const Header& header, std::size_t source)>;

    // Reads the header of every file. kNotFound without the directory, kLimit over kTreeFilesMax.
    [[nodiscard]] static Result<std::unique_ptr<RrdTree>> open(
        const std::filesystem::path& directory, Naming naming);

    // Looks again for files that came or went. Of those that are known the header is only read
    // where it was found since that the file has other data sources than it had.
    [[nodiscard]] Result<void> look_again();
    // Files that could not be read or named, or have a series that another file has already: how
    // many times, and why the first.
    struct PassedOver {
        std::size_t files = 0;
        std::string first = {};
    };
    [[nodiscard]] PassedOver passed_over() const;
    // When the newest series of a plugin was updated, or any that is not older than `enough`, so
    // that of those that are updated one file is opened. None without series.
    [[nodiscard]] std::optional<Time> last_update(std::string_view host, std::string_view plugin,
                                                  Time enough) const;

    // The plugins of a host's series, in the order of the files' names, each once for several
    // series in a row. kNotFound without the host. Opens no file.
    [[nodiscard]] Result<std::vector<std::string>> plugins(std::string_view host) const;
    // The longest of the steps that the files of a plugin had when they were named. None without
    // series.
    [[nodiscard]] std::optional<Seconds> longest_step(std::string_view host,
                                                      std::string_view plugin) const;

    [[nodiscard]] Result<AppendReport> append(const Batch& batch, Seconds heartbeat) override;
    [[nodiscard]] Result<FetchedSeries> fetch(const SeriesName& series,
                                              const FetchRequest& request) const override;
    [[nodiscard]] Result<Statistics> statistics(std::span<const SeriesName> series,
                                                const StatisticsRequest& request) const override;
    [[nodiscard]] Result<SeriesInfo> info(const SeriesName& series) const override;
    [[nodiscard]] Result<SeriesCopy> copy(const SeriesName& series) const override;
    [[nodiscard]] Result<void> insert(const std::string& host, const SeriesCopy& copy) override;
    // Of the host's first file.
    [[nodiscard]] Result<Retention> retention(std::string_view host) const override;
    [[nodiscard]] std::vector<std::string> hosts() const override;
    // By the files' names. Reads the last update of each.
    [[nodiscard]] Result<std::vector<SeriesInfo>> series(std::string_view host) const override;
    [[nodiscard]] std::vector<DamagedArchive> damaged() const override { return {}; }
    [[nodiscard]] const Recovery& recovery() const override { return recovery_; }
    [[nodiscard]] Result<void> checkpoint(std::chrono::milliseconds duration,
                                          const std::stop_token& stop) override;
    [[nodiscard]] Result<void> close() override { return {}; }

  private:
    // A series, and where it was when its file was named.
    struct Place {
        SeriesName name;
        std::filesystem::path file;
        std::string source;
        DsType type;
        std::size_t sources;  // that the file has
        Seconds step;
    };
    struct Index;
    using Shared = std::shared_ptr<const Index>;

    RrdTree(std::filesystem::path directory, Naming naming);
    [[nodiscard]] Shared index() const { return *index_.lock_shared(); }
    [[nodiscard]] static Result<Place> find(const Index& index, const SeriesName& series);
    struct Opened;
    // kNotFound also for a file that no longer has the data source.
    [[nodiscard]] Result<Opened> open_series(const Index& index, const SeriesName& series) const;
    // Where the data source is now. None when the file has others than it had; look_again() then
    // names it anew.
    [[nodiscard]] std::optional<std::size_t> source_of(const Place& place,
                                                       const Header& header) const;
    using Files = std::set<std::filesystem::path>;
    void take(const std::filesystem::path& file, const Index* known, Index& index) const;

    const std::filesystem::path directory_;
    const Naming naming_;
    Guarded<Shared> index_;
    mutable Guarded<Files> changed_;  // to be named anew
    Recovery recovery_;               // nothing is ever recovered
};

}  // namespace kurabe::store::rrd
