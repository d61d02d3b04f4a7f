// The journal of a data directory: what was accepted since the last checkpoints, so that a crash
// loses nothing of it.
//
// Our own format, with what a reader does at its end: docs/format.md, "Journal". A record is in the
// kernel's hands when append() returns, and outlives the process from then on; it outlives a power
// cut once commit() returns.
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
    std::uint64_t segment_bytes = 32ULL << 20;
};

// What replay_journal() found.
struct JournalEnd {
    std::uint64_t last_sequence = 0;  // of the records that were read; 0: there is none
    std::uint64_t records = 0;
    std::vector<std::string> complaints;  // a line each for what could not be read; few are kept
};

// Calls `apply` with the records of the directory, oldest first. A record that is not whole ends
// its segment: behind the last commit, that is what a crash leaves, and no complaint. Fails only
// when the directory cannot be read or `apply` fails. There may be no directory.
[[nodiscard]] Result<JournalEnd> replay_journal(
    const std::filesystem::path& directory,
    const std::function<Result<void>(JournalRecord&)>& apply);

// Thread-safe.
class Journal {
  public:
    // Begins behind `last_sequence`, in the directory, which is made when there is none. Segments
    // that are there stay.
    [[nodiscard]] static Result<std::unique_ptr<Journal>> open(
        const std::filesystem::path& directory, std::uint64_t last_sequence,
        const JournalOptions& options);

    // Gives the record its number, which is the result. kNoSpace when no segment can be begun, and
    // kLimit for a record that is too long: then nothing was written and others may be. kDamaged
    // from the first failed write or sync on, for good: what the disk holds is no longer known.
    [[nodiscard]] Result<std::uint64_t> append(JournalRecord& record);

    // Afterwards everything that was appended before survives a power cut.
    [[nodiscard]] Result<void> commit();

    // The next record begins a new segment. The last number before it.
    [[nodiscard]] std::uint64_t end_segment();
    // Removes the segments whose records all have numbers up to that one.
    [[nodiscard]] Result<void> remove_through(std::uint64_t sequence);

  private:
    struct Segment {
        File file;
        std::uint64_t first_sequence;
        std::uint64_t position;  // behind the last record
        bool is_committed = true;
    };

    Journal(std::filesystem::path directory, std::uint64_t last_sequence,
            const JournalOptions& options)
        : directory_(std::move(directory)), options_(options), last_sequence_(last_sequence) {}

    // All with the mutex held.
    [[nodiscard]] Result<void> make_room(std::size_t bytes);
    [[nodiscard]] Result<void> commit_segment();
    [[nodiscard]] std::unexpected<Error> fail_for_good(Error error);

    const std::filesystem::path directory_;
    const JournalOptions options_;
    std::mutex mutex_;
    std::uint64_t last_sequence_;
    std::optional<Segment> segment_;
    std::optional<Error> failure_;
    std::vector<std::byte> bytes_;  // of the record that is being appended
};

}  // namespace kurabe::store
