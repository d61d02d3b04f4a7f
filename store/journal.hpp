// The journal of a data directory: what was accepted since the last checkpoints, so that a crash
// loses nothing of it.
//
// Our own format, with what a reader does at its end: docs/format.md, "Journal". A record is in the
// kernel's hands when append() returns, and outlives the process from then on; it outlives a power
// cut once it is committed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "store/file.hpp"
#include "store/journal_record.hpp"
#include "store/journal_segment.hpp"
#include "store/result.hpp"

namespace kurabe::store {

struct JournalOptions {
    // Reserved on the disk before the first record of a segment, so that a full disk is an error
    // when it is begun.
    std::uint64_t segment_bytes;
};

// What replay_journal() found.
struct JournalEnd {
    std::uint64_t last_sequence = 0;  // that was given; 0: there was none
    std::uint64_t records = 0;        // that were read
    std::vector<std::string> complaints =
        {};  // a line each for what could not be read; few are kept
};

// Calls `apply` with the records of the directory, oldest first. A record that is not whole ends
// its segment: behind the last commit, that is what a crash leaves, and no complaint. Fails only
// when the directory cannot be read, `apply` fails, or a segment has a version that is not known
// (kUnsupported). There may be no directory.
[[nodiscard]] Result<JournalEnd> replay_journal(
    const std::filesystem::path& directory,
    const std::function<Result<void>(JournalRecord&)>& apply);

// Makes lasting what a process that was killed left to the system: afterwards what replay_journal()
// reads survives a power cut. There may be no directory.
[[nodiscard]] Result<void> sync_journal(const std::filesystem::path& directory);

// Copies what is there to another directory, under names that are new in it.
[[nodiscard]] Result<void> set_segments_aside(const std::filesystem::path& directory,
                                              const std::filesystem::path& aside);

// Thread-safe.
class Journal {
  public:
    // Goes on behind what replay_journal() found, in the directory, which is made when there is
    // none. Segments that are there stay; they are to have been synced.
    [[nodiscard]] static Result<std::unique_ptr<Journal>> open(
        const std::filesystem::path& directory, const JournalEnd& end,
        const JournalOptions& options);

    // Gives the record its number, which is the result. kLimit for a record that is too long.
    // kNoSpace, or why it could not be written: then nothing of it is there and others may be.
    // kDamaged from the first sync on that failed, for good: what the disk holds is no longer
    // known. So it is when somebody has removed the segment.
    [[nodiscard]] Result<std::uint64_t> append(JournalRecord& record);

    // Afterwards the records up to that number survive a power cut. Those who wait for a sync share
    // the next one; appending goes on meanwhile.
    [[nodiscard]] Result<void> commit_through(std::uint64_t sequence);
    [[nodiscard]] Result<void> commit() { return commit_through(last_sequence()); }

    [[nodiscard]] std::uint64_t last_sequence() const;
    [[nodiscard]] std::uint64_t committed() const;
    // Why it takes no more records; none while it does.
    [[nodiscard]] std::optional<Error> failure() const;

    // Begins a new segment if the newest has records and there is room on the disk; if not, the
    // next record goes on in the old one. The last number before it.
    [[nodiscard]] std::uint64_t begin_segment();
    // Removes the segments whose records all have numbers up to that one. One stays, whose name
    // keeps the number.
    [[nodiscard]] Result<void> remove_through(std::uint64_t sequence);

  private:
    struct Segment {
        File file;
        std::uint64_t first_sequence;
        std::uint64_t position;  // behind the last record
    };

    Journal(std::filesystem::path directory, const JournalEnd& end, const JournalOptions& options)
        : directory_(std::move(directory)),
          options_(options),
          last_sequence_(end.last_sequence),
          committed_(end.last_sequence),
          has_records_(end.records > 0) {}

    // All with the mutex held.
    [[nodiscard]] Result<void> make_room(std::size_t bytes);
    [[nodiscard]] Result<void> start_segment();
    [[nodiscard]] Result<void> commit_segment();
    [[nodiscard]] Result<void> remove_segment(std::uint64_t first_sequence);
    [[nodiscard]] std::unexpected<Error> take_back(Error error);
    [[nodiscard]] std::unexpected<Error> fail_for_good(Error error);

    const std::filesystem::path directory_;
    const JournalOptions options_;
    std::mutex sync_mutex_;  // held while syncing without mutex_; taken before it
    mutable std::mutex mutex_;
    std::uint64_t last_sequence_;
    std::uint64_t committed_;
    bool has_records_;  // in the newest segment or, when it was not begun here, in any
    std::shared_ptr<Segment> segment_;  // a sync may hold it longer
    std::optional<Error> failure_;
    std::vector<std::byte> bytes_;  // of the record that is being appended
};

}  // namespace kurabe::store
