// A whole data directory looked over, and what cannot be saved put aside.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "store/result.hpp"

namespace kurabe::store {

struct DirectoryCheck {
    std::uint64_t archives = 0;
    std::uint64_t series = 0;
    std::uint64_t checksums = 0;        // that were compared
    std::vector<std::string> problems;  // a line each, with the file
    std::vector<std::string> notes;     // what is no problem, but may surprise
    std::vector<std::string> repairs;   // what was done, and where the rest is
    std::uint64_t open_problems = 0;    // that were not repaired
};

enum class Repair : bool { kNo, kYes };

// Checks every archive with what the journal adds to it. With kYes the journal is replayed,
// archives that cannot be opened are moved to DIR/isolated, and rows with wrong checksums become
// unknown, after a copy of the archive was made there. Nothing is deleted. kInUse while a server
// runs, kInvalid for a directory that is none.
[[nodiscard]] Result<DirectoryCheck> check_directory(const std::filesystem::path& directory,
                                                     Repair repair,
                                                     std::size_t open_archives_max = 1000);

}  // namespace kurabe::store
