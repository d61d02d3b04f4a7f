// Numbers as rrdtool's dumps and exports have them, in its own rounding.
//
// They are scaled in double arithmetic and rounded half up, so ties, and numbers so near to one
// that scaling makes them one, differ from printf(3) in the last digit; rrdtool's other commands
// print as printf does. Rule: measured on rrdtool 1.7.2; compared with it in tests/differential/.
#pragma once

#include <cstdint>
#include <string>

#include "store/types.hpp"

namespace kurabe::store {

// printf's e, f and g, and its '#': a point even without decimals, and for g all zeros.
enum class NumberNotation : std::uint8_t { kScientific, kFixed, kGeneral };
struct NumberTextStyle {
    NumberNotation notation = NumberNotation::kScientific;
    int precision = 10;  // beyond 19 digits none are written
    bool alternative = false;
};

// Numbers from here on have no text in kFixed.
inline constexpr double kFixedTextEnd = 18'446'744'073'709'551'616.0;

// Of a finite number, not negative; in kFixed below kFixedTextEnd.
[[nodiscard]] std::string number_text(double size, const NumberTextStyle& style);

// "%0.10e": "-1.5000000000e+00", "inf", "-inf", or "NaN" for an unknown value. A zero has no sign.
void append_number_text(std::string& text, Value value);

}  // namespace kurabe::store
