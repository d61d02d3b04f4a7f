// Rows are words of the mapped file, written and read whole: a reader beside the writer sees the
// old or the new one.
#include "store/ring_rows.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>

#include "store/crc32c.hpp"

namespace kurabe::store {
namespace {

using Word = std::uint64_t;

std::atomic_ref<Word> word_at(std::span<std::byte> file, std::uint64_t offset) noexcept {
    return std::atomic_ref(*reinterpret_cast<Word*>(&file[offset]));
}

Word load(const std::byte* place) noexcept {
    // Reading through it does not write, also where the file is mapped for reading only.
    auto* word = const_cast<Word*>(reinterpret_cast<const Word*>(place));
    return std::atomic_ref(*word).load(std::memory_order_relaxed);
}

Word checksum_of(std::span<const std::byte> run) noexcept {
    return crc32c(run);
}

void store(std::span<std::byte> file, std::uint64_t offset, Word word) noexcept {
    word_at(file, offset).store(word, std::memory_order_relaxed);
}

void write_at(std::span<std::byte> file, const RowPlace& place, std::uint64_t row,
              Value value) noexcept {
    write_row(file, place, slot_of(place.ring, row), value);
}

// A copy of one run, because the next rows may be written while it is looked at.
class Run {
  public:
    void copy(const std::byte* place, std::size_t values) noexcept {
        values_ = values;
        Word* const words = words_.data();
        for (std::size_t i = 0; i <= values; ++i) words[i] = load(place + i * sizeof(Word));
    }
    [[nodiscard]] bool is_whole() const noexcept {
        return words_[values_] == checksum_of(std::as_bytes(std::span(words_).first(values_)));
    }
    void take(std::size_t first, std::span<Value> values) const noexcept {
        std::memcpy(values.data(), &words_[first], values.size_bytes());
    }

  private:
    std::size_t values_ = 0;
    std::array<Word, kValuesPerRunMax + 1> words_;
};

// The runs of a column, block after block. They lie pages apart, where no processor looks ahead by
// itself.
class RunCursor {
  public:
    RunCursor(std::span<const std::byte> file, const RingPlace& ring, std::uint32_t column,
              std::int64_t row) noexcept
        : file_(file),
          ring_(ring),
          begin_(ring.offset + column * ring.run_bytes()),
          block_(static_cast<std::uint64_t>(row) / ring.rows_per_block % ring.blocks) {}

    // The next one.
    const std::byte* next() noexcept {
        constexpr std::uint64_t kAhead = 3;
        constexpr std::size_t kCacheLineBytes = 64;
        const std::byte* const run = &file_[begin_ + block_ * ring_.block_bytes];
        if (block_ + kAhead < ring_.blocks) {
            const std::byte* const later = run + kAhead * ring_.block_bytes;
            __builtin_prefetch(later);
            __builtin_prefetch(later + kCacheLineBytes);
        }
        block_ = block_ + 1 == ring_.blocks ? 0 : block_ + 1;
        return run;
    }

  private:
    std::span<const std::byte> file_;
    const RingPlace& ring_;
    const std::uint64_t begin_;
    std::uint64_t block_;
};

}  // namespace

RowRange shown_rows(const RingPlace& ring, Time history_start, SampleTime last_time) noexcept {
    const std::int64_t last = row_at(last_time, ring.resolution);
    const std::int64_t begin = row_at(history_start, ring.resolution);
    return {std::max(begin, last - std::int64_t{ring.rows}) + 1, last};
}

RowSlot slot_of(const RingPlace& ring, std::uint64_t row) noexcept {
    return {.first_run = ArchiveLayout::run_offset(ring, 0, row),
            .in_run = static_cast<std::uint32_t>(row % ring.rows_per_block)};
}

void write_row(std::span<std::byte> file, const RowPlace& place, const RowSlot& slot,
               Value value) noexcept {
    const RingPlace& ring = place.ring;
    const std::uint64_t run = slot.first_run + place.column * ring.run_bytes();
    const std::uint64_t in_run = place.plane * ring.rows_per_block + slot.in_run;
    store(file, run + in_run * sizeof(Word), std::bit_cast<Word>(value));
    // The last row of the last plane is written last.
    const std::uint64_t values = ring.values_per_run();
    if (in_run + 1 < values) return;
    store(file, run + values * sizeof(Word), checksum_of(file.subspan(run, values * sizeof(Word))));
}

void write_rows(std::span<std::byte> file, const RowPlace& place, const RowSpan& span,
                const RowValues& values) noexcept {
    const std::uint64_t end = span.first_row + span.rows;
    const std::uint64_t begin = end - std::min<std::uint64_t>(span.rows, place.ring.rows);
    for (std::uint64_t row = begin; row < end; ++row) {
        write_at(file, place, row, row == begin ? values.primary : values.secondary);
    }
}

void write_rows(std::span<std::byte> file, const RowPlace& place, std::int64_t first_row,
                std::span<const Value> values) noexcept {
    std::int64_t row = first_row;
    for (const Value value : values) {
        if (row >= 0) write_at(file, place, static_cast<std::uint64_t>(row), value);
        ++row;
    }
}

std::size_t read_rows(std::span<const std::byte> file, const RingPlace& ring, std::uint32_t column,
                      const RowRange& shown, const RowRange& rows,
                      std::span<const PlaneTarget> targets) noexcept {
    const std::int64_t per_block = ring.rows_per_block;
    std::size_t damaged = 0;
    Run run;
    RunCursor cursor(file, ring, column, rows.first);
    std::int64_t row = rows.first;
    for (std::int64_t first = row / per_block * per_block; row <= rows.last; first += per_block) {
        const std::int64_t end = std::min(first + per_block, rows.last + 1);
        run.copy(cursor.next(), ring.values_per_run());
        // Of others some rows are still to come, or may be overwritten soon.
        const bool is_sealed = first >= shown.first && first + per_block - 1 <= shown.last;
        const bool is_bad = is_sealed && !run.is_whole();
        if (is_bad) ++damaged;
        const auto begin = static_cast<std::size_t>(row - first);
        const auto count = static_cast<std::size_t>(end - row);
        const auto target = static_cast<std::size_t>(row - rows.first);
        for (const PlaneTarget& wanted : targets) {
            const auto values = wanted.values.subspan(target, count);
            if (is_bad) {
                std::ranges::fill(values, kUnknown);
            } else {
                run.take(wanted.plane * ring.rows_per_block + begin, values);
            }
        }
        row = end;
    }
    return damaged;
}

}  // namespace kurabe::store
