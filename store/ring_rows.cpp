// Rows are words of the mapped file, written and read whole: a reader beside the writer sees the
// old or the new one.
#include "store/ring_rows.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>

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

class Writer {
  public:
    Writer(std::span<std::byte> file, const RowPlace& place) noexcept
        : file_(file), place_(place) {}

    void write(std::uint64_t row, Value value) noexcept {
        const RingPlace& ring = place_.ring;
        const std::uint64_t run = ArchiveLayout::run_offset(ring, place_.column, row);
        const std::uint64_t in_run = place_.plane * ring.rows_per_block + row % ring.rows_per_block;
        store(run + in_run * sizeof(Word), std::bit_cast<Word>(value));
        if (in_run + 1 == ring.values_per_run()) seal(run);
    }

  private:
    // The last row of the last plane is written last.
    void seal(std::uint64_t run) noexcept {
        const std::uint64_t bytes = place_.ring.values_per_run() * sizeof(Word);
        store(run + bytes, checksum_of(file_.subspan(run, bytes)));
    }
    void store(std::uint64_t offset, Word word) noexcept {
        word_at(file_, offset).store(word, std::memory_order_relaxed);
    }

    std::span<std::byte> file_;
    const RowPlace& place_;
};

// A copy of one run, because the next rows may be written while it is looked at.
class Run {
  public:
    void copy(const std::byte* place, std::size_t values) noexcept {
        values_ = values;
        for (std::size_t i = 0; i <= values; ++i) words_[i] = load(place + i * sizeof(Word));
    }
    [[nodiscard]] bool is_whole() const noexcept {
        return words_[values_] == checksum_of(std::as_bytes(std::span(words_).first(values_)));
    }
    [[nodiscard]] Value operator[](std::size_t value) const noexcept {
        return std::bit_cast<Value>(words_[value]);
    }

  private:
    std::size_t values_ = 0;
    std::array<Word, kValuesPerRunMax + 1> words_;
};

}  // namespace

RowRange shown_rows(const RingPlace& ring, Time history_start, SampleTime last_time) noexcept {
    const std::int64_t last = row_at(std::chrono::floor<Seconds>(last_time), ring.resolution);
    const std::int64_t begin = row_at(history_start, ring.resolution);
    return {std::max(begin, last - std::int64_t{ring.rows}) + 1, last};
}

void write_rows(std::span<std::byte> file, const RowPlace& place, const RowSpan& span,
                const RowValues& values) noexcept {
    Writer writer(file, place);
    const std::uint64_t end = span.first_row + span.rows;
    const std::uint64_t begin = end - std::min<std::uint64_t>(span.rows, place.ring.rows);
    for (std::uint64_t row = begin; row < end; ++row) {
        writer.write(row, row == begin ? values.primary : values.secondary);
    }
}

void write_rows(std::span<std::byte> file, const RowPlace& place, std::int64_t first_row,
                std::span<const Value> values) noexcept {
    Writer writer(file, place);
    std::int64_t row = first_row;
    for (const Value value : values) {
        if (row >= 0) writer.write(static_cast<std::uint64_t>(row), value);
        ++row;
    }
}

std::size_t read_rows(std::span<const std::byte> file, const RowPlace& place, const RowRange& shown,
                      const RowRange& rows, std::span<Value> values) noexcept {
    const std::int64_t per_block = place.ring.rows_per_block;
    const std::size_t plane_begin = place.plane * place.ring.rows_per_block;
    std::size_t damaged = 0;
    Run run;
    auto target = values.begin();
    for (std::int64_t row = rows.first; row <= rows.last;) {
        const std::int64_t first = row / per_block * per_block;
        const std::int64_t end = std::min(first + per_block, rows.last + 1);
        const std::uint64_t offset =
            ArchiveLayout::run_offset(place.ring, place.column, static_cast<std::uint64_t>(row));
        run.copy(&file[offset], place.ring.values_per_run());
        // Of others some rows are still to come, or may be overwritten soon.
        const bool is_sealed = first >= shown.first && first + per_block - 1 <= shown.last;
        const bool is_bad = is_sealed && !run.is_whole();
        if (is_bad) ++damaged;
        for (; row < end; ++row) {
            const auto in_run = plane_begin + static_cast<std::size_t>(row - first);
            *target++ = is_bad ? kUnknown : run[in_run];
        }
    }
    return damaged;
}

}  // namespace kurabe::store
