// Scales, then rounds the digits behind the point as an integer.
#include "store/number_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace kurabe::store {
namespace {

constexpr int kFractionDigitsMax = 19;  // what an integer of 64 bits holds
constexpr int kUsualDigits = 10;
constexpr int kTextExponentMin = -308;  // smaller numbers begin with 0

int decimal_exponent(double size) noexcept {
    int exponent = 0;
    if (size == 0) return exponent;
    for (; size < 1 && exponent > kTextExponentMin; size *= 10) --exponent;
    for (; size >= 10; size /= 10) ++exponent;
    return exponent;
}

// Rounded once per digit, which makes the difference to printf.
double power_of_ten(int exponent) noexcept {
    double power = 1;
    for (; exponent > 0; --exponent) power *= 10;
    for (; exponent < 0; ++exponent) power /= 10;
    return power;
}

// The digits before and behind the point.
struct Decimal {
    std::uint64_t integer;
    std::uint64_t fraction;
    int digits;  // of the fraction
};

Decimal rounded(double size, int digits) noexcept {
    const double scale = power_of_ten(digits);
    Decimal decimal{.integer = static_cast<std::uint64_t>(size), .fraction = 0, .digits = digits};
    const double fraction = (size - static_cast<double>(decimal.integer)) * scale;
    decimal.fraction = static_cast<std::uint64_t>(fraction);
    if (fraction - static_cast<double>(decimal.fraction) >= 0.5) ++decimal.fraction;
    if (static_cast<double>(decimal.fraction) >= scale) {
        decimal.fraction = 0;
        ++decimal.integer;
    }
    return decimal;
}

void drop_zeros(Decimal& decimal) noexcept {
    for (; decimal.digits > 0 && decimal.fraction % 10 == 0; --decimal.digits) {
        decimal.fraction /= 10;
    }
}

std::string text_of(const Decimal& decimal, bool always_point) {
    if (decimal.digits == 0) return fmt::format("{}{}", decimal.integer, always_point ? "." : "");
    return fmt::format("{}.{:0{}}", decimal.integer, decimal.fraction, decimal.digits);
}

// One digit before the point.
struct Scientific {
    Decimal decimal;
    int exponent;
};

Scientific scientific(double size, int digits) noexcept {
    const int exponent = decimal_exponent(size);
    const double scaled = size / power_of_ten(exponent);
    Scientific number{.decimal = rounded(scaled, digits), .exponent = exponent};
    // Scaling itself makes ten of 1e-14, which stays.
    if (scaled < 10 && number.decimal.integer == 10) {
        number.decimal.integer = 1;
        ++number.exponent;
    }
    return number;
}

std::string text_of(const Scientific& number, bool always_point) {
    return fmt::format("{}e{}{:02}", text_of(number.decimal, always_point),
                       number.exponent < 0 ? '-' : '+', std::abs(number.exponent));
}

// As text_of, in a quarter of the time: files have many numbers.
void append(std::string& text, const Scientific& number) {
    if (number.decimal.integer >= 10) text += '1';
    std::array<char, 4 + kUsualDigits> mantissa{
        static_cast<char>('0' + number.decimal.integer % 10), '.'};
    std::uint64_t fraction = number.decimal.fraction;
    for (std::size_t place = 1 + kUsualDigits; place > 1; --place, fraction /= 10) {
        mantissa[place] = static_cast<char>('0' + fraction % 10);
    }
    mantissa[2 + kUsualDigits] = 'e';
    mantissa[3 + kUsualDigits] = number.exponent < 0 ? '-' : '+';
    text.append(mantissa.data(), mantissa.size());
    const int size = std::abs(number.exponent);
    if (size >= 100) text += static_cast<char>('0' + size / 100);
    text += static_cast<char>('0' + size / 10 % 10);
    text += static_cast<char>('0' + size % 10);
}

std::string general(double size, const NumberTextStyle& style) {
    const int precision = std::max(style.precision, 1);
    Scientific number = scientific(size, std::min(precision - 1, kFractionDigitsMax));
    if (number.exponent < -4 || number.exponent >= precision) {
        if (!style.alternative) drop_zeros(number.decimal);
        return text_of(number, style.alternative);
    }
    Decimal decimal = rounded(size, std::min(precision - 1 - number.exponent, kFractionDigitsMax));
    if (!style.alternative) drop_zeros(decimal);
    return text_of(decimal, style.alternative);
}

}  // namespace

std::string number_text(double size, const NumberTextStyle& style) {
    const int digits = std::clamp(style.precision, 0, kFractionDigitsMax);
    switch (style.notation) {
        case NumberNotation::kScientific:
            return text_of(scientific(size, digits), style.alternative);
        case NumberNotation::kFixed:
            return text_of(rounded(size, digits), style.alternative);
        case NumberNotation::kGeneral:
            break;
    }
    return general(size, style);
}

void append_number_text(std::string& text, Value value) {
    if (is_unknown(value)) {
        text += "NaN";
        return;
    }
    if (value < 0) text += '-';  // a zero has no sign
    const double size = std::abs(value);
    if (std::isinf(size)) {
        text += "inf";
    } else {
        append(text, scientific(size, kUsualDigits));
    }
}

}  // namespace kurabe::store
