// What an agent has collected and no server has taken yet: one file per batch of lines, oldest
// first, so that an outage or a kill leaves no gap; or in memory, without a directory.
// Layout: docs/collectors.md, "The agent's spool".
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "store/lock_file.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::agent {

struct SpoolLimits {
    std::size_t bytes = 64 << 20;         // in files
    std::size_t memory_bytes = 16 << 20;  // without a directory, and when it cannot be written
    std::size_t batches = 50'000;
};

// Used by one thread at a time.
class Spool {
  public:
    // Makes the directory, and goes on with what is in it. kInUse when another agent has it. No
    // directory: all is in memory, and gone with the process.
    [[nodiscard]] static Result<Spool> open(const std::optional<std::filesystem::path>& directory,
                                            const SpoolLimits& limits = {});

    // Keeps lines. They survive a power cut when this returns without an error; after an error they
    // are in memory, until files can be written again. When a limit is reached, the oldest of what
    // it is a limit of go.
    [[nodiscard]] Result<void> add(std::string lines);

    struct Batches {
        std::string lines;
        std::uint64_t last;  // for remove_through()
        std::size_t count;
    };
    // The oldest batches, together at most `bytes_max`, but one at least. None when there are none.
    // A batch that is_lost() is an error once, set aside as NAME.bad and passed over. One that
    // cannot be read for another reason, such as too many open files, stays the oldest.
    [[nodiscard]] Result<std::optional<Batches>> oldest(std::size_t bytes_max);
    // Whether an error of oldest() says that its batch will never be there again.
    [[nodiscard]] static bool is_lost(ErrorCode code) noexcept;
    // They were taken. After an error they are sent again by the next process.
    [[nodiscard]] Result<void> remove_through(std::uint64_t last);

    [[nodiscard]] std::size_t batches() const noexcept { return entries_.size(); }
    // Whether what it has outlives the process.
    [[nodiscard]] bool is_lasting() const noexcept { return memory_bytes_ == 0; }
    // How many were given up because of the limits so far.
    [[nodiscard]] std::size_t dropped() const noexcept { return dropped_; }

  private:
    struct Entry {
        std::uint64_t number;
        std::size_t bytes;
        std::optional<std::string> lines;  // none: in its file
    };
    using Entries = std::deque<Entry>;

    Spool(std::optional<std::filesystem::path> directory, const SpoolLimits& limits)
        : directory_(std::move(directory)), limits_(limits) {}
    [[nodiscard]] Result<void> list();
    [[nodiscard]] std::filesystem::path file_of(std::uint64_t number) const;
    [[nodiscard]] Result<void> write(std::uint64_t number, std::string_view lines) const;
    [[nodiscard]] Result<std::string> read(const Entry& entry) const;
    void set_aside(const Entry& entry);
    void push(Entry entry);
    void write_waiting();
    [[nodiscard]] Result<void> remove(Entries::iterator at);
    // Of those in memory, or of those in files; there is one.
    void drop_oldest(bool is_in_memory);
    void keep_to_limits();

    std::optional<std::filesystem::path> directory_;
    SpoolLimits limits_;
    std::optional<store::LockFile> lock_;
    Entries entries_;
    std::uint64_t next_ = 1;
    std::size_t file_bytes_ = 0;
    std::size_t memory_bytes_ = 0;
    std::size_t dropped_ = 0;
};

}  // namespace kurabe::collectors::agent
