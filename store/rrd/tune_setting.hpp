// The settings that `tune` changes without moving anything in a file.
// Rule and messages: rrdtune(1), as measured on rrdtool 1.7.2 (tests/differential/); what is no
// number, no name, or would damage the file is refused where rrdtool takes something else for it.
#pragma once

#include <cstdint>
#include <set>
#include <string_view>
#include <utility>

#include "store/result.hpp"
#include "store/rrd/archive.hpp"
#include "store/rrd/header.hpp"

namespace kurabe::store::rrd {

// Columns of rows that are to become unknown: RRA and data source.
using ForgottenColumns = std::set<std::pair<std::size_t, std::size_t>>;

// Applies one setting, by its letter in rrdtune(1), to `header`: -h -i -a -d -r -p -n -f -w -x -y
// -z -v -s -S -b. kInvalid.
[[nodiscard]] Result<void> apply_setting(char letter, std::string_view argument, Header& header,
                                         ForgottenColumns& forgotten);

// Whether every data source can still be used once all settings are applied: one that was computed
// needs a heartbeat. kInvalid.
[[nodiscard]] Result<void> check_settings(const Header& header);

// Stores `header`, of the archive's own size, and makes those columns unknown. kDamaged when bytes
// were missing.
[[nodiscard]] Result<void> commit_settings(Archive& archive, const Header& header,
                                           const ForgottenColumns& forgotten);

}  // namespace kurabe::store::rrd
