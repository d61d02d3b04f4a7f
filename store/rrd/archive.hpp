// An .rrd file in use: opened, locked, mapped, read, and changed in place.
//
// A change is computed first and then stored by commit(): rows, then the header's live part in one
// copy, so that a kill in between leaves the state before or after it but for a few instructions.
// docs/rrd.md says what a reader can see then. Not thread-safe; two Archives of one file, in one
// process or two, exclude each other by their locks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "store/file.hpp"
#include "store/mapped_file.hpp"
#include "store/result.hpp"
#include "store/rrd/file_lock.hpp"
#include "store/rrd/header.hpp"
#include "store/types.hpp"

struct stat;

namespace kurabe::store::rrd {

// Values for whole rows, in the order in which they are to be written.
class RowWrites {
  public:
    // `count` rows from `row` on, after the last row of the ring its first.
    struct Place {
        std::size_t rra;
        std::uint64_t row;
        std::uint64_t count = 1;
        Time label{};  // what `updatev` calls the first of them; nothing else looks at it
    };

    explicit RowWrites(std::size_t sources) noexcept : sources_(sources) {}

    // The values that all rows of a new place get, one per source, to be filled by the caller.
    // Valid until the next call.
    [[nodiscard]] std::span<Value> add(const Place& place);
    void clear() noexcept;

    [[nodiscard]] std::span<const Place> places() const noexcept { return places_; }
    // Of the place of that index.
    [[nodiscard]] std::span<const Value> values(std::size_t index) const noexcept {
        return std::span(values_).subspan(index * sources_, sources_);
    }

  private:
    std::size_t sources_;
    std::vector<Place> places_;
    std::vector<Value> values_;
};

class Archive {
  public:
    // Waits for the lock, shared or alone, and holds it while the Archive lives. Messages are
    // rrdtool's ("opening 'F': No such file or directory"). kNotFound, kInUse, kSystem, or what
    // decode_header says; kNoSpace when the file has holes that the disk has no room for.
    [[nodiscard]] static Result<Archive> open(const std::filesystem::path& path,
                                              File::Access access, const LockWait& wait = {});

    // A file's bytes that lie nowhere else; to be read only. `name` is what messages call it.
    [[nodiscard]] static Result<Archive> in_memory(std::string_view name,
                                                   std::span<const std::byte> bytes);

    [[nodiscard]] const Header& header() const noexcept { return header_; }
    // The same, to be changed: what is done here reaches the file by commit() only. The live part
    // alone may be changed, and numbers of records may not.
    [[nodiscard]] Header& state() noexcept { return header_; }

    // Rows first, first + 1, ... of an RRA, after its last row its first. `values` has one per row
    // and source, row by row; its size says how many rows, at most those of the RRA. kDamaged when
    // bytes are missing.
    [[nodiscard]] Result<void> read_rows(std::size_t rra, std::uint64_t first,
                                         std::span<Value> values) const;

    // The same of one data source: one value per row.
    [[nodiscard]] Result<void> read_column(std::size_t rra, std::size_t source, std::uint64_t first,
                                           std::span<Value> values) const;

    // Stores `rows` and then the live part of state(). kDamaged when bytes were missing: the file
    // was cut in use.
    [[nodiscard]] Result<void> commit(const RowWrites& rows);
    // Stores `rows` and then the whole header: one of the same size, that may have other
    // definitions. kDamaged as above.
    [[nodiscard]] Result<void> commit_header(const Header& header, const RowWrites& rows);
    // Takes back what state() was changed to since the last commit.
    [[nodiscard]] Result<void> discard();

    // For a file that is kept open between uses: gives the lock up, takes it again and reads the
    // header, which others may have changed. kDamaged when the file was cut meanwhile, kNotFound
    // when the path names another file now, which is for the caller to open.
    void unlock() noexcept;
    [[nodiscard]] Result<void> lock_again(const LockWait& wait = {});

    // Changes whenever lock_again() met other definitions.
    [[nodiscard]] std::uint64_t definitions() const noexcept { return definitions_version_; }

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return file_.path(); }

  private:
    // Which file it is, whatever its name.
    struct Identity {
        std::uint64_t device;
        std::uint64_t inode;
        bool operator==(const Identity&) const = default;
    };
    Archive(File file, Header header, File::Access access, Identity identity);
    [[nodiscard]] static Result<Archive> open_locked(File file, File::Access access,
                                                     const struct stat& status);
    [[nodiscard]] static Result<Archive> open_mapped(File file, File::Access access,
                                                     const struct stat& status);
    [[nodiscard]] static Result<Archive> open_unmapped(File file, const struct stat& status);
    void remember_places(std::span<const std::byte> header);
    [[nodiscard]] Result<void> copy_out(std::uint64_t offset, std::span<std::byte> target) const;
    [[nodiscard]] Result<void> read_again();
    [[nodiscard]] bool definitions_changed() const noexcept;
    void find_places(const RowWrites& rows);
    void store_rows() const noexcept;
    [[nodiscard]] std::span<std::byte> live_bytes() const noexcept;

    File file_;
    // Of a file that is written, or used again after lock_again(): for one look, mapping and
    // unmapping cost more than reading.
    std::optional<MappedFile> mapping_;
    Header header_;
    File::Access access_;
    Identity identity_;
    std::vector<std::uint64_t> rra_offsets_;
    std::uint64_t definitions_version_ = 0;
    std::vector<std::byte> definitions_;  // as the file had them when they were decoded
    // Room that is used again.
    struct RowStore {
        std::byte* to;  // `count` rows of the same values
        const Value* values;
        std::uint64_t count;
    };
    std::vector<RowStore> stores_;
    std::vector<std::byte> live_;
};

}  // namespace kurabe::store::rrd
