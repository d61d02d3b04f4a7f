// The grammar is rrdtool's; the digits come from std::to_chars, the padding from here.
#include "render/print_format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "render/numbers.hpp"
#include "store/number_text.hpp"

namespace kurabe::render {

namespace {

constexpr std::string_view kGrammar =
    "^(?:[^%]+|%%)*%[-+ 0#]?[0-9]*(?:[.][0-9]+)?l[eEfFgG](?:[^%]+|%%)*(?:%[sS])?(?:[^%]+|%%)*$";
constexpr std::string_view kPrintSymbols = "afpnum kMGTPE";
constexpr int kPrintSymbolOfOne = 6;
// Room for the longest double in fixed notation and kPrintWidthMax digits after the point.
constexpr std::size_t kDigitsMax = 310 + kPrintWidthMax + 16;

class FormatReader {
  public:
    explicit FormatReader(std::string_view text) : text_(text), rest_(text) {}

    Result<NumberFormat> read() {
        NumberFormat format;
        format.before = take_literal();
        if (!take('%')) {
            return invalid();
        }
        if (!rest_.empty() && std::string_view("-+ 0#").find(rest_[0]) != std::string_view::npos) {
            format.flag = rest_[0];
            rest_.remove_prefix(1);
        }
        const std::string_view width = take_digits();
        std::optional<std::string_view> precision;
        if (take('.')) {
            precision = take_digits();
        }
        if ((precision && precision->empty()) || !take('l') || rest_.empty() ||
            std::string_view("eEfFgG").find(rest_[0]) == std::string_view::npos) {
            return invalid();
        }
        format.conversion = rest_[0];
        rest_.remove_prefix(1);
        format.between = take_literal();
        if (rest_.starts_with("%s") || rest_.starts_with("%S")) {
            format.unit = rest_[1];
            rest_.remove_prefix(2);
            format.after = take_literal();
        }
        if (!rest_.empty()) {
            return invalid();
        }
        return with_sizes(std::move(format), width, precision);
    }

  private:
    [[nodiscard]] std::unexpected<Error> invalid() const {
        return fail(ErrorCode::kInvalid,
                    fmt::format("invalid format string '{}' (should match '{}')", text_, kGrammar));
    }

    static Result<NumberFormat> with_sizes(NumberFormat format, std::string_view width,
                                           std::optional<std::string_view> precision) {
        const auto columns = parse_integer(width.empty() ? "0" : width);
        const auto digits = parse_integer(precision.value_or("6"));
        if (!columns || *columns > kPrintWidthMax || !digits || *digits > kPrintWidthMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("a printed number is limited to {} columns and decimals",
                                    kPrintWidthMax));
        }
        format.width = static_cast<int>(*columns);
        format.precision = static_cast<int>(*digits);
        return format;
    }

