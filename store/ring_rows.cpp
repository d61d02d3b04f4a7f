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

Word load(const std::byte* place) noexcept {
    // Reading through it does not write, also where the file is mapped for reading only.
    auto* word = const_cast<Word*>(reinterpret_cast<const Word*>(place));
    return std::atomic_ref(*word).load(std::memory_order_relaxed);
}

void store(std::byte* place, Word word) noexcept {
    std::atomic_ref(*reinterpret_cast<Word*>(place)).store(word, std::memory_order_relaxed);
}

void store(std::byte* place, Value value) noexcept {
    store(place, std::bit_cast<Word>(value));
}

void store_each(std::byte* place, std::span<const Value> values) noexcept {
    for (std::size_t i = 0; i < values.size(); ++i) store(place + i * sizeof(Word), values[i]);
}

void store_each(std::byte* place, std::span<const RowValues> planes,
                Value RowValues::* which) noexcept {
    for (std::size_t i = 0; i < planes.size(); ++i) {
        store(place + i * sizeof(Word), planes[i].*which);
    }
}

// A run in memory: made here before it is written, and copied before it is looked at, because the
// next rows may be written meanwhile.
class Run {
  public:
    explicit Run(const RingPlace& ring) noexcept
        : rows_(ring.rows_per_block), values_(ring.values_per_run()) {}

    [[nodiscard]] Word& at(std::size_t plane, std::size_t row) noexcept {
        return words_[plane * rows_ + row];
    }
    void copy(const std::byte* place) noexcept {
        Word* const words = words_.data();
        for (std::size_t i = 0; i <= values_; ++i) words[i] = load(place + i * sizeof(Word));
    }
    void write(std::byte* place) noexcept {
        words_[values_] = checksum();
        for (std::size_t i = 0; i <= values_; ++i) store(place + i * sizeof(Word), words_[i]);
    }
    void put(std::span<const Value> values) noexcept {
        std::memcpy(words_.data(), values.data(), values.size_bytes());
    }
    [[nodiscard]] bool is_whole() const noexcept { return words_[values_] == checksum(); }
    void take(std::size_t plane, std::size_t first, std::span<Value> values) const noexcept {
        std::memcpy(values.data(), &words_[plane * rows_ + first], values.size_bytes());
    }

  private:
    [[nodiscard]] Word checksum() const noexcept {
        return crc32c(std::as_bytes(std::span(words_).first(values_)));
    }

    std::size_t rows_;
    std::size_t values_;
    std::array<Word, kValuesPerRunMax + 1> words_;
};

// Copies a whole run of one plane; false when its checksum is wrong.
bool copy_run(const std::byte* place, std::span<Value> values) noexcept {
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = std::bit_cast<Value>(load(place + i * sizeof(Word)));
    }
    return load(place + values.size_bytes()) == crc32c(std::as_bytes(values));
}

// The runs of a column, block after block. They lie pages apart, where no processor looks ahead by
// itself.
class RunCursor {
  public:
    RunCursor(std::span<const std::byte> file, const RowPlace& place, std::uint64_t block) noexcept
        : ring_(place.ring),
          first_(&file[ArchiveLayout::run_offset(ring_, place.column, 0)]),
          block_(block % ring_.blocks) {}

    // The next one.
    const std::byte* next() noexcept {
        constexpr std::size_t kCacheLineBytes = 64;
        constexpr std::size_t kLinesAhead = 8;  // behind them it goes on by itself
        const std::byte* const run = first_ + block_ * ring_.block_bytes;
        block_ = block_ + 1 == ring_.blocks ? 0 : block_ + 1;
        const std::byte* const later = first_ + block_ * ring_.block_bytes;
        for (std::size_t i = 0; i < kLinesAhead; ++i) {
            __builtin_prefetch(later + i * kCacheLineBytes);
        }
        return run;
    }

  private:
    const RingPlace& ring_;
    const std::byte* const first_;
    std::uint64_t block_;
};

// ---- Writing one block of a column ----

class BlockWriter {
  public:
    BlockWriter(std::span<std::byte> file, const RowPlace& place, std::size_t open_block) noexcept
        : file_(file), place_(place), ring_(place.ring), open_block_(open_block) {}

