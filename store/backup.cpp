// First links to the segments of the journal, then archives, then the journal itself.
#include "store/backup.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "store/archive_layout.hpp"
#include "store/archive_name.hpp"
#include "store/archive_state.hpp"
#include "store/data_directory.hpp"
#include "store/file.hpp"
#include "store/journal.hpp"
#include "store/journal_segment.hpp"
#include "store/lock_file.hpp"

namespace kurabe::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunkBytes = 1 << 20;
constexpr std::string_view kLinksPrefix = "journal-backup-";

class Backup {
  public:
    Backup(fs::path from, fs::path to)
        : from_(std::move(from)), to_(std::move(to)), chunk_(kChunkBytes) {}

    ~Backup() { remove_links(); }
    Backup(const Backup&) = delete;
    Backup& operator=(const Backup&) = delete;

    Result<BackupReport> run() {
        remove_links();  // of a process that was killed and had this one's number
        remove_stale_backup_links(from_);
        for (const fs::path& directory : {to_ / "hosts", to_ / "journal"}) {
            if (auto made = make_directories(directory); !made) {
                return std::unexpected(made.error());
            }
        }
        if (auto mark = File::create(to_ / kUnfinishedBackupMark); !mark) {
            return std::unexpected(mark.error());
        }
        if (auto linked = begin_links(); !linked) return std::unexpected(linked.error());
        // Hosts may come meanwhile: the journal names them. It is copied after every archive.
        constexpr int kRoundsMax = 10;
        for (int round = 0; round < kRoundsMax; ++round) {
            const auto copied = copy_archives();
            if (!copied) return std::unexpected(copied.error());
            if (round > 0 && *copied == 0) break;
            if (auto done = copy_journal(); !done) return std::unexpected(done.error());
        }
        if (auto whole = check_journal(); !whole) return std::unexpected(whole.error());
        if (auto done = finish(); !done) return std::unexpected(done.error());
        return report_;
    }

  private:
    // In the directory that is copied, because a link cannot be elsewhere.
    [[nodiscard]] fs::path links() const {
        return from_ / fmt::format("{}{}", kLinksPrefix, ::getpid());
    }
    // Where nobody can write, nothing is removed and no link is needed.
    Result<void> begin_links() {
        std::error_code error;
        fs::create_directories(links(), error);
        has_links_ = !error;
        if (!error || error == std::errc::read_only_file_system) return {};
        return std::unexpected(system_error(links(), "make this directory", error.value()));
    }
    [[nodiscard]] fs::path segment(std::uint64_t first) const {
        return (has_links_ ? links() : from_ / "journal") / segment_name(first);
    }

    void remove_links() const {
        std::error_code ignored;  // they do no harm but take room
        fs::remove_all(links(), ignored);
    }

    // Segments are removed when all archives have their records, but a copy may have an archive of
    // before.
    Result<void> keep_segments() {
        const auto segments = list_segments(from_ / "journal");
        if (!segments) return std::unexpected(segments.error());
        for (const std::uint64_t first : *segments) {
            if (kept_.contains(first)) continue;
            std::error_code error;
            if (has_links_) {
                fs::create_hard_link(from_ / "journal" / segment_name(first), segment(first),
                                     error);
            }
            if (error == std::errc::no_such_file_or_directory) continue;  // removed just now
            if (error) {
                return std::unexpected(system_error(links(), "link into", error.value()));
            }
            kept_.insert(first);
        }
        return {};
    }

