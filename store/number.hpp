// rrdtool's own number grammar for sample values and RPN, bit for bit, without a locale.
// Rule: measured on rrdtool 1.7.2, which rounds once per digit and once per binary digit of the
// exponent instead of correctly; compared with it in tests/differential/.
#pragma once

#include <optional>
#include <string_view>

#include "store/result.hpp"
#include "store/sample.hpp"
#include "store/types.hpp"

namespace kurabe::store {

// [blanks][+-]digits[.digits][e[+-]digits], or nan, -nan, inf, -inf in any case with any tail.
// Fails with kInvalid and rrdtool's message for anything else, such as a trailing blank, and for a
// decimal exponent outside -1021...1024.
[[nodiscard]] Result<Value> parse_number(std::string_view text);

// The number that a word of an RPN expression stands for: of "0123456789.e+-" alone, and of at most
// 40 of them. Nothing for other words.
[[nodiscard]] std::optional<Value> rpn_constant(std::string_view word);

// The number that the decimal text of `integer` reads as.
[[nodiscard]] Value number_of(WideInteger integer) noexcept;

}  // namespace kurabe::store
