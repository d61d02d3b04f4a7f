// An .rrd file as XML text, byte for byte rrdtool's.
// Rule: rrddump(1); the text as rrdtool 1.7.2 writes it (tests/differential/). Numbers have eleven
// digits there, so that what is restored differs in the last bits from what was dumped.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "store/result.hpp"
#include "store/rrd/archive.hpp"
#include "store/time_zone.hpp"

namespace kurabe::store::rrd {

// What comes before the document's first element, and which schema it names.
enum class DumpHeading : std::uint8_t { kNone, kXsd, kDtd };

using TextSink = std::function<Result<void>(std::string_view)>;

// Gives the text to `sink` in parts. Comments show times in `zone`.
[[nodiscard]] Result<void> dump(const Archive& archive, DumpHeading heading, const TimeZone& zone,
                                const TextSink& sink);

}  // namespace kurabe::store::rrd
