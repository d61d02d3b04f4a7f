// Kurado's table of terms and the x grids of custom ranges.
#include "server/term.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace kurabe::server {
namespace {

using store::Seconds;

constexpr Seconds kMinute{60};
constexpr Seconds kHour{3600};
constexpr Seconds kDay{86400};

constexpr std::string_view kHalfHourGrid = "MINUTE:30:HOUR:1:HOUR:1:0:%H:%M";

constexpr std::array kRules{
    TermRule{Term::k1Hour, "1hour", "Hour", 70 * kMinute, "MINUTE:10:MINUTE:20:MINUTE:10:0:%H:%M"},
    TermRule{Term::k4Hours, "4hours", "4 Hours", 4 * kHour, kHalfHourGrid},
    TermRule{Term::k8Hours, "8hours", "8 Hours", 8 * kHour, kHalfHourGrid},
    TermRule{Term::kDay, "day", "Day", 33 * kHour, "HOUR:2:HOUR:4:HOUR:4:0:%H:%M"},
    TermRule{Term::k3Days, "3days", "3 Days", 3 * kDay, "HOUR:6:DAY:1:HOUR:12:0:%H:%M"},
    TermRule{Term::kWeek, "week", "Week", 8 * kDay, "DAY:1:DAY:1:DAY:1:86400:%a"},
    TermRule{Term::kMonth, "month", "Month", 35 * kDay, "WEEK:1:WEEK:1:WEEK:1:604800:Week %W"},
    TermRule{Term::kYear, "year", "Year", 400 * kDay, "MONTH:1:MONTH:1:MONTH:1:2592000:%b"},
    TermRule{Term::kCustom, "custom", "", Seconds{0}, ""},
};

// Kurado's, but for ranges so short that its grid might have no label at all.
std::string_view custom_x_grid(Seconds span) {
    if (span < 20 * kMinute) return "MINUTE:1:MINUTE:5:MINUTE:5:0:%H:%M";
    if (span < kHour) return "MINUTE:5:MINUTE:10:MINUTE:10:0:%H:%M";
    if (span < 3 * kHour) return "MINUTE:10:MINUTE:30:MINUTE:30:0:%H:%M";
    if (span < 4 * kDay) return "HOUR:1:DAY:1:HOUR:2:0:%H:%M";
    if (span < 14 * kDay) return "DAY:1:DAY:7:DAY:2:0:%m/%d";
    if (span < 45 * kDay) return "DAY:1:WEEK:1:WEEK:1:0:%m/%d";
    return "WEEK:1:MONTH:1:MONTH:1:2592000:%b";
}

}  // namespace

std::span<const TermRule> term_rules() noexcept {
    return kRules;
}

const TermRule& term_rule(Term term) noexcept {
    return kRules[static_cast<std::size_t>(term)];
}

Result<Term> parse_term(std::string_view name) {
    std::string names;
    for (const TermRule& rule : kRules) {
        if (rule.name == name) return rule.term;
        names += names.empty() ? "" : ", ";
        names += rule.name;
    }
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is not one of {}", name, names));
}

TimeWindow window_until(Term term, store::Time now) {
    const TermRule& rule = term_rule(term);
    return {now - rule.span, now, std::string(rule.title), std::string(rule.x_grid)};
}

Result<TimeWindow> custom_window(store::Time from, store::Time to, const store::TimeZone& zone) {
    if (from >= to) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("from ({}) is not before to ({})", format_date(from, zone),
                                format_date(to, zone)));
    }
    return TimeWindow{from, to,
                      fmt::format("{} to {}", format_date(from, zone), format_date(to, zone)),
                      std::string(custom_x_grid(to - from))};
}

void use_grid_of_term(TimeWindow& window) {
    const auto rule = std::ranges::find(kRules, window.end - window.start,
                                        [](const TermRule& r) { return r.span; });
    if (rule != kRules.end()) window.x_grid = rule->x_grid;
}

}  // namespace kurabe::server