    void put_open(std::uint64_t row, std::span<const RowValues> planes, bool is_primary) noexcept {
        store_each(open_values(row), planes,
                   is_primary ? &RowValues::primary : &RowValues::secondary);
    }
    [[nodiscard]] std::byte* open_values(std::uint64_t row) noexcept {
        return &file_[ArchiveLayout::open_offset(ring_, place_.column, open_block_, row)];
    }
    // What has gathered in the open block becomes a run.
    void close(std::uint64_t block) noexcept {
        Run run(ring_);
        const std::byte* values = open_values(0);
        for (std::size_t row = 0; row < ring_.rows_per_block; ++row) {
            for (std::size_t plane = 0; plane < ring_.planes.size(); ++plane) {
                run.at(plane, row) = load(values + plane * sizeof(Word));
            }
            values += ring_.open_row_bytes;
        }
        write(block, run);
    }
    void write(std::uint64_t block, Run& run) noexcept {
        run.write(&file_[ArchiveLayout::run_offset(ring_, place_.column, block)]);
    }

  private:
    std::span<std::byte> file_;
    RowPlace place_;
    const RingPlace& ring_;
    std::size_t open_block_;
};

// Reads what has not gone into a run yet; whether a value is zero.
bool read_open(std::span<const std::byte> file, const RowPlace& place, std::size_t open_block,
               const RowRange& rows, std::size_t offset, std::span<const PlaneTarget> targets) {
    if (rows.last < rows.first) return false;
    const RingPlace& ring = place.ring;
    const std::byte* values = &file[ArchiveLayout::open_offset(
        ring, place.column, open_block, static_cast<std::uint64_t>(rows.first))];
    bool has_zeroes = false;
    for (std::int64_t row = rows.first; row <= rows.last; ++row, ++offset) {
        for (const PlaneTarget& target : targets) {
            const Word word = load(values + target.plane * sizeof(Word));
            has_zeroes |= word == 0;
            target.values[offset] = std::bit_cast<Value>(word);
        }
        values += ring.open_row_bytes;
    }
    return has_zeroes;
}

}  // namespace

ShownRows shown_rows(const RingPlace& ring, const Column& column) noexcept {
    const std::int64_t last = row_at(column.last_time, ring.resolution);
    const std::int64_t begin = row_at(column.history_start, ring.resolution);
    return {{std::max(begin, last - std::int64_t{ring.rows}) + 1, last},
            column.open_block(ring.number)};
}

OpenRow open_row(const RingPlace& ring, std::uint64_t row) noexcept {
    return {.begin = ArchiveLayout::open_offset(ring, 0, 0, row),
            .block = row / ring.rows_per_block,
            .is_last = row % ring.rows_per_block == ring.rows_per_block - 1};
}

bool append_row(std::span<std::byte> file, const RowPlace& place, std::size_t open_block,
                const OpenRow& row, std::span<const RowValues> planes) noexcept {
    std::byte* const values = &file[row.begin + open_block * place.ring.open_block_bytes +
                                    place.column * planes.size() * sizeof(Word)];
    store_each(values, planes, &RowValues::primary);
    if (!row.is_last) return false;
    BlockWriter(file, place, open_block).close(row.block);
    return place.ring.rows_per_block > 1;
}

bool append_rows(std::span<std::byte> file, const RowPlace& place, std::size_t open_block,
                 const RowSpan& span, std::span<const RowValues> planes) noexcept {
    const RingPlace& ring = place.ring;
    const std::uint64_t per_block = ring.rows_per_block;
    const std::uint64_t end = span.first_row + span.rows;
    const std::uint64_t begin = end - std::min<std::uint64_t>(span.rows, ring.rows);
    const std::uint64_t opened = span.first_row / per_block;  // the block of the open rows
    const bool has_open_rows = span.first_row % per_block != 0;
    const bool moves = has_open_rows && end / per_block != opened;

    std::uint64_t row = begin;
    if (has_open_rows && begin / per_block == opened) {
        BlockWriter writer(file, place, open_block);
        for (; row < end && row / per_block == opened; ++row) {
            writer.put_open(row, planes, row == begin);
        }
        if (moves) writer.close(opened);
    }
    BlockWriter writer(file, place, moves ? 1 - open_block : open_block);
    while (end / per_block > row / per_block) {
        const std::uint64_t block = row / per_block;
        Run run(ring);
        for (std::size_t plane = 0; plane < planes.size(); ++plane) {
            for (std::uint64_t i = 0; i < per_block; ++i) {
                const std::uint64_t at = block * per_block + i;
                // What comes before the first is shown no more.
                run.at(plane, i) = std::bit_cast<Word>(at <= begin ? planes[plane].primary
                                                                   : planes[plane].secondary);
            }
        }
        writer.write(block, run);
        row = (block + 1) * per_block;
    }
    for (; row < end; ++row) writer.put_open(row, planes, row == begin);
    return moves;
}

