// Making, opening, syncing and growing archive files.
#include "store/archive_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "store/bus_guard.hpp"
#include "store/bytes.hpp"

namespace kurabe::store {
namespace {

constexpr std::size_t kColumnCapacityMin = 16;
constexpr std::size_t kKeyBytesPerColumn = 64;

// Removes a half-made file unless it was kept.
class TemporaryFile {
  public:
    explicit TemporaryFile(const std::filesystem::path& path) : path_(path) { path_ += ".new"; }
    ~TemporaryFile() {
        std::error_code ignored;
        if (!kept_) std::filesystem::remove(path_, ignored);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    void keep() noexcept { kept_ = true; }

  private:
    std::filesystem::path path_;
    bool kept_ = false;
};

std::unexpected<Error> named(const std::filesystem::path& path, const Error& error) {
    return fail(error.code, fmt::format("{}: {}", path.string(), error.message));
}

// Everything of a new archive except for its rows.
Result<void> write_parts(File& file, const ArchiveLayout& layout, const StateHeader& state,
                         std::span<const Column> columns) {
    if (auto reserved = file.reserve(layout.file_bytes()); !reserved) return reserved;
    std::array<std::byte, kHeaderBytes> header{};
    layout.write(header);
    if (auto written = file.write(header, 0); !written) return written;
    if (auto written = write_columns(file, layout, encode_columns(columns, 0)); !written) {
        return written;
    }
    return file.write(encode_state(state, columns), layout.state_offset(0));
}

// Gives a finished temporary file its name.
Result<OpenedArchive> put_in_place(TemporaryFile& temporary, File file, ArchiveLayout layout,
                                   const std::filesystem::path& path, const StateHeader& state) {
    if (auto synced = file.sync_data(); !synced) return std::unexpected(synced.error());
    auto mapping = MappedFile::map(file, MappedFile::Access::kWrite, layout.file_bytes());
    if (!mapping) return std::unexpected(mapping.error());
    if (auto renamed = rename_file(temporary.path(), path); !renamed) {
        return std::unexpected(renamed.error());
    }
    temporary.keep();
    file.set_path(path);
    return OpenedArchive{.file = std::make_shared<const ArchiveFile>(
                             std::move(file), *std::move(mapping), std::move(layout)),
                         .columns = {},
                         .state = state};
}

// Copies the rows of the open blocks, old columns first.
Result<void> copy_open_rows(const ArchiveFile& from, const RingPlace& source, const File& file,
                            const RingPlace& target) {
    for (std::size_t block = 0; block < kOpenBlocks; ++block) {
        for (std::uint64_t row = 0; row < source.rows_per_block; ++row) {
            const auto values = from.mapping.bytes().subspan(
                ArchiveLayout::open_offset(source, 0, block, row), source.open_row_bytes);
            if (is_all_zero(values)) continue;
            const std::uint64_t offset = ArchiveLayout::open_offset(target, 0, block, row);
            if (auto written = file.write(values, offset); !written) return written;
        }
    }
    return {};
}

// Copies a ring block by block, old columns first; blocks without any value stay unwritten.
Result<void> copy_ring(const ArchiveFile& from, std::size_t ring_index, const File& file,
                       const ArchiveLayout& to) {
    const RingPlace& source = from.layout.rings()[ring_index];
    const RingPlace& target = to.rings()[ring_index];
    if (auto copied = copy_open_rows(from, source, file, target); !copied) return copied;
    std::vector<std::byte> block(target.block_bytes);
    for (std::uint64_t number = 0; number < source.blocks; ++number) {
        const auto old_block = from.mapping.bytes().subspan(
            source.closed_offset() + number * source.block_bytes, source.block_bytes);
        if (is_all_zero(old_block)) continue;
        std::ranges::copy(old_block, block.begin());
        const std::uint64_t offset = target.closed_offset() + number * target.block_bytes;
        if (auto written = file.write(block, offset); !written) return written;
    }
    return {};
}

Result<ArchiveLayout> read_layout(const File& file) {
    std::array<std::byte, kHeaderBytes> header{};
    const auto size = file.size();
    if (!size) return std::unexpected(size.error());
    const auto got = file.read(header, 0);
    if (!got) return std::unexpected(got.error());
    auto layout = ArchiveLayout::read(std::span(header).first(*got), *size);
    if (!layout) return named(file.path(), layout.error());
    return layout;
}

Result<std::vector<std::byte>> read_part(const File& file, std::uint64_t offset, std::size_t size) {
    std::vector<std::byte> bytes(size);
    const auto got = file.read(bytes, offset);
    if (!got) return std::unexpected(got.error());
    return bytes;
}

// A state area with its header, when it is valid.
struct Area {
    std::vector<std::byte> bytes;
    std::optional<StateHeader> header;
    [[nodiscard]] std::uint64_t sequence() const noexcept { return header ? header->sequence : 0; }
};

Result<Area> read_area(const File& file, const ArchiveLayout& layout, std::size_t area) {
    auto bytes = read_part(file, layout.state_offset(area), layout.state_bytes());
    if (!bytes) return std::unexpected(bytes.error());
    const auto header = valid_state(layout, *bytes);
    return Area{*std::move(bytes), header};
}

Result<std::vector<Column>> read_columns(const File& file, const ArchiveLayout& layout,
                                         const Area& area) {
    const auto table = read_part(file, ArchiveLayout::table_offset(), layout.table_bytes());
    if (!table) return std::unexpected(table.error());
    auto columns = decode_columns(layout, *table, area.header->columns);
    if (!columns) return columns;
    if (auto decoded = decode_state(layout, area.bytes, *columns); !decoded) {
        return std::unexpected(decoded.error());
    }
    return columns;
}

}  // namespace

bool has_room(const ArchiveLayout& layout, const ArchiveRoom& needed) noexcept {
    return needed.columns <= layout.shape().column_capacity &&
           needed.key_bytes <= layout.shape().key_capacity;
}

Result<ArchiveLayout> layout_with_room(const Retention& retention, std::uint32_t values_per_run,
                                       const ArchiveRoom& needed, const ArchiveShape* current) {
    const std::size_t columns =
        std::max({needed.columns, kColumnCapacityMin,
                  current ? std::size_t{current->column_capacity} : std::size_t{0}});
    const std::size_t column_capacity = std::bit_ceil(columns);
    const std::size_t keys = std::max({needed.key_bytes, column_capacity * kKeyBytesPerColumn,
                                       current ? std::size_t{current->key_capacity} : 0});
    return ArchiveLayout::of({.retention = retention,
                              .column_capacity = static_cast<std::uint32_t>(column_capacity),
                              .key_capacity = static_cast<std::uint32_t>(std::bit_ceil(keys)),
                              .values_per_run = values_per_run});
}

ArchiveFile::ArchiveFile(File file_, MappedFile mapping_, ArchiveLayout layout_) noexcept
    : file(std::move(file_)), mapping(std::move(mapping_)), layout(std::move(layout_)) {}

std::unexpected<Error> ArchiveFile::lost_bytes() const {
    return fail(ErrorCode::kDamaged,
                fmt::format("{}: bytes were lost while it was in use", file.path().string()));
}

Result<void> ArchiveFile::check_whole() const {
    if (mapping.lost()) return lost_bytes();
    const auto size = file.size();
    if (!size) return std::unexpected(size.error());
    if (*size >= layout.file_bytes()) return {};
    return fail(ErrorCode::kDamaged, fmt::format("{}: cut to {} of {} bytes while it was in use",
                                                 file.path().string(), *size, layout.file_bytes()));
}

Result<OpenedArchive> create_archive(const std::filesystem::path& path, const ArchiveLayout& layout,
                                     std::uint64_t journal_sequence) {
    const StateHeader state{.sequence = 1, .journal_sequence = journal_sequence};
    TemporaryFile temporary(path);
    auto file = File::create(temporary.path());
    if (!file) return std::unexpected(file.error());
    if (auto written = write_parts(*file, layout, state, {}); !written) {
        return std::unexpected(written.error());
    }
    auto created = put_in_place(temporary, *std::move(file), layout, path, state);
    if (!created) return created;
    if (auto synced = sync_directory(path.parent_path()); !synced) {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
        return std::unexpected(synced.error());
    }
    return created;
}

Result<OpenedArchive> open_archive(const std::filesystem::path& path, MappedFile::Access access) {
    const bool writes = access == MappedFile::Access::kWrite;
    auto file = File::open(path, writes ? File::Access::kWrite : File::Access::kRead);
    if (!file) return std::unexpected(file.error());
    auto layout = read_layout(*file);
    if (!layout) return std::unexpected(layout.error());
    auto first = read_area(*file, *layout, 0);
    if (!first) return std::unexpected(first.error());
    auto second = read_area(*file, *layout, 1);
    if (!second) return std::unexpected(second.error());
    const bool is_second = second->sequence() > first->sequence();
    const Area& newest = is_second ? *second : *first;
    if (!newest.header) {
        return named(path, {ErrorCode::kDamaged, "neither of its two states is valid"});
    }
    auto columns = read_columns(*file, *layout, newest);
    if (!columns) return named(path, columns.error());
    auto mapping = MappedFile::map(*file, access, layout->file_bytes());
    if (!mapping) return std::unexpected(mapping.error());
    return OpenedArchive{.file = std::make_shared<const ArchiveFile>(
                             *std::move(file), *std::move(mapping), *std::move(layout)),
                         .columns = *std::move(columns),
                         .state = *newest.header,
                         .area = is_second ? std::size_t{1} : std::size_t{0}};
}

Result<void> write_state(const StateWrite& write) {
    const ArchiveFile& archive = *write.file;
    const auto written_changes = archive.written_changes.lock();
    if (*written_changes >= write.changes) return {};
    if (auto checked = archive.check_whole(); !checked) return checked;
    if (auto written = write_columns(archive.file, archive.layout, write.new_columns); !written) {
        return written;
    }
    if (!archive.mapping.flush()) {
        return named(archive.file.path(),
                     {ErrorCode::kDamaged, "rows cannot be written to the disk"});
    }
    const std::uint64_t offset = archive.layout.state_offset(write.area);
    if (auto written = archive.file.write(write.state, offset); !written) return written;
    if (auto synced = archive.file.sync_data(); !synced) {
        return fail(ErrorCode::kDamaged, std::move(synced.error().message));
    }
    *written_changes = write.changes;
    return {};
}

Result<OpenedArchive> grow_archive(const ArchiveContents& contents, const ArchiveLayout& larger) {
    const std::filesystem::path& path = contents.file.file.path();
    TemporaryFile temporary(path);
    auto file = File::create(temporary.path());
    if (!file) return std::unexpected(file.error());
    if (auto written = write_parts(*file, larger, contents.state, contents.columns); !written) {
        return std::unexpected(written.error());
    }
    {
        const BusGuard guard(contents.file.mapping);
        for (std::size_t ring = 0; ring < larger.rings().size(); ++ring) {
            if (auto copied = copy_ring(contents.file, ring, *file, larger); !copied) {
                return std::unexpected(copied.error());
            }
        }
        if (guard.tripped()) return contents.file.lost_bytes();
    }
    return put_in_place(temporary, *std::move(file), larger, path, contents.state);
}

}  // namespace kurabe::store
