// Scales, then rounds digits as an integer.
#include "store/number_text.hpp"

#include <cmath>
#include <cstdint>
#include <iterator>

#include <fmt/format.h>

namespace kurabe::store {
namespace {

constexpr double kFraction = 1e10;  // ten digits
constexpr int kExponentMin = -308;  // smaller numbers begin with 0

int decimal_exponent(double value) noexcept {
    int exponent = 0;
    for (; value < 1 && exponent > kExponentMin; value *= 10) --exponent;
    for (; value >= 10; value /= 10) ++exponent;
    return exponent;
}

// Rounded once per digit, which is what makes the difference to printf.
double power_of_ten(int exponent) noexcept {
    double power = 1;
    for (; exponent > 0; --exponent) power *= 10;
    for (; exponent < 0; ++exponent) power /= 10;
    return power;
}

struct Digits {
    std::uint64_t integer;   // one digit
    std::uint64_t fraction;  // ten digits
    int exponent;
};

Digits digits_of(double value) noexcept {
    Digits digits{.integer = 0, .fraction = 0, .exponent = 0};
    if (value == 0) return digits;
    digits.exponent = decimal_exponent(value);
    const double scaled = value / power_of_ten(digits.exponent);
    digits.integer = static_cast<std::uint64_t>(scaled);
    const double fraction = (scaled - static_cast<double>(digits.integer)) * kFraction;
    digits.fraction = static_cast<std::uint64_t>(fraction);
    if (fraction - static_cast<double>(digits.fraction) >= 0.5) ++digits.fraction;
    if (digits.fraction >= static_cast<std::uint64_t>(kFraction)) {
        digits.fraction = 0;
        ++digits.integer;
    }
    if (digits.integer == 10) {
        digits.integer = 1;
        ++digits.exponent;
    }
    return digits;
}

}  // namespace

void append_number_text(std::string& text, Value value) {
    if (is_unknown(value)) {
        text += "NaN";
        return;
    }
    if (std::signbit(value)) text += '-';
    if (std::isinf(value)) {
        text += "inf";
        return;
    }
    const Digits digits = digits_of(std::abs(value));
    fmt::format_to(std::back_inserter(text), "{}.{:010}e{}{:02}", digits.integer, digits.fraction,
                   digits.exponent < 0 ? '-' : '+', std::abs(digits.exponent));
}

}  // namespace kurabe::store
