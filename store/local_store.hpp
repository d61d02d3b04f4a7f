// The store on this machine: a directory of host archives and a journal. See docs/format.md for its
// layout, and "Crashes" there for the order of what is written.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>

#include "store/archive_check.hpp"
#include "store/guarded.hpp"
#include "store/host_archive.hpp"
#include "store/journal.hpp"
#include "store/lock_file.hpp"
#include "store/store.hpp"

namespace kurabe::store {

[[nodiscard]] inline std::unexpected<Error> no_such_host(std::string_view host) {
    return fail(ErrorCode::kNotFound, "no such host: " + std::string(host));
}

class LocalStore final : public Store {
  public:
    // See Store::open.
    [[nodiscard]] static Result<std::unique_ptr<LocalStore>> open_local(
        const std::filesystem::path& directory, const StoreOptions& options);
    LocalStore(std::filesystem::path directory, StoreOptions options, LockFile lock);
    ~LocalStore() override;

    using Store::append;
    [[nodiscard]] Result<AppendReport> append(const Batch& batch, Seconds heartbeat) override;
    [[nodiscard]] Result<FetchedSeries> fetch(const SeriesName& series,
                                              const FetchRequest& request) const override;
    [[nodiscard]] Result<Statistics> statistics(std::span<const SeriesName> series,
                                                const StatisticsRequest& request) const override;
    [[nodiscard]] Result<SeriesInfo> info(const SeriesName& series) const override;
    [[nodiscard]] Result<SeriesCopy> copy(const SeriesName& series) const override;
    [[nodiscard]] Result<void> insert(const std::string& host, const SeriesCopy& copy) override;
    [[nodiscard]] Result<Retention> retention(std::string_view host) const override;
    [[nodiscard]] std::vector<std::string> hosts() const override;
    [[nodiscard]] Result<std::vector<SeriesInfo>> series(std::string_view host) const override;
    [[nodiscard]] std::vector<DamagedArchive> damaged() const override;
    [[nodiscard]] const Recovery& recovery() const override { return recovery_; }
    using Store::checkpoint;
    [[nodiscard]] Result<void> checkpoint(std::chrono::milliseconds duration,
                                          const std::stop_token& stop) override;
    [[nodiscard]] Result<void> close() override;

    // Looks at all rows of the host's archive. kNotFound, kDamaged as fetch().
    [[nodiscard]] Result<ArchiveCheck> check(std::string_view host) const;
    // Gives the host's archive another step and other rings; others of it wait meanwhile. Rows
    // become those of resampled(). On an error it is as it was.
    [[nodiscard]] Result<void> change_retention(std::string_view host, const Retention& retention);
    // Removes the series of the host that had no sample since `silent_since`: their names. An
    // archive of which none is left stays, empty.
    [[nodiscard]] Result<std::vector<std::string>> retire(std::string_view host,
                                                          SampleTime silent_since);

    // Moves the host's archive, which cannot be used, to DIR/isolated: where it is then.
    [[nodiscard]] Result<std::filesystem::path> isolate(std::string_view host);
    // Makes rows with wrong checksums unknown; the result is a copy of the archive as it was.
    [[nodiscard]] Result<std::filesystem::path> clear_damaged(std::string_view host);

  private:
    // A host's archive: not opened yet or not made yet, in use, or found bad for good.
    struct Slot {
        std::optional<HostArchive> archive;
        std::optional<Error> failure;
        bool exists = false;
        bool has_unsaved_insert = false;
        // How far columns went on in records that are not committed yet.
        SampleTime::duration uncommitted{0};
    };
    // A host and its slot; hosts live as long as the store.
    struct Host {
        explicit Host(std::filesystem::path file) : path(std::move(file)) {}
        const std::filesystem::path path;
        Guarded<Slot> slot;
        std::atomic<std::uint64_t> last_use{0};
        std::atomic<std::uint64_t> damaged_runs{0};  // whose rows were shown as unknown
    };
    using Hosts = std::map<std::string, std::unique_ptr<Host>, std::less<>>;

    struct NamedHost {
        std::string name;
        Host* host;
    };

    // What opening consists of, in this order: learns which hosts have an archive, opening none;
    // replays the journal; and begins to commit it at intervals.
    [[nodiscard]] Result<void> check_complete() const;
    [[nodiscard]] Result<void> list_archives();
    [[nodiscard]] Result<void> recover();
    void start_commits();

