// Writes .rrd files whole: beside their target, synced, then renamed, so that the old file or the
// new one is there at any time. Rows are asked for in blocks, so that a file may be larger than
// memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "store/new_file.hpp"
#include "store/result.hpp"
#include "store/rrd/header.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// Puts values into a block of rows of an RRA, from row `first` on, row by row, one value per data
// source. They are unknown before. Blocks come in the order of the file.
using RowFiller =
    std::function<Result<void>(std::size_t rra, std::uint64_t first, std::span<Value> block)>;
[[nodiscard]] Result<void> leave_unknown(std::size_t rra, std::uint64_t first,
                                         std::span<Value> block);

// Takes bytes one after the other.
using ByteSink = std::function<Result<void>(std::span<const std::byte>)>;

// Of a file that is written whole: a mistyped number of rows is an error at once, and not when the
// disk is full.
inline constexpr std::uint64_t kWrittenBytesMax = 16ULL << 30;

// The bytes of the file. kLimit when they are more than kWrittenBytesMax.
[[nodiscard]] Result<void> write_archive(const Header& header, const RowFiller& fill,
                                         const ByteSink& sink);

// The file of that name. kLimit, and kNoSpace, before anything is written when the disk has no room
// for it; see NewFile for the rest.
struct FileOptions {
    NewFile::Existing existing = NewFile::Existing::kReplace;
    NewFile::Readers readers = NewFile::Readers::kByUmask;
};
[[nodiscard]] Result<void> write_archive_file(const std::filesystem::path& path,
                                              const Header& header, const RowFiller& fill,
                                              const FileOptions& options = {});

}  // namespace kurabe::store::rrd
