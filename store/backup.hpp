// A consistent copy of a data directory, while a server writes to it or not.
//
// Takes no lock and stops nobody: it copies what a power cut at one moment would leave. The journal
// is copied last, and links keep the segments that are removed meanwhile; opening the copy applies
// its records. See docs/format.md, "Copies".
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "store/result.hpp"

namespace kurabe::store {

// In a directory that a backup has not finished; a store does not open it.
inline constexpr const char* kUnfinishedBackupMark = "unfinished-backup";

// Removes what backups of a directory left in it whose processes are gone.
void remove_stale_backup_links(const std::filesystem::path& directory);

struct BackupReport {
    std::uint64_t archives = 0;
    std::uint64_t bytes = 0;
    std::vector<std::string> failures;  // a line for each archive that could not be copied
};

// To `target`, which has to be absent or empty and becomes a data directory when all of it is
// there. Goes on after an archive that cannot be copied. Metadata is not copied. kInvalid for
// directories that do not fit.
[[nodiscard]] Result<BackupReport> back_up(const std::filesystem::path& directory,
                                           const std::filesystem::path& target);

}  // namespace kurabe::store