    bool take(char character) {
        if (!rest_.starts_with(character)) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    std::string_view take_digits() {
        const std::size_t size = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
        const std::string_view digits = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return digits;
    }

    // Up to a '%' that is not doubled; "%%" becomes '%'.
    std::string take_literal() {
        std::string literal;
        while (!rest_.empty() && (rest_[0] != '%' || rest_.starts_with("%%"))) {
            literal += rest_[0];
            rest_.remove_prefix(rest_[0] == '%' ? 2 : 1);
        }
        return literal;
    }

    std::string_view text_;
    std::string_view rest_;
};

std::string to_text(double value, std::chars_format notation, int precision) {
    std::array<char, kDigitsMax> buffer{};
    const auto written =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, notation, precision);
    return {buffer.data(), written.ptr};
}

// printf's '#': a point even without decimals, and %g keeps its zeros.
std::string with_point(double value, char lower, int precision) {
    std::string text;
    if (lower == 'g') {
        const int digits = std::max(precision, 1);
        const std::string scientific = to_text(value, std::chars_format::scientific, digits - 1);
        const int exponent =
            static_cast<int>(*parse_integer(scientific.substr(scientific.find('e') + 1)));
        text = exponent < -4 || exponent >= digits
                   ? scientific
                   : to_text(value, std::chars_format::fixed, digits - 1 - exponent);
    } else {
        text =
            to_text(value, lower == 'e' ? std::chars_format::scientific : std::chars_format::fixed,
                    precision);
    }
    if (text.find('.') == std::string::npos) {
        text.insert(std::min(text.find('e'), text.size()), 1, '.');
    }
    return text;
}

std::string export_digits(const NumberFormat& format, double size, char lower) {
    const auto notation = lower == 'e'   ? store::NumberNotation::kScientific
                          : lower == 'f' ? store::NumberNotation::kFixed
                                         : store::NumberNotation::kGeneral;
    return store::number_text(size, {notation, format.precision, format.flag == '#'});
}

std::string digits_of(const NumberFormat& format, double size, char lower) {
    if (format.in_export && (lower != 'f' || size < store::kFixedTextEnd)) {
        return export_digits(format, size, lower);
    }
    if (format.flag == '#') {
        return with_point(size, lower, format.precision);
    }
    switch (lower) {
        case 'e':
            return to_text(size, std::chars_format::scientific, format.precision);
        case 'f':
            return to_text(size, std::chars_format::fixed, format.precision);
        default:
            return to_text(size, std::chars_format::general, format.precision);
    }
}

char lower_case(char character) {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                                : character;
}

}  // namespace

Result<NumberFormat> parse_number_format(std::string_view text) {
    return FormatReader(text).read();
}

// printf shows the sign of a NaN.
std::string printed_number(const NumberFormat& format, store::Value value) {
    const char lower = lower_case(format.conversion);
    const bool signed_zero = !format.in_export && std::signbit(value);
    const bool negative = std::isnan(value) ? !format.in_export : value < 0 || signed_zero;
    std::string sign = negative ? "-" : "";
    if (!negative && (format.flag == '+' || format.flag == ' ')) {
        sign = format.flag;
    }
    std::string digits = std::isnan(value)   ? "nan"
                         : std::isinf(value) ? "inf"
                                             : digits_of(format, std::abs(value), lower);
    if (lower != format.conversion) {
        std::ranges::transform(digits, digits.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
    }
    const auto size = static_cast<int>(sign.size() + digits.size());
    const std::string padding(static_cast<std::size_t>(std::max(format.width - size, 0)),
                              format.flag == '0' && std::isfinite(value) ? '0' : ' ');
    if (format.flag == '-') {
        return sign + digits + padding;
    }
    return format.flag == '0' && std::isfinite(value) ? sign + padding + digits
                                                      : padding + sign + digits;
}

Magnitude magnitude_of(store::Value value, int base) {
    if (value == 0 || store::is_unknown(value)) {
        return {.divisor = 1, .symbol = kPrintSymbols[kPrintSymbolOfOne]};
    }
    if (std::isinf(value)) {
        return {.divisor = 1, .symbol = '?'};
    }
    const double power = std::floor(std::log(std::abs(value)) / std::log(base));
    const double position = power + kPrintSymbolOfOne;
    const bool named = position >= 0 && position < static_cast<double>(kPrintSymbols.size());
    return {.divisor = std::pow(base, power),
            .symbol = named ? kPrintSymbols[static_cast<std::size_t>(position)] : '?'};
}

std::string format_number(const NumberFormat& format, store::Value value, int base,
                          std::optional<Magnitude>& current) {
    std::string symbol;
    if (format.unit != 0) {
        Magnitude magnitude = current.value_or(Magnitude{});
        if (format.unit == 's' || !current) {
            magnitude = magnitude_of(value, base);
            // A zero of "%S" leaves the choice to a later value.
            if (format.unit == 's' || value != 0) {
                current = magnitude;
            }
        }
        value /= magnitude.divisor;
        symbol = magnitude.symbol;
    }
    return format.before + printed_number(format, value) + format.between + symbol + format.after;
}

}  // namespace kurabe::render
