// Readings as bytes, in the journal and in the state of archives: the shortest form that holds one.
// Our own format: docs/format.md, "Conventions".
#pragma once

#include <cstddef>
#include <optional>

#include "store/bytes.hpp"
#include "store/sample.hpp"

namespace kurabe::store {

inline constexpr std::size_t kRawValueBytesMax = 17;

void put_raw_value(ByteWriter& writer, const RawValue& raw) noexcept;
// Nothing for a form that is none.
[[nodiscard]] std::optional<RawValue> get_raw_value(ByteReader& reader) noexcept;

}  // namespace kurabe::store
