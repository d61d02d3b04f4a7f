// What a new .rrd file holds beside its definitions: open PDPs and CDPs as if unknown time had
// passed since the last row boundary, and a row to begin with.
// Source: files of rrdtool 1.7.2 (tests/differential/); docs/rrd.md has the table.
#pragma once

#include <cstddef>
#include <string_view>

#include "store/rrd/header.hpp"
#include "store/rrd/records.hpp"

namespace kurabe::store::rrd {

// The open PDP of a data source that begins at the header's last update.
[[nodiscard]] PdpRecord initial_pdp(const Header& header) noexcept;
// The open CDP of a data source in a new RRA: the PDPs of the row that ended before the open one,
// `pdp`, began to be unknown are unknown.
[[nodiscard]] CdpRecord initial_cdp(const Header& header, std::size_t rra,
                                    const PdpRecord& pdp) noexcept;
// The current row of a new RRA: any is right. rrdtool takes a random one, so that files of one
// layout and age do not all go to their next block at once; this one is spread as well, but the
// same for the same name.
[[nodiscard]] std::uint64_t initial_row(std::string_view file_name, std::size_t rra,
                                        std::uint64_t rows) noexcept;

// All of them into `header`, whose definitions, step and last update are set.
void begin_state(Header& header, std::string_view file_name);

}  // namespace kurabe::store::rrd
