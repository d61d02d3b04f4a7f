// Host by host, through a store that reads or, to repair, owns the directory.
#include "store/directory_check.hpp"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "store/archive_name.hpp"
#include "store/counted.hpp"
#include "store/data_directory.hpp"
#include "store/local_store.hpp"

namespace kurabe::store {
namespace {

namespace fs = std::filesystem;

class Checker {
  public:
    Checker(LocalStore& store, Repair repair) : store_(store), repair_(repair) {}

    void host(const std::string& host) {
        ++result.archives;
        const auto checked = store_.check(host);
        if (!checked) {
            const bool is_lost = is_lasting(checked.error());
            add_problem(checked.error().message, is_lost && repairs() && isolate(host));
            return;
        }
        result.series += checked->columns;
        result.checksums += checked->runs;
        const bool is_cleared = checked->damaged_runs > 0 && repairs() && clear(host);
        for (const std::string& problem : checked->problems) {
            add_problem(host + '/' + problem, is_cleared && problem.ends_with(kWrongChecksum));
        }
        if (checked->damaged_runs > kProblemsOfAnArchiveMax) {
            add_problem(fmt::format("{}: {} runs of rows in all have wrong checksums", host,
                                    checked->damaged_runs),
                        is_cleared);
        }
    }
    void add_problem(std::string text, bool is_repaired = false) {
        result.problems.push_back(std::move(text));
        if (!is_repaired) ++result.open_problems;
    }

    DirectoryCheck result;

  private:
    [[nodiscard]] bool repairs() const noexcept { return repair_ == Repair::kYes; }
    // False when it could not be done, which is a problem of its own.
    bool isolate(const std::string& host) {
        const auto place = store_.isolate(host);
        if (place) {
            result.repairs.push_back(fmt::format("{}: moved to {}", host, place->string()));
        } else {
            add_problem(place.error().message);
        }
        return place.has_value();
    }
    bool clear(const std::string& host) {
        const auto place = store_.clear_damaged(host);
        if (place) {
            result.repairs.push_back(fmt::format(
                "{}: rows with wrong checksums are unknown now; the archive as it was is {}", host,
                place->string()));
        } else {
            add_problem(place.error().message);
        }
        return place.has_value();
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

Result<DirectoryCheck> check_directory(const fs::path& directory, Repair repair,
                                       std::size_t open_archives_max) {
    if (!is_data_directory(directory)) {
        return fail(ErrorCode::kInvalid, not_a_data_directory(directory));
    }
    StoreOptions options;
    options.open_archives_max = open_archives_max;
    options.access =
        repair == Repair::kYes ? StoreOptions::Access::kWrite : StoreOptions::Access::kRead;
    const auto store = LocalStore::open_local(directory, options);
    if (!store) return std::unexpected(store.error());
    Checker checker(**store, repair);
    for (const std::string& complaint : (*store)->recovery().complaints) {
        checker.add_problem("journal: " + complaint);
    }
    if (const std::uint64_t samples = (*store)->recovery().samples; samples > 0) {
        checker.result.notes.push_back(
            repair == Repair::kYes
                ? fmt::format("journal: {} put into the archives",
                              counted(samples, "sample was", "samples were"))
                : fmt::format("journal: {} not in the archives yet; the next start puts {} there",
                              counted(samples, "sample is", "samples are"),
                              samples == 1 ? "it" : "them"));
    }
    note_strangers(directory, checker.result);
    for (const std::string& host : (*store)->hosts()) {
        checker.host(host);
    }
    if (repair == Repair::kYes) {
        if (auto closed = (*store)->close(); !closed) return std::unexpected(closed.error());
    }
    return std::move(checker.result);
}

}  // namespace kurabe::store
