// Parameters of pages, graphs and the API.
#include "server/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include <fmt/format.h>

#include "store/at_time.hpp"
#include "store/range_check.hpp"

namespace kurabe::server {
namespace {

bool equal_without_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : +c; };
        return lower(x) == lower(y);
    });
}

// Of rrdtool's grammar, which goes by now or by the range's other end: no date begins so.
bool is_relative(std::string_view time) {
    return !time.empty() && (time.front() < '0' || time.front() > '9');
}

// Whether it goes by now, and not by the other end.
bool moves_with_now(std::string_view time) {
    return is_relative(time) && !time.starts_with("start") && !time.starts_with("end");
}

}  // namespace

std::string_view Parameters::text(std::string_view name) {
    std::string_view found;
    int times = 0;
    for (const auto& [given, value] : request_.parameters) {
        if (given == name && ++times == 1) found = value;
    }
    if (times > 1) reject(name, "is given more than once");
    return found;
}

std::string_view Parameters::required(std::string_view name) {
    const std::string_view value = text(name);
    if (value.empty()) reject(name, "is missing");
    return value;
}

std::vector<std::string_view> Parameters::texts(std::string_view name, std::size_t count_max) {
    std::vector<std::string_view> found;
    for (const auto& [given, value] : request_.parameters) {
        if (given == name) found.push_back(value);
    }
    if (found.size() > count_max) {
        reject(name, fmt::format("is given more than {} times", count_max));
    }
    return found;
}

int Parameters::integer(std::string_view name, int otherwise, int low, int high) {
    const std::string_view digits = text(name);
    if (digits.empty()) return otherwise;
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool whole = error == std::errc{} && end == digits.data() + digits.size();
    if (whole && value >= low && value <= high) return value;
    reject(name, fmt::format("is not a number from {} to {}", low, high));
    return otherwise;
}

std::optional<store::Time> Parameters::date(std::string_view name, const store::TimeZone& zone) {
    const std::string_view value = text(name);
    if (value.empty()) return std::nullopt;
    const auto time = parse_date(value, zone);
    if (time) return *time;
    reject(name, time.error().message);
    return std::nullopt;
}

void Parameters::read_relative(Period& period, const store::TimeZone& zone, store::Time now) {
    const auto in_grammar = [&](std::string_view name, store::Time otherwise) -> std::string {
        const std::string_view given = text(name);
        if (given.empty()) return epoch_text(otherwise);
        if (is_relative(given)) return std::string(given);
        return epoch_text(date(name, zone).value_or(otherwise));
    };
    const std::string to = in_grammar("to", period.to);
    const bool has_from = !text("from").empty();
    const std::string from = has_from ? in_grammar("from", period.from)
                                      : fmt::format("end-{}s", store::Seconds{kCustomSpan}.count());
    const auto range = store::parse_time_range(from, to, now, zone);
    if (!range) {
        const bool is_of_to =
            is_relative(to) && !store::parse_time_range("1000000000", to, now, zone);
        reject(is_of_to ? "to" : "from", fmt::format("is no time: {}", range.error().message));
        return;
    }
    period.from = range->start;
    period.to = range->end;
    if (period.from < store::kEarliestStart) reject("from", "is before 1980");
}

Period Parameters::period(const store::TimeZone& zone, store::Time now, store::Time default_to,
                          BareRange bare) {
    Period period;
    const std::string_view name = text("term");
    const std::string_view from_text = text("from");
    const std::string_view to_text = text("to");
    if (!name.empty()) {
        const auto term = parse_term(name);
        if (term) {
            period.term = *term;
        } else {
            reject("term", term.error().message);
        }
    }
    const bool has_range = !from_text.empty() || !to_text.empty();
    const bool is_of_grammar = is_relative(from_text) || is_relative(to_text);
    if (name.empty() && (is_of_grammar || (has_range && bare == BareRange::kCounts))) {
        period.term = Term::kCustom;
    }
    period.to = default_to;
    if (is_of_grammar) {
        read_relative(period, zone, now);
    } else {
        const auto from = date("from", zone);
        const auto to = date("to", zone);
        period.to = to.value_or(default_to);
        period.from = from.value_or(period.to - kCustomSpan);
    }
    if (period.term != Term::kCustom) return period;
    period.moves = to_text.empty() || moves_with_now(from_text) || moves_with_now(to_text);
    if (period.from >= period.to) {
        reject("from", fmt::format("({}) is not before to ({})", format_date(period.from, zone),
                                   format_date(period.to, zone)));
    }
    if (period.to > now + kFutureMax) reject("to", "is more than a year ahead");
    return period;
}

std::optional<store::TimeZone> Parameters::zone() {
    const std::string_view name = text("tz");
    if (name.empty()) return std::nullopt;
    auto zone = store::TimeZone::locate(name);
    if (zone) return *std::move(zone);
    reject("tz", fmt::format("names no time zone: '{}'; one is Europe/Berlin", name));
    return std::nullopt;
}

std::vector<std::string_view> Parameters::addresses() {
    std::vector<std::string_view> addresses;
    std::unordered_set<std::string_view> seen;
    for (const auto& [name, value] : request_.parameters) {
        if (name != "address") continue;
        if (seen.insert(value).second) {
            addresses.push_back(value);
        } else {
            reject("address", fmt::format("'{}' is given more than once", value));
        }
    }
    if (addresses.empty()) reject("address", "is missing");
    if (addresses.size() > kAddressesMax) {
        reject("address", fmt::format("is given more than {} times", kAddressesMax));
    }
    return addresses;
}

void Parameters::reject(std::string_view name, std::string_view reason) {
    if (error_) return;
    error_ = Error{ErrorCode::kInvalid, fmt::format("parameter {} {}", name, reason)};
}

Result<void> Parameters::check() const {
    if (error_) return std::unexpected(*error_);
    return {};
}

std::string_view header_value(const Request& request, std::string_view name) {
    for (const auto& [given, value] : request.headers) {
        if (equal_without_case(given, name)) return value;
    }
    return {};
}

}  // namespace kurabe::server