    // Those that were not copied before: how many.
    Result<std::size_t> copy_archives() {
        std::vector<std::string> names;
        std::error_code error;
        for (fs::directory_iterator entries(from_ / "hosts", error);
             !error && entries != fs::directory_iterator(); entries.increment(error)) {
            std::string name = entries->path().filename().string();
            if (host_of_archive_name(name) && !seen_.contains(name)) {
                names.push_back(std::move(name));
            }
        }
        if (error) return std::unexpected(system_error(from_ / "hosts", "read", error.value()));
        std::ranges::sort(names);
        for (const std::string& name : names) {
            if (auto kept = keep_segments(); !kept) return std::unexpected(kept.error());
            seen_.insert(name);
            const auto source = File::open(from_ / "hosts" / name, File::Access::kRead);
            if (!source && source.error().code == ErrorCode::kNotFound) continue;  // moved away
            const auto copied = source ? copy_archive(*source, name)
                                       : Result<void>(std::unexpected(source.error()));
            if (copied) {
                ++report_.archives;
            } else if (copied.error().code == ErrorCode::kInUse) {
                return std::unexpected(copied.error());
            } else {
                report_.failures.push_back(copied.error().message);
            }
        }
        return names.size();
    }

    Result<void> copy_archive(const File& source, const std::string& name) {
        const auto target = File::create(to_ / "hosts" / name);
        if (!target) return std::unexpected(target.error());
        const auto size = source.size();
        if (!size) return std::unexpected(size.error());
        std::vector<std::byte> header(kHeaderBytes);
        const auto got = source.read(header, 0);
        if (!got) return std::unexpected(got.error());
        header.resize(*got);
        const auto layout = ArchiveLayout::read(header, *size);
        auto copied =
            layout ? copy_parts(source, *target, *layout) : copy_range(source, *target, 0, *size);
        if (!layout) {
            report_.failures.push_back(fmt::format("{}: {}; copied as it is",
                                                   source.path().string(), layout.error().message));
        }
        if (copied) copied = target->sync_data();
        return copied;
    }

    // The states first: rows and columns that come later than them do no harm, as long as no column
    // has come back to the open block that they name, which takes another state.
    Result<void> copy_parts(const File& source, const File& target, const ArchiveLayout& layout) {
        constexpr int kAttempts = 10;
        const std::uint64_t states = layout.state_offset(0);
        const std::uint64_t rings = layout.state_offset(2);
        for (int i = 0; i < kAttempts; ++i) {
            const auto before = newest_state(source, layout);
            if (!before) return std::unexpected(before.error());
            auto copied = copy_range(source, target, states, rings);
            if (copied) copied = copy_range(source, target, 0, states);
            if (copied) copied = copy_range(source, target, rings, layout.file_bytes());
            if (!copied) return copied;
            const auto after = newest_state(source, layout);
            if (!after) return std::unexpected(after.error());
            if (*before == *after) return {};
        }
        return fail(ErrorCode::kInUse, fmt::format("{}: it is written faster than it can be copied",
                                                   source.path().string()));
    }

    // The sequence of the newest valid one; 0 without any.
    static Result<std::uint64_t> newest_state(const File& source, const ArchiveLayout& layout) {
        std::vector<std::byte> area(layout.state_bytes());
        std::uint64_t newest = 0;
        for (const std::size_t i : {0, 1}) {
            const auto got = source.read(area, layout.state_offset(i));
            if (!got) return std::unexpected(got.error());
            const auto state = valid_state(layout, std::span(area).first(*got));
            if (state) newest = std::max(newest, state->sequence);
        }
        return newest;
    }

    Result<void> copy_range(const File& source, const File& target, std::uint64_t begin,
                            std::uint64_t end) {
        while (begin < end) {
            const auto part = std::min<std::uint64_t>(chunk_.size(), end - begin);
            const auto got = source.read(std::span(chunk_).first(part), begin);
            if (!got) return std::unexpected(got.error());
            if (*got == 0) return {};  // cut meanwhile: as it is
            if (auto written = target.write(std::span(chunk_).first(*got), begin); !written) {
                return written;
            }
            begin += *got;
            report_.bytes += *got;
        }
        return {};
    }