    // Lock order: checkpoint_mutex_, then a Host's slot, then the journal's own; hosts_ is never
    // held with another.
    [[nodiscard]] Host* find_host(std::string_view host) const;
    [[nodiscard]] Result<Host*> find_or_add_host(const std::string& host);
    [[nodiscard]] std::vector<NamedHost> all_hosts() const;

    // Opens the archive when it is not open; kNotFound when there is none.
    [[nodiscard]] Result<void> open_archive(Slot& slot, Host& host) const;
    // Of an archive that is made now.
    [[nodiscard]] Retention retention_for(std::string_view host) const;
    [[nodiscard]] Result<void> create_archive(Slot& slot, Host& host, const Retention& retention,
                                              std::size_t columns);
    void count_opened(Host& host) const;
    // Calls `read` with the host's open archive under its shared lock.
    template <typename T>
    [[nodiscard]] Result<T> read_archive(
        std::string_view host, const std::function<Result<T>(const HostArchive&)>& read) const;
    template <typename T>
    [[nodiscard]] Result<T> read_archive(
        Host& host, std::string_view host_name,
        const std::function<Result<T>(const HostArchive&)>& read) const;
    // Looks up with `plan` under the host's lock and reads with `read` without it.
    template <typename Read>
    [[nodiscard]] Read read_series(
        const SeriesName& series,
        const std::function<Result<PlannedFetch>(const HostArchive&, const ColumnName&)>& plan,
        const std::function<Read(const PlannedFetch&)>& read) const;
    [[nodiscard]] Result<std::vector<SeriesStatistics>> statistics_of(
        const SeriesName& series, const StatisticsRequest& request, RowBuffers& buffers) const;

    [[nodiscard]] bool writes() const noexcept {
        return options_.access == StoreOptions::Access::kWrite;
    }
    [[nodiscard]] Result<void> check_writes() const;
    [[nodiscard]] SampleTime newest_time() const;
    // Of a batch for a host that has no archive.
    [[nodiscard]] AppendPlan plan_first(const Batch& batch, AppendReport& report) const;
    void note_failure(Slot& slot, const Error& error) const;
    [[nodiscard]] Result<void> append_to(Slot& slot, Host& host, const Batch& batch,
                                         Seconds heartbeat, AppendReport& report);
    // `samples` are some of the batch. How many of them were judged.
    [[nodiscard]] Result<std::size_t> append_part(Slot& slot, const Batch& batch, Seconds heartbeat,
                                                  std::span<const Sample> samples,
                                                  AppendReport& report);
    [[nodiscard]] Result<std::size_t> append_record(Slot& slot, std::span<const Sample> samples,
                                                    std::span<const LateSample> late,
                                                    JournalRecord& record,
                                                    SampleTime::duration advance,
                                                    AppendReport& report);
    // Through the journal into the archive. `advance` is how far a column goes on in time.
    [[nodiscard]] Result<void> write_record(Slot& slot, JournalRecord& record,
                                            SampleTime::duration advance);
    [[nodiscard]] Result<void> insert_into(Slot& slot, Host& host, const SeriesCopy& copy);

    // A record of the journal, when the archive does not have it. Fails when what hinders may pass.
    struct Replayed {
        std::optional<Error> lost = {};  // why it could not be applied
        bool follows_a_gap = false;      // a record of the archive before it is missing
    };
    [[nodiscard]] Result<Replayed> replay(const JournalRecord& record);
    [[nodiscard]] static Result<void> renumber(HostArchive& archive, std::uint64_t last_sequence);
    [[nodiscard]] Result<void> renumber_archives(std::uint64_t last_sequence);

    // Replaces the archive by one of the retention with the columns that `keep` says.
    [[nodiscard]] Result<void> rebuild(Slot& slot, Host& host, const Retention& retention,
                                       const std::function<bool(const Column&)>& keep);

    // With checkpoint_mutex_ held.
    [[nodiscard]] Result<void> checkpoint_host(Host& host) const;
    [[nodiscard]] Result<void> save_inserts(Host& host);
    void close_least_used() const;
    [[nodiscard]] std::vector<Host*> hosts_by_use() const;
    [[nodiscard]] bool close_archive(Host& host) const;

    const std::filesystem::path directory_;
    const StoreOptions options_;
    LockFile lock_;
    Guarded<Hosts> hosts_;
    mutable std::mutex checkpoint_mutex_;
    std::unique_ptr<Journal> journal_;  // of a writer
    Recovery recovery_;
    bool is_replaying_ = false;
    mutable std::atomic<std::uint64_t> uses_{0};
    mutable std::atomic<std::size_t> open_archives_{0};
    std::jthread commits_;  // last, so that it ends first
};

}  // namespace kurabe::store
