// Each kind of field with its limits and its message.
#include "store/rrd/rra_fields.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "store/duration.hpp"
#include "store/number.hpp"

namespace kurabe::store::rrd {
namespace {

// The integer that `text` begins with, or zero: rrdtool reads these fields with atoi(3).
std::int64_t leading_integer(std::string_view text) noexcept {
    std::int64_t number = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace

std::vector<std::string_view> split_rra_fields(std::string_view text) {
    std::vector<std::string_view> fields;
    while (!text.empty()) {
        const std::string_view field = text.substr(0, text.find(':'));
        if (!field.empty()) fields.push_back(field);
        text.remove_prefix(std::min(text.size(), field.size() + 1));
    }
    return fields;
}

std::string_view RraFieldReader::take() {
    if (has_more()) return fields_[taken_++];
    set_error(fmt::format("Expected at least {} arguments for RRA but got {}", least_,
                          fields_.size() + 1));
    return {};
}

void RraFieldReader::set_error(std::string message) {
    if (!error_) error_ = Error{ErrorCode::kInvalid, std::move(message)};
}

Result<void> RraFieldReader::finish() {
    if (has_more()) {
        set_error(fmt::format("Unexpected extra argument for consolidation function {}",
                              rra_cf_name(cf_)));
    }
    if (error_) return std::unexpected(*error_);
    return {};
}

std::uint64_t RraFieldReader::count(std::string_view what, Seconds unit) {
    const std::string_view text = take();
    const auto parsed = parse_scaled_duration(text, unit);
    if (parsed) return *parsed;
    set_error(fmt::format("Invalid {} {}: {}", what, text, parsed.error().message));
    return 1;
}

Slot RraFieldReader::share(std::string_view what, const std::function<bool(double)>& accepts) {
    const auto parsed = parse_number(take());
    if (parsed && accepts(*parsed)) return Slot::of_number(*parsed);
    set_error(fmt::format("Invalid {}: must be between 0 and 1", what));
    return {};
}

Slot RraFieldReader::adaption(std::string_view what) {
    return share(what, [](double value) { return value > 0 && value < 1; });
}

std::uint64_t RraFieldReader::window_count(std::string_view what) {
    const std::int64_t number = leading_integer(take());
    if (number >= 0 && std::cmp_less_equal(number, kWindowLengthMax)) {
        return static_cast<std::uint64_t>(number);
    }
    set_error(fmt::format("{} is out of range 1, {}", what, kWindowLengthMax));
    return 1;
}

Slot RraFieldReader::partner() {
    const std::string_view text = take();
    const std::int64_t number = leading_integer(text);
    if (number > 0) return Slot::of_count(static_cast<std::uint64_t>(number - 1));
    set_error(fmt::format("Invalid RRA number {}: RRAs are counted from 1", text));
    return {};
}

// This number alone rrdtool reads with correct rounding, and up to what is none.
Slot RraFieldReader::smoothing_window() {
    constexpr std::string_view kName = "smoothing-window=";
    const std::string_view text = take();
    double window = 0;
    const bool is_named = text.starts_with(kName);
    const auto error =
        is_named ? std::from_chars(text.data() + kName.size(), text.data() + text.size(), window).ec
                 : std::errc::invalid_argument;
    if (error != std::errc{}) {
        set_error(fmt::format("Invalid option {}", text));
    } else if (!(window >= 0 && window <= 1)) {
        set_error(fmt::format("Invalid smoothing-window {:f}: must be between 0 and 1", window));
    }
    return Slot::of_number(window);
}

}  // namespace kurabe::store::rrd
