// A host archive: all series of one host in one file of fixed size.
//
// Accumulators live in memory and reach the file at a checkpoint; rows are written through a
// mapping at once. Format and crash behaviour: docs/format.md. Not thread-safe, except that any
// number of const calls may run at once; at most one of them may be a checkpoint.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/append_plan.hpp"
#include "store/archive_file.hpp"
#include "store/archive_layout.hpp"
#include "store/column.hpp"
#include "store/fetch.hpp"
#include "store/file.hpp"
#include "store/mapped_file.hpp"
#include "store/result.hpp"
#include "store/series_copy.hpp"
#include "store/store.hpp"

namespace kurabe::store {

class HostArchive {
  public:
    // A new archive with room for `columns` columns, rounded up. On an error no file is left.
    [[nodiscard]] static Result<HostArchive> create(const std::filesystem::path& path,
                                                    const Retention& retention, std::size_t columns,
                                                    std::uint32_t rows_per_block);
    // kDamaged, kUnsupported, or why the file cannot be read.
    [[nodiscard]] static Result<HostArchive> open(const std::filesystem::path& path,
                                                  File::Access access);

    // See Store::append. `host` is for messages only. After kDamaged the archive is unusable.
    [[nodiscard]] Result<AppendReport> append(std::string_view host,
                                              std::span<const Sample> samples);

    // See Store::fetch. kNotFound and kInvalid messages do not name the series.
    [[nodiscard]] Result<FetchedSeries> fetch(const ColumnName& name,
                                              const FetchRequest& request) const;

    // Everything about a series. kNotFound without its name.
    [[nodiscard]] Result<SeriesCopy> copy(const ColumnName& name) const;
    // Adds a series with its history. kInvalid when there is one of that name, when its name or its
    // state is none of a series, or when the copy has other rings than this archive.
    [[nodiscard]] Result<void> insert(const SeriesCopy& copy);

    // Columns in the order in which they were first seen.
    [[nodiscard]] std::span<const Column> columns() const noexcept { return columns_; }
    [[nodiscard]] const Column* find(const ColumnName& name) const;
    [[nodiscard]] const ArchiveLayout& layout() const noexcept { return layout_; }

    // Syncs the rows, then writes and syncs the state; does nothing when nothing has changed. A
    // failed sync is kDamaged: what the disk holds is no longer known. So is a cut file, which
    // writing the state would lengthen again.
    [[nodiscard]] Result<void> checkpoint() const;

  private:
    explicit HostArchive(OpenedArchive opened);

    // kDamaged once the file was cut or bytes of it were missing.
    [[nodiscard]] Result<void> check_whole() const;
    [[nodiscard]] Result<void> check_insert(const SeriesCopy& copy) const;
    // Grows when it has no room.
    [[nodiscard]] Result<void> make_room(const ArchiveRoom& needed);
    // Makes room for the plan's new columns and adds them.
    [[nodiscard]] Result<void> add_columns(const AppendPlan& plan);
    // Copies everything to a larger file, which replaces this one.
    [[nodiscard]] Result<void> grow(const ArchiveRoom& needed);
    void store_sample(std::uint32_t index, const Sample& sample) noexcept;
    void write_rows(const RingPlace& ring, std::size_t plane, std::uint32_t column,
                    const RowSpan& span, const RowValues& values) noexcept;
    // The ring that answers best; null when none has the CF.
    [[nodiscard]] const RingPlace* choose(const Column& column, const FetchRequest& request) const;
    [[nodiscard]] std::vector<Value> copy_plane(const RingPlace& ring, std::size_t plane,
                                                std::uint32_t index) const;
    void write_plane(const RingPlace& ring, std::size_t plane, std::uint32_t index,
                     std::span<const Value> values) noexcept;
    void read_rows(const RingPlace& ring, std::size_t plane, std::uint32_t index,
                   const Coverage& window, std::span<Value> values) const noexcept;

    File file_;
    MappedFile mapping_;
    ArchiveLayout layout_;
    std::vector<Column> columns_;
    ColumnIndex index_;
    std::size_t key_bytes_ = 0;

    // What the newest state area holds; moved on by checkpoints, of which one runs at a time.
    mutable std::uint64_t sequence_ = 0;
    mutable std::size_t newest_area_ = 0;
    mutable bool changed_ = false;
};

}  // namespace kurabe::store