void write_history(std::span<std::byte> file, const RowPlace& place, std::int64_t first_row,
                   std::span<const std::vector<Value>> planes) noexcept {
    const RingPlace& ring = place.ring;
    const std::int64_t per_block = ring.rows_per_block;
    const std::int64_t end = first_row + static_cast<std::int64_t>(planes.front().size());
    const auto word_of = [&](std::size_t plane, std::int64_t row) {
        const bool is_there = row >= first_row && row < end;
        return std::bit_cast<Word>(
            is_there ? planes[plane][static_cast<std::size_t>(row - first_row)] : kUnknown);
    };
    BlockWriter writer(file, place, 0);
    std::int64_t block = std::max<std::int64_t>(first_row, 0) / per_block;
    for (; (block + 1) * per_block <= end; ++block) {
        Run run(ring);
        for (std::size_t plane = 0; plane < planes.size(); ++plane) {
            for (std::int64_t i = 0; i < per_block; ++i) {
                run.at(plane, static_cast<std::size_t>(i)) = word_of(plane, block * per_block + i);
            }
        }
        writer.write(static_cast<std::uint64_t>(block), run);
    }
    for (std::int64_t row = block * per_block; row < end; ++row) {
        std::byte* const values = writer.open_values(static_cast<std::uint64_t>(row));
        for (std::size_t plane = 0; plane < planes.size(); ++plane) {
            store(values + plane * sizeof(Word), word_of(plane, row));
        }
    }
}

void change_open_row(std::span<std::byte> file, const RowPlace& place, std::size_t open_block,
                     std::uint64_t row, std::span<const Value> planes) noexcept {
    store_each(BlockWriter(file, place, open_block).open_values(row), planes);
}

void write_run(std::span<std::byte> file, const RowPlace& place, std::uint64_t block,
               std::span<const Value> values) noexcept {
    Run run(place.ring);
    run.put(values);
    BlockWriter(file, place, 0).write(block, run);
}

std::optional<std::vector<Value>> read_run(std::span<const std::byte> file, const RowPlace& place,
                                           std::uint64_t block) {
    Run run(place.ring);
    run.copy(&file[ArchiveLayout::run_offset(place.ring, place.column, block)]);
    if (!run.is_whole()) return std::nullopt;
    std::vector<Value> values(place.ring.values_per_run());
    run.take(0, 0, values);
    return values;
}

RowsRead read_rows(std::span<const std::byte> file, const RowPlace& place, const ShownRows& shown,
                   const RowRange& rows, std::span<const PlaneTarget> targets) noexcept {
    const RingPlace& ring = place.ring;
    const std::int64_t per_block = ring.rows_per_block;
    const std::int64_t open_begin = ring.open_block_after(shown.last) * per_block;
    const bool is_plain = ring.planes.size() == 1 && targets.size() == 1;
    RowsRead result;
    Run run(ring);
    RunCursor cursor(file, place, static_cast<std::uint64_t>(rows.first / per_block));
    std::int64_t row = rows.first;
    while (row < std::min(open_begin, rows.last + 1)) {
        const std::int64_t first = row / per_block * per_block;
        const std::int64_t end = std::min(first + per_block, rows.last + 1);
        const auto count = static_cast<std::size_t>(end - row);
        const auto offset = static_cast<std::size_t>(row - rows.first);
        bool is_whole = false;
        if (is_plain && end - row == per_block) {
            is_whole = copy_run(cursor.next(), targets[0].values.subspan(offset, count));
        } else {
            run.copy(cursor.next());
            is_whole = run.is_whole();
            for (const PlaneTarget& target : targets) {
                run.take(target.plane, static_cast<std::size_t>(row - first),
                         target.values.subspan(offset, count));
            }
        }
        if (!is_whole) {
            ++result.damaged_runs;
            for (const PlaneTarget& target : targets) {
                std::ranges::fill(target.values.subspan(offset, count), kUnknown);
            }
        }
        row = end;
    }
    result.has_open_zeroes = read_open(file, place, shown.open_block, {row, rows.last},
                                       static_cast<std::size_t>(row - rows.first), targets);
    return result;
}

}  // namespace kurabe::store
