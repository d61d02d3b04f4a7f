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

namespace kurabe::render {

namespace {

struct DurationUnit {
    char conversion;
    double milliseconds;
    double modulus;  // 0 = none
};
constexpr std::array kDurationUnits = {
    DurationUnit{'W', 604'800'000, 0}, DurationUnit{'d', 86'400'000, 7},
    DurationUnit{'D', 86'400'000, 0},  DurationUnit{'h', 3'600'000, 24},
    DurationUnit{'H', 3'600'000, 0},   DurationUnit{'m', 60'000, 60},
    DurationUnit{'M', 60'000, 0},      DurationUnit{'s', 1000, 60},
    DurationUnit{'S', 1000, 0},        DurationUnit{'f', 1, 1000}};

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
        double count = milliseconds_ / unit.milliseconds;
        if (unit.modulus > 0) count = std::fmod(count, unit.modulus);
        constexpr int kDecimalsOfAnyDouble = 1074;
        std::array<char, kDecimalsOfAnyDouble + 320> buffer{};
        const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), count,
                                           std::chars_format::fixed, kDecimalsOfAnyDouble);
        const std::string_view exact(buffer.data(), written.ptr);
        const std::size_t point = exact.size() - kDecimalsOfAnyDouble - 1;
        return std::string(exact.substr(0, decimals == 0 ? point : point + 1 + decimals));
    }

    std::string_view rest_;
    double milliseconds_;
    std::string out_;
};

}  // namespace

Result<std::string> duration_text(std::string_view format, store::Value milliseconds) {
    return DurationWriter(format, milliseconds).write();
}

}  // namespace kurabe::render
