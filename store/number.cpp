// Reads numbers with the rounding of rrdtool: a digit at a time, then powers of ten by squaring.
#include "store/number.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include <fmt/format.h>

#include "store/ascii.hpp"

namespace kurabe::store {
namespace {

constexpr int kExponentMin = -1021;
constexpr int kExponentMax = 1024;
constexpr int kExponentSaturated = 1'000'000;  // far outside the limits, far from overflow

bool is_space(char c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool starts_with_word(std::string_view text, std::string_view word) noexcept {
    return text.size() >= word.size() && std::equal(word.begin(), word.end(), text.begin(),
                                                    [](char w, char c) { return w == lower(c); });
}

// What is left of the text while it is read from the left.
class Scanner {
  public:
    explicit Scanner(std::string_view text) noexcept : rest_(text) {}
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
    [[nodiscard]] bool skip(char c) noexcept {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void skip_spaces() noexcept {
        while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
    }
    // True for '-'; a '+' is skipped.
    [[nodiscard]] bool sign() noexcept {
        if (skip('-')) return true;
        (void)skip('+');
        return false;
    }
    // Calls `fold` with each digit; returns how many there were.
    template <typename Fold>
    int digits(Fold fold) noexcept {
        int count = 0;
        for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1)) {
            fold(rest_.front() - '0');
            if (count < kExponentSaturated) ++count;
        }
        return count;
    }

  private:
    std::string_view rest_;
};

int read_exponent(Scanner& scanner) noexcept {
    const bool negative = scanner.sign();
    int exponent = 0;
    scanner.digits(
        [&](int digit) { exponent = std::min(exponent * 10 + digit, kExponentSaturated); });
    return negative ? -exponent : exponent;
}

Value scale(Value number, int exponent) noexcept {
    Value power = 10;
    for (int bits = std::abs(exponent); bits != 0; bits >>= 1) {
        if (bits & 1) number = exponent < 0 ? number / power : number * power;
        power *= power;
    }
    return number;
}

Result<Value> not_a_number(std::string_view text) {
    return fail(ErrorCode::kInvalid, fmt::format("Cannot convert '{}' to float", text));
}

Result<Value> parse_word(std::string_view text) {
    constexpr Value kInfinite = std::numeric_limits<Value>::infinity();
    if (starts_with_word(text, "nan") || starts_with_word(text, "-nan")) return kUnknown;
    if (starts_with_word(text, "inf")) return kInfinite;
    if (starts_with_word(text, "-inf")) return -kInfinite;
    return not_a_number(text);
}

}  // namespace

Result<Value> parse_number(std::string_view text) {
    Scanner scanner(text);
    scanner.skip_spaces();
    const bool negative = scanner.sign();
    Value number = 0;
    const auto fold = [&](int digit) { number = number * 10 + digit; };
    const int whole_digits = scanner.digits(fold);
    const int decimals = scanner.skip('.') ? scanner.digits(fold) : 0;
    if (whole_digits + decimals == 0) return parse_word(text);

    int exponent = -decimals;
    if (scanner.skip('e') || scanner.skip('E')) exponent += read_exponent(scanner);
    if (exponent < kExponentMin || exponent > kExponentMax) return not_a_number(text);
    number = scale(negative ? -number : number, exponent);
    if (!scanner.rest().empty()) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("Converted '{}' to {:f}, but cannot convert '{}'", text, number,
                                scanner.rest()));
    }
    return number;
}

std::optional<Value> rpn_constant(std::string_view word) {
    constexpr std::size_t kBytesMax = 40;
    if (word.size() > kBytesMax ||
        word.find_first_not_of("0123456789.e+-") != std::string_view::npos) {
        return std::nullopt;
    }
    const auto number = parse_number(word);
    return number ? std::optional(*number) : std::nullopt;
}

Value number_of(WideInteger integer) noexcept {
    constexpr WideInteger kExactMax = WideInteger{1} << std::numeric_limits<Value>::digits;
    if (integer >= -kExactMax && integer <= kExactMax) return static_cast<Value>(integer);

    const bool negative = integer < 0;
    int digits[40];
    int count = 0;
    for (; integer != 0; integer /= 10) digits[count++] = std::abs(static_cast<int>(integer % 10));
    Value number = 0;
    while (count > 0) number = number * 10 + digits[--count];
    return negative ? -number : number;
}

}  // namespace kurabe::store
