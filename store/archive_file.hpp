// The file of a host archive as a whole: made, opened, its state written, or replaced by a larger
// one. Order of writes and syncs: docs/format.md, "Crashes".
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "store/archive_columns.hpp"
#include "store/archive_layout.hpp"
#include "store/archive_state.hpp"
#include "store/file.hpp"
#include "store/guarded.hpp"
#include "store/mapped_file.hpp"
#include "store/result.hpp"

namespace kurabe::store {

// A file in use. It stays what it is; an archive that grows goes on in another one, and readers of
// this one may keep it as long as they like.
struct ArchiveFile {
    ArchiveFile(File file, MappedFile mapping, ArchiveLayout layout) noexcept;

    File file;
    MappedFile mapping;
    ArchiveLayout layout;
    // StateWrite::changes of the last state that was written; others wait while one is.
    mutable Guarded<std::uint64_t> written_changes;
    // Columns of the states that were begun; one of them may be on its way.
    mutable std::atomic<std::size_t> begun_columns = 0;

    // kDamaged once the file was cut or bytes of it were missing.
    [[nodiscard]] Result<void> check_whole() const;
    [[nodiscard]] std::unexpected<Error> lost_bytes() const;
};

struct OpenedArchive {
    std::shared_ptr<const ArchiveFile> file;
    std::vector<Column> columns;
    StateHeader state;
    std::size_t area = 0;  // the state area that `state` was read from
};

// What an archive has to hold.
struct ArchiveRoom {
    std::size_t columns = 0;
    std::size_t key_bytes = 0;
};
[[nodiscard]] bool has_room(const ArchiveLayout& layout, const ArchiveRoom& needed) noexcept;
// The smallest layout, in powers of two and not below `current`, that has the room.
[[nodiscard]] Result<ArchiveLayout> layout_with_room(const Retention& retention,
                                                     std::uint32_t values_per_run,
                                                     const ArchiveRoom& needed,
                                                     const ArchiveShape* current = nullptr);

// An archive without columns, on the disk under its name when this returns. On an error no file is
// left.
[[nodiscard]] Result<OpenedArchive> create_archive(const std::filesystem::path& path,
                                                   const ArchiveLayout& layout,
                                                   std::uint64_t journal_sequence);

// Checks everything that can be checked; the state is that of the newest valid area.
[[nodiscard]] Result<OpenedArchive> open_archive(const std::filesystem::path& path,
                                                 MappedFile::Access access);

// A state that is to be written: what it takes is copied, so that it can be written while the
// archive goes on.
struct StateWrite {
    std::shared_ptr<const ArchiveFile> file;
    ColumnTablePart new_columns;
    std::size_t area = 0;
    StateHeader header;
    std::vector<std::byte> state;
    std::vector<std::uint16_t> open_blocks;  // of each column
    std::uint64_t changes = 0;               // the archive's count of them that this state has
};
// Syncs the rows, then writes the area and syncs it; nothing when another thread has written a
// later one. kDamaged when a sync fails, because what the disk holds is no longer known, and for a
// cut file, which would be lengthened again.
[[nodiscard]] Result<void> write_state(const StateWrite& write);

// Contents of an archive in use.
struct ArchiveContents {
    const ArchiveFile& file;
    std::span<const Column> columns;
    StateHeader state;  // that the new file is to have
};
// Replaces the file by a larger one with the same contents. The caller syncs the directory. On an
// error the old file is as it was. The result has no columns.
[[nodiscard]] Result<OpenedArchive> grow_archive(const ArchiveContents& contents,
                                                 const ArchiveLayout& larger);

}  // namespace kurabe::store