    // Segments grow while they are copied; what a copy has of a record that is being written is
    // not whole, and ends it.
    Result<void> copy_journal() {
        if (auto kept = keep_segments(); !kept) return kept;
        for (const std::uint64_t first : kept_) {
            const auto source = File::open(segment(first), File::Access::kRead);
            if (!source) return std::unexpected(source.error());
            const auto target = File::create(to_ / "journal" / segment_name(first));
            if (!target) return std::unexpected(target.error());
            const auto size = source->size();
            if (!size) return std::unexpected(size.error());
            if (auto copied = copy_range(*source, *target, 0, *size); !copied) return copied;
            if (auto synced = target->sync_data(); !synced) return synced;
        }
        return {};
    }

    // A segment that was begun and removed between two looks is missing, and with it what archives
    // that were copied before have not: kInUse.
    Result<void> check_journal() {
        const auto end =
            replay_journal(to_ / "journal", [](JournalRecord&) { return Result<void>{}; });
        if (!end) return std::unexpected(end.error());
        if (end->complaints.empty()) return {};
        return fail(ErrorCode::kInUse, fmt::format("{}: checkpoints are written faster than this "
                                                   "copies: {}",
                                                   from_.string(), end->complaints.front()));
    }

    Result<void> finish() {
        for (const fs::path& directory : {to_ / "hosts", to_ / "journal"}) {
            if (auto synced = sync_directory(directory); !synced) return synced;
        }
        const auto lock = File::create(LockFile::path_in(to_));
        if (!lock) return std::unexpected(lock.error());
        if (auto removed = remove_file(to_ / kUnfinishedBackupMark); !removed) return removed;
        return sync_directory(to_);
    }

    const fs::path from_;
    const fs::path to_;
    std::vector<std::byte> chunk_;
    bool has_links_ = true;
    std::set<std::uint64_t> kept_;
    std::set<std::string> seen_;
    BackupReport report_;
};

Result<void> check_target(const fs::path& directory, const fs::path& target) {
    std::error_code error;
    const auto inside = fs::relative(fs::weakly_canonical(target, error),
                                     fs::weakly_canonical(directory, error), error);
    if (!error && !inside.empty() && *inside.begin() != "..") {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{} is in the directory that is to be copied", target.string()));
    }
    const bool is_there = fs::exists(target, error);
    if (!is_there || fs::is_empty(target, error)) return {};
    return fail(ErrorCode::kInvalid,
                fmt::format("{}: there is something; a backup goes into a directory that is absent "
                            "or empty",
                            target.string()));
}

}  // namespace

void remove_stale_backup_links(const fs::path& directory) {
    std::error_code error;
    for (fs::directory_iterator entries(directory, error);
         !error && entries != fs::directory_iterator(); entries.increment(error)) {
        const std::string name = entries->path().filename().string();
        if (!name.starts_with(kLinksPrefix)) continue;
        pid_t process = 0;
        const char* const begin = name.data() + kLinksPrefix.size();
        const char* const end = name.data() + name.size();
        const bool is_number = std::from_chars(begin, end, process).ptr == end && process > 0;
        const bool is_gone = is_number && ::kill(process, 0) == -1 && errno == ESRCH;
        std::error_code ignored;  // they do no harm but take room
        if (is_gone) fs::remove_all(entries->path(), ignored);
    }
}

Result<BackupReport> back_up(const fs::path& directory, const fs::path& target) {
    if (!is_data_directory(directory)) {
        return fail(ErrorCode::kInvalid, not_a_data_directory(directory));
    }
    if (auto checked = check_target(directory, target); !checked)
        return std::unexpected(checked.error());
    constexpr int kAttempts = 5;
    auto report = Backup(directory, target).run();
    for (int i = 1; i < kAttempts && !report && report.error().code == ErrorCode::kInUse; ++i) {
        std::error_code error;
        for (const char* part : {"hosts", "journal"}) fs::remove_all(target / part, error);
        report = Backup(directory, target).run();
    }
    return report;
}

}  // namespace kurabe::store
