// Names of DEF, CDEF and VDEF variables, and what is known of them while a definition is read.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kurabe::render {

inline constexpr std::size_t kVariableNameBytesMax = 255;

// 1...255 of [-_A-Za-z0-9].
[[nodiscard]] bool is_variable_name(std::string_view text) noexcept;

enum class VariableKind { kData, kComputed, kStatistic };

using VariableNames = std::map<std::string, VariableKind, std::less<>>;

[[nodiscard]] std::optional<VariableKind> find_variable(const VariableNames& names,
                                                        std::string_view name);
// A DEF or CDEF.
[[nodiscard]] bool is_series(const VariableNames& names, std::string_view name);

}  // namespace kurabe::render
