// The store on this machine: a directory of host archives. See docs/format.md for its layout.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "store/guarded.hpp"
#include "store/host_archive.hpp"
#include "store/lock_file.hpp"
#include "store/store.hpp"

namespace kurabe::store {

class LocalStore final : public Store {
  public:
    LocalStore(std::filesystem::path directory, StoreOptions options, LockFile lock);

    [[nodiscard]] Result<AppendReport> append(const Batch& batch) override;
    [[nodiscard]] Result<FetchedSeries> fetch(const SeriesName& series,
                                              const FetchRequest& request) const override;
    [[nodiscard]] Result<SeriesInfo> info(const SeriesName& series) const override;
    [[nodiscard]] Result<SeriesCopy> copy(const SeriesName& series) const override;
    [[nodiscard]] Result<void> insert(const std::string& host, const SeriesCopy& copy) override;
    [[nodiscard]] Result<Retention> retention(std::string_view host) const override;
    [[nodiscard]] std::vector<std::string> hosts() const override;
    [[nodiscard]] Result<std::vector<SeriesInfo>> series(std::string_view host) const override;
    [[nodiscard]] std::vector<DamagedArchive> damaged() const override;
    [[nodiscard]] Result<void> checkpoint() override;
    [[nodiscard]] Result<void> close() override;

    // Learns which hosts have an archive; opens none.
    [[nodiscard]] Result<void> list_archives();

  private:
    // A host's archive: not opened yet or not made yet, in use, or found bad for good.
    struct Slot {
        std::optional<HostArchive> archive;
        std::optional<Error> failure;
        bool exists = false;
    };
    // A host and its slot; slots live as long as the store.
    struct Host {
        explicit Host(std::filesystem::path file) : path(std::move(file)) {}
        const std::filesystem::path path;
        Guarded<Slot> slot;
    };
    using Hosts = std::map<std::string, std::unique_ptr<Host>, std::less<>>;

    struct NamedHost {
        std::string name;
        Host* host;
    };

    // Lock order: hosts_ and a Host's slot are never held together.
    [[nodiscard]] Host* find_host(std::string_view host) const;
    [[nodiscard]] Result<Host*> find_or_add_host(const std::string& host);
    [[nodiscard]] std::vector<NamedHost> all_hosts() const;

    // Opens the archive when it is not open; kNotFound when there is none.
    [[nodiscard]] Result<void> open_archive(Slot& slot, const std::filesystem::path& path) const;
    // Calls `read` with the host's open archive under its shared lock.
    template <typename T>
    [[nodiscard]] Result<T> read_archive(
        std::string_view host, const std::function<Result<T>(const HostArchive&)>& read) const;
    [[nodiscard]] Result<void> insert_into(Slot& slot, const Host& host, const SeriesCopy& copy);
    [[nodiscard]] Result<AppendReport> append_to(Slot& slot, const Host& host, const Batch& batch);

    const std::filesystem::path directory_;
    const StoreOptions options_;
    LockFile lock_;
    Guarded<Hosts> hosts_;
    std::mutex checkpoint_mutex_;  // taken before all other locks
};

}  // namespace kurabe::store
