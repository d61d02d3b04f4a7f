// The file of a host archive as a whole: made, opened, its state written, or replaced by a larger
// one. Order of writes and syncs: docs/format.md, "Crashes".
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "store/archive_layout.hpp"
#include "store/archive_state.hpp"
#include "store/file.hpp"
#include "store/mapped_file.hpp"
#include "store/result.hpp"

namespace kurabe::store {

struct OpenedArchive {
    File file;
    MappedFile mapping;
    ArchiveLayout layout;
    ArchiveState state;
    std::size_t area;  // the state area that `state` was read from
};

// What an archive has to hold.
struct ArchiveRoom {
    std::size_t columns = 0;
    std::size_t key_bytes = 0;
};
[[nodiscard]] bool has_room(const ArchiveLayout& layout, const ArchiveRoom& needed) noexcept;
// The smallest layout, in powers of two and not below `current`, that has the room.
[[nodiscard]] Result<ArchiveLayout> layout_with_room(const Retention& retention,
                                                     std::uint32_t rows_per_block,
                                                     const ArchiveRoom& needed,
                                                     const ArchiveShape* current = nullptr);

// An archive without columns, on the disk under its name when this returns. On an error no file is
// left.
[[nodiscard]] Result<OpenedArchive> create_archive(const std::filesystem::path& path,
                                                   const ArchiveLayout& layout);

// Checks everything that can be checked; the state is that of the newest valid area.
[[nodiscard]] Result<OpenedArchive> open_archive(const std::filesystem::path& path,
                                                 File::Access access);

// Syncs the rows, then writes an area and syncs it. A failed sync is kDamaged.
[[nodiscard]] Result<void> write_state(const File& file, const MappedFile& mapping,
                                       std::uint64_t offset, std::span<const std::byte> state);

// Contents of an archive in use.
struct ArchiveContents {
    const MappedFile& mapping;
    const ArchiveLayout& layout;
    std::span<const Column> columns;
    std::uint64_t sequence;  // that the new state is to have
};
// Replaces the file by a larger one with the same contents. The caller syncs the directory. On an
// error the old file is as it was. The returned state holds the sequence only.
[[nodiscard]] Result<OpenedArchive> grow_archive(const std::filesystem::path& path,
                                                 const ArchiveContents& contents,
                                                 const ArchiveLayout& larger);

}  // namespace kurabe::store
