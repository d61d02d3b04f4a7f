// Durations are written here; the C library has no function for them.
#include "render/print_times.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "render/numbers.hpp"
#include "render/print_format.hpp"
#include "store/calendar_format.hpp"

namespace kurabe::render {

namespace {

// What a conversion of strftime becomes: its digits if their number is fixed, else one dash. Three
// that are none stay, as measured on rrdtool.
std::string_view dashes_of(char conversion) {
    constexpr std::string_view kTwoDigits = "CdgHImMSUVWy";
    switch (conversion) {
        case '%':
            return "%";
        case ' ':
            return "% ";
        case '.':
            return "%.";
        case '@':
            return "%@";
        case 'n':
            return "\n";
        case 't':
            return "\t";
        case 'G':
        case 'Y':
            return "----";
        case 'j':
            return "---";
        case 'D':
            return "--/--/--";
        case 'F':
            return "----------";
        case 'R':
            return "--:--";
        case 'T':
            return "--:--:--";
        default:
            return kTwoDigits.contains(conversion) ? "--" : "-";
    }
}

struct DurationUnit {
    char conversion;
    double seconds;  // 0 = it counts milliseconds
    double modulus;  // 0 = none
};
constexpr std::array kDurationUnits = {DurationUnit{'W', 604'800, 0}, DurationUnit{'d', 86'400, 7},
                                       DurationUnit{'D', 86'400, 0},  DurationUnit{'h', 3600, 24},
                                       DurationUnit{'H', 3600, 0},    DurationUnit{'m', 60, 60},
                                       DurationUnit{'M', 60, 0},      DurationUnit{'s', 1, 60},
                                       DurationUnit{'S', 1, 0},       DurationUnit{'f', 0, 1000}};

class DurationWriter {
  public:
    DurationWriter(std::string_view format, double milliseconds)
        : rest_(format), milliseconds_(std::abs(milliseconds)) {
        if (milliseconds < 0) out_ = "-";
    }

    Result<std::string> write() {
        while (!rest_.empty()) {
            const std::size_t percent = std::min(rest_.find('%'), rest_.size());
            out_ += rest_.substr(0, percent);
            rest_.remove_prefix(percent);
            if (rest_.empty()) break;
            if (auto written = write_conversion(); !written) {
                return std::unexpected(written.error());
            }
        }
        return std::move(out_);
    }

  private:
    Result<void> write_conversion() {
        rest_.remove_prefix(1);
        const bool zeros = rest_.starts_with('0');
        const auto width = take_count();
        const bool has_decimals = rest_.starts_with('.');
        if (has_decimals) rest_.remove_prefix(1);
        const auto decimals = has_decimals ? take_count() : 0;
        if (!width || !decimals) {
            return fail(ErrorCode::kLimit,
                        fmt::format("a printed duration is limited to {} columns "
                                    "and decimals",
                                    kPrintWidthMax));
        }
        const char conversion = rest_.empty() ? '\0' : rest_.front();
        const auto unit = std::ranges::find(kDurationUnits, conversion, &DurationUnit::conversion);
        if (conversion == '%') {
            out_ += '%';
        } else if (unit == kDurationUnits.end()) {
            return fail(ErrorCode::kInvalid, "Wrong duration format");
        } else {
            const std::string digits = digits_of(*unit, *decimals);
            out_.append(std::max(*width, digits.size()) - digits.size(), zeros ? '0' : ' ');
            out_ += digits;
        }
        rest_.remove_prefix(1);
        return {};
    }

    // None over kPrintWidthMax.
    std::optional<std::size_t> take_count() {
        const std::size_t size = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
        const auto count = parse_integer(size == 0 ? "0" : rest_.substr(0, size));
        rest_.remove_prefix(size);
        if (!count || *count > kPrintWidthMax) return std::nullopt;
        return static_cast<std::size_t>(*count);
    }

    // Decimals beyond those wanted are cut off, not rounded.
    [[nodiscard]] std::string digits_of(const DurationUnit& unit, std::size_t decimals) const {
        double count = unit.seconds > 0 ? milliseconds_ / 1000 / unit.seconds : milliseconds_;
        // Not fmod: of counts beyond 2^53 rrdtool's remainder is 0.
        if (unit.modulus > 0) count -= std::trunc(count / unit.modulus) * unit.modulus;
        const double scale = std::pow(10, static_cast<double>(decimals));
        if (std::isfinite(count * scale)) count = std::trunc(count * scale) / scale;
        constexpr std::size_t kWholeDigitsMax = 310;
        std::array<char, kWholeDigitsMax + 1 + kPrintWidthMax> buffer{};
        const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), count,
                                           std::chars_format::fixed, static_cast<int>(decimals));
        return {buffer.data(), written.ptr};
    }

    std::string_view rest_;
    double milliseconds_;
    std::string out_;
};

}  // namespace

std::string missing_time_text(std::string_view format) {
    std::string out;
    while (!format.empty()) {
        const std::size_t percent = std::min(format.find('%'), format.size());
        out += format.substr(0, percent);
        format.remove_prefix(percent);
        if (format.empty()) break;
        format.remove_prefix(1);
        const bool modified = format.starts_with('E') || format.starts_with('O');
        if (modified) format.remove_prefix(1);
        const bool has_letter = !format.empty() && (format.front() & 0x80) == 0;
        out += modified || !has_letter ? "-" : dashes_of(format.front());
        if (has_letter) format.remove_prefix(1);
    }
    return out;
}

Result<std::string> value_time_text(std::string_view format, store::Value seconds) {
    constexpr double kCalendarEnd = 0x1p55;  // before the years need more than 32 bits
    if (std::abs(seconds) >= kCalendarEnd) return fmt::format("{:.0f}", seconds);
    const store::Seconds whole{static_cast<std::int64_t>(seconds)};
    return store::format_utc(format, store::Time{whole});
}

Result<std::string> duration_text(std::string_view format, store::Value milliseconds) {
    return DurationWriter(format, milliseconds).write();
}

}  // namespace kurabe::render
