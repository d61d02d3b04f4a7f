// Host by host, through a store that reads or, to repair, owns the directory.
#include "store/directory_check.hpp"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "store/archive_name.hpp"
#include "store/data_directory.hpp"
#include "store/local_store.hpp"

namespace kurabe::store {
namespace {

namespace fs = std::filesystem;

class Checker {
  public:
    Checker(LocalStore& store, Repair repair) : store_(store), repair_(repair) {}

    Result<void> host(const std::string& host) {
        ++result.archives;
        const auto checked = store_.check(host);
        if (!checked) {
            result.problems.push_back(checked.error().message);
            const bool is_lost = is_lasting(checked.error());
            return is_lost && repair_ == Repair::kYes ? isolate(host) : Result<void>{};
        }
        result.series += checked->columns;
        result.checksums += checked->runs;
        for (const std::string& problem : checked->problems) {
            result.problems.push_back(host + '/' + problem);
        }
        const std::size_t told = checked->problems.size();
        if (checked->damaged_runs > told) {
            result.problems.push_back(fmt::format("{}: {} more runs of rows have wrong checksums",
                                                  host, checked->damaged_runs - told));
        }
        return checked->damaged_runs > 0 && repair_ == Repair::kYes ? clear(host) : Result<void>{};
    }

    DirectoryCheck result;

  private:
    Result<void> isolate(const std::string& host) {
        const auto place = store_.isolate(host);
        if (!place) return std::unexpected(place.error());
        result.repairs.push_back(fmt::format("{}: moved to {}", host, place->string()));
        return {};
    }
    Result<void> clear(const std::string& host) {
        const auto place = store_.clear_damaged(host);
        if (!place) return std::unexpected(place.error());
        result.repairs.push_back(fmt::format(
            "{}: rows with wrong checksums are unknown now; the archive as it was is {}", host,
            place->string()));
        return {};
    }

    LocalStore& store_;
    const Repair repair_;
};

// Files that no program reads.
void note_strangers(const fs::path& directory, DirectoryCheck& result) {
    std::error_code error;
    std::vector<std::string> names;
    for (fs::directory_iterator entries(directory / "hosts", error);
         !error && entries != fs::directory_iterator(); entries.increment(error)) {
        const std::string name = entries->path().filename().string();
        if (!host_of_archive_name(name)) names.push_back(name);
    }
    std::ranges::sort(names);
    for (const std::string& name : names) {
        result.notes.push_back(fmt::format("hosts/{}: {}", name,
                                           name.ends_with(".new")
                                               ? "half made by a process that was killed; of no use"
                                               : "not the name of an archive; nothing reads it"));
    }
}

}  // namespace

Result<DirectoryCheck> check_directory(const fs::path& directory, Repair repair) {
    if (!is_data_directory(directory)) {
        return fail(ErrorCode::kInvalid, not_a_data_directory(directory));
    }
    StoreOptions options;
    options.access =
        repair == Repair::kYes ? StoreOptions::Access::kWrite : StoreOptions::Access::kRead;
    const auto store = LocalStore::open_local(directory, options);
    if (!store) return std::unexpected(store.error());
    Checker checker(**store, repair);
    for (const std::string& complaint : (*store)->recovery().complaints) {
        checker.result.problems.push_back("journal: " + complaint);
    }
    if (const std::uint64_t samples = (*store)->recovery().samples; samples > 0) {
        checker.result.notes.push_back(
            repair == Repair::kYes
                ? fmt::format("journal: {} samples were put into the archives", samples)
                : fmt::format("journal: {} samples are not in the archives yet; the next start "
                              "puts them there",
                              samples));
    }
    note_strangers(directory, checker.result);
    for (const std::string& host : (*store)->hosts()) {
        if (auto checked = checker.host(host); !checked) return std::unexpected(checked.error());
    }
    if (repair == Repair::kYes) {
        if (auto closed = (*store)->close(); !closed) return std::unexpected(closed.error());
    }
    return std::move(checker.result);
}

}  // namespace kurabe::store
