// Data sources from their definitions: "DS:name:GAUGE:600:0:U".
// Rule and messages: rrdcreate(1), DS, as measured on rrdtool 1.7.2 (tests/differential/).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "store/result.hpp"
#include "store/rrd/records.hpp"

namespace kurabe::store::rrd {

struct SourceDefinition {
    SourceRecord record;
    // What the rows of a new file are filled from: the data source of that name in any file, or
    // only in that one ("DS:name=mapped[2]:...").
    std::string mapped_name;
    std::optional<std::size_t> file;
};

inline constexpr std::size_t kSourceNameBytesMax = 19;

// Whether a data source may be called so: 1...kSourceNameBytesMax of [a-zA-Z0-9_-].
[[nodiscard]] bool is_source_name(std::string_view name) noexcept;

// `text` follows "DS:"; `earlier` are the data sources before this one, whose names it may not
// repeat and which its COMPUTE may use. kInvalid with rrdtool's message.
[[nodiscard]] Result<SourceDefinition> parse_source(std::string_view text,
                                                    std::span<const SourceRecord> earlier);

}  // namespace kurabe::store::rrd
