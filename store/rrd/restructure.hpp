// A file rewritten with another layout: rows that stay keep their values and times, added ones are
// made of the others (added_rows.hpp).
// Rule: rrdtune(1); compared with rrdtool 1.7.2 in tests/differential/.
#pragma once

#include <filesystem>

#include "store/result.hpp"
#include "store/rrd/archive.hpp"
#include "store/rrd/header.hpp"
#include "store/rrd/layout_change.hpp"
#include "store/rrd/tune_setting.hpp"

namespace kurabe::store::rrd {

// A file with what was changed in it before its layout is.
struct TunedArchive {
    const Archive& archive;  // locked, so that no update goes into the file that is replaced
    const Header& header;
    const ForgottenColumns& forgotten;
};

// Replaces the file `path`, which is that archive's, by one of that layout.
[[nodiscard]] Result<void> restructure(const TunedArchive& old, Layout layout,
                                       const std::filesystem::path& path);

}  // namespace kurabe::store::rrd
