// The leaves of a JSON document as fields, each named by its JSON pointer (RFC 6901): a wrapper of
// nlohmann-json.
#pragma once

#include <cstddef>
#include <string_view>

#include "collectors/fetch/answer.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::fetch {

inline constexpr std::size_t kJsonDepthMax = 64;

// Adds `prefix` + pointer of every text, number and truth value ("1", "0"); null is no value.
// kInvalid names the byte where it is no JSON, kLimit when it is nested too deeply.
[[nodiscard]] Result<void> add_json_fields(std::string_view text, std::string_view prefix,
                                           Fields& fields);

}  // namespace kurabe::collectors::fetch
