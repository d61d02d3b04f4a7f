// Making, opening, syncing and growing archive files.
#include "store/archive_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <vector>

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

std::unexpected<Error> named(const File& file, const Error& error) {
    return fail(error.code, fmt::format("{}: {}", file.path().string(), error.message));
}

// Everything of a new archive except for its rows.
Result<void> write_parts(File& file, const ArchiveLayout& layout, std::uint64_t sequence,
                         std::span<const Column> columns) {
    if (auto reserved = file.reserve(layout.file_bytes()); !reserved) return reserved;
    std::array<std::byte, kHeaderBytes> header{};
    layout.write(header);
    if (auto written = file.write(header, 0); !written) return written;
    return file.write(encode_state(layout, sequence, columns), layout.state_offset(0));
}

// Gives a finished temporary file its name.
Result<OpenedArchive> put_in_place(TemporaryFile& temporary, File file, ArchiveLayout layout,
                                   const std::filesystem::path& path, std::uint64_t sequence) {
    if (auto synced = file.sync_data(); !synced) return std::unexpected(synced.error());
    auto mapping = MappedFile::map(file, File::Access::kWrite, layout.file_bytes());
    if (!mapping) return std::unexpected(mapping.error());
    if (auto renamed = rename_file(temporary.path(), path); !renamed) {
        return std::unexpected(renamed.error());
    }
    temporary.keep();
    file.set_path(path);
    return OpenedArchive{.file = std::move(file),
                         .mapping = std::move(*mapping),
                         .layout = std::move(layout),
                         .state = {.sequence = sequence, .columns = {}},
                         .area = 0};
}

// Copies a ring block by block; blocks without any value stay unwritten.
Result<void> copy_ring(const ArchiveContents& from, std::size_t ring_index, File& file,
                       const ArchiveLayout& to) {
    const RingPlace& source = from.layout.rings()[ring_index];
    const RingPlace& target = to.rings()[ring_index];
    const std::uint32_t rows_per_block = to.shape().rows_per_block;
    const std::size_t old_plane =
        std::size_t{from.layout.shape().column_capacity} * rows_per_block * sizeof(Value);
    const std::size_t new_plane =
        std::size_t{to.shape().column_capacity} * rows_per_block * sizeof(Value);
    std::vector<std::byte> block(target.block_bytes);
    for (std::uint64_t first = 0; first < source.rows; first += rows_per_block) {
        const std::uint64_t number = first / rows_per_block;
        const auto old_block = from.mapping.bytes().subspan(
            source.offset + number * source.block_bytes, source.block_bytes);
        if (is_all_zero(old_block)) continue;
        for (std::size_t plane = 0; plane < source.planes.size(); ++plane) {
            std::memcpy(&block[plane * new_plane], &old_block[plane * old_plane], old_plane);
        }
        const std::uint64_t offset = target.offset + number * target.block_bytes;
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
    if (!layout) return named(file, layout.error());
    return layout;
}

struct NewestState {
    ArchiveState state;
    std::size_t area;
};

Result<NewestState> read_state(const File& file, const ArchiveLayout& layout) {
    std::array<std::vector<std::byte>, 2> areas;
    std::array<std::uint64_t, 2> sequences{};
    for (std::size_t i = 0; i < areas.size(); ++i) {
        areas[i].resize(layout.state_bytes());
        const auto got = file.read(areas[i], layout.state_offset(i));
        if (!got) return std::unexpected(got.error());
        sequences[i] = valid_sequence(layout, areas[i]).value_or(0);
    }
    const std::size_t newest = sequences[1] > sequences[0] ? 1 : 0;
    if (sequences[newest] == 0) {
        return named(file, {ErrorCode::kDamaged, "neither of its two states is valid"});
    }
    auto state = decode_state(layout, areas[newest]);
    if (!state) return named(file, state.error());
    return NewestState{std::move(*state), newest};
}

}  // namespace

bool has_room(const ArchiveLayout& layout, const ArchiveRoom& needed) noexcept {
    return needed.columns <= layout.shape().column_capacity &&
           needed.key_bytes <= layout.shape().key_capacity;
}

Result<ArchiveLayout> layout_with_room(const Retention& retention, std::uint32_t rows_per_block,
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
                              .rows_per_block = rows_per_block});
}

Result<OpenedArchive> create_archive(const std::filesystem::path& path,
                                     const ArchiveLayout& layout) {
    constexpr std::uint64_t kFirstSequence = 1;
    TemporaryFile temporary(path);
    auto file = File::create(temporary.path());
    if (!file) return std::unexpected(file.error());
    if (auto written = write_parts(*file, layout, kFirstSequence, {}); !written) {
        return std::unexpected(written.error());
    }
    auto created = put_in_place(temporary, std::move(*file), layout, path, kFirstSequence);
    if (!created) return created;
    if (auto synced = sync_directory(path.parent_path()); !synced) {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
        return std::unexpected(synced.error());
    }
    return created;
}

Result<OpenedArchive> open_archive(const std::filesystem::path& path, File::Access access) {
    auto file = File::open(path, access);
    if (!file) return std::unexpected(file.error());
    auto layout = read_layout(*file);
    if (!layout) return std::unexpected(layout.error());
    auto newest = read_state(*file, *layout);
    if (!newest) return std::unexpected(newest.error());
    auto mapping = MappedFile::map(*file, access, layout->file_bytes());
    if (!mapping) return std::unexpected(mapping.error());
    return OpenedArchive{.file = std::move(*file),
                         .mapping = std::move(*mapping),
                         .layout = std::move(*layout),
                         .state = std::move(newest->state),
                         .area = newest->area};
}

Result<void> write_state(const File& file, const MappedFile& mapping, std::uint64_t offset,
                         std::span<const std::byte> state) {
    if (!mapping.flush()) {
        return named(file, {ErrorCode::kDamaged, "rows cannot be written to the disk"});
    }
    if (auto written = file.write(state, offset); !written) return written;
    if (auto synced = file.sync_data(); !synced) {
        return fail(ErrorCode::kDamaged, std::move(synced.error().message));
    }
    return {};
}

Result<OpenedArchive> grow_archive(const std::filesystem::path& path,
                                   const ArchiveContents& contents, const ArchiveLayout& larger) {
    TemporaryFile temporary(path);
    auto file = File::create(temporary.path());
    if (!file) return std::unexpected(file.error());
    if (auto written = write_parts(*file, larger, contents.sequence, contents.columns); !written) {
        return std::unexpected(written.error());
    }
    {
        const BusGuard guard(contents.mapping);
        for (std::size_t ring = 0; ring < larger.rings().size(); ++ring) {
            if (auto copied = copy_ring(contents, ring, *file, larger); !copied) {
                return std::unexpected(copied.error());
            }
        }
        if (guard.tripped()) {
            return fail(ErrorCode::kDamaged,
                        fmt::format("{}: bytes were lost while it was in use", path.string()));
        }
    }
    return put_in_place(temporary, std::move(*file), larger, path, contents.sequence);
}

}  // namespace kurabe::store
