// Whether what an archive holds fits together: checksums of all rows, and the state against them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/archive_file.hpp"
#include "store/column.hpp"
#include "store/result.hpp"

namespace kurabe::store {

inline constexpr std::size_t kProblemsOfAnArchiveMax = 20;
inline constexpr std::string_view kWrongChecksum =
    "have a wrong checksum";  // how a line of it ends

struct ArchiveCheck {
    std::uint64_t columns = 0;
    std::uint64_t runs = 0;  // whose checksums were compared
    std::uint64_t damaged_runs = 0;
    // A line each, without the file's name; of the first few that were found.
    std::vector<std::string> problems;
};

// kDamaged when bytes of the file were lost. Takes some milliseconds for 60 columns.
[[nodiscard]] Result<ArchiveCheck> check_archive(const ArchiveFile& file,
                                                 std::span<const Column> columns);

// Makes the rows of damaged runs unknown, with a right checksum.
[[nodiscard]] Result<void> clear_damaged_runs(const ArchiveFile& file,
                                              std::span<const Column> columns);

}  // namespace kurabe::store
