// A file with more or fewer rows in one RRA, as `resize` of rrdtool makes it.
// Rule: rrdresize(1); where rows are put in and taken out as measured on rrdtool 1.7.2
// (tests/differential/).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "store/result.hpp"
#include "store/rrd/archive.hpp"

namespace kurabe::store::rrd {

struct Resizing {
    std::size_t rra = 0;
    std::int64_t rows = 0;  // to add; less than zero: to remove
};

// Writes the file `path`. Its version is at least 3. kInvalid when nothing would be left or the
// rows would be more than a file can hold; else what write_archive_file says.
[[nodiscard]] Result<void> write_resized(const Archive& old, const Resizing& resizing,
                                         const std::filesystem::path& path);

}  // namespace kurabe::store::rrd
