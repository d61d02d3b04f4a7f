// What a header must hold before anything in it is trusted.
#pragma once

#include <cstdint>
#include <string_view>

#include "store/result.hpp"
#include "store/rrd/header.hpp"
#include "store/rrd/records.hpp"

namespace kurabe::store::rrd {

// The version: 1...kVersionMax.
[[nodiscard]] Result<int> check_head(std::string_view name, const HeadRecord& head);

// Names, types, sizes, indexes and parameters, whether they come from a file or are for a new one.
// kInvalid, with a reason that does not name the file.
[[nodiscard]] Result<void> check_records(const Header& header);

// The same of a file's, and that the file is as long as they say.
[[nodiscard]] Result<void> check_definitions(std::string_view name, const Header& header,
                                             std::uint64_t file_bytes);

// The state that updates change.
[[nodiscard]] Result<void> check_live(std::string_view name, const Header& header);

}  // namespace kurabe::store::rrd
