// The spans of time that pages and graphs show: Kurado's terms with their titles and x grids, and
// custom ranges with dates as browsers and people write them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "store/result.hpp"
#include "store/time_zone.hpp"
#include "store/types.hpp"

namespace kurabe::server {

enum class Term : std::uint8_t {
    k1Hour,
    k4Hours,
    k8Hours,
    kDay,
    k3Days,
    kWeek,
    kMonth,
    kYear,
    kCustom,
};

struct TermRule {
    Term term;
    std::string_view name;   // "4hours", as in addresses
    std::string_view title;  // "4 Hours", as in graph titles
    store::Seconds span;     // back from now; 0 for kCustom
    std::string_view x_grid;
};

// All terms; the rule of Term t is the t-th.
[[nodiscard]] std::span<const TermRule> term_rules() noexcept;
[[nodiscard]] const TermRule& term_rule(Term term) noexcept;

// kInvalid lists the names.
[[nodiscard]] Result<Term> parse_term(std::string_view name);

// One range of time as a graph shows it.
struct TimeWindow {
    store::Time start;
    store::Time end;
    std::string title;
    std::string x_grid;
};

// `term` is not kCustom.
[[nodiscard]] TimeWindow window_until(Term term, store::Time now);
// kInvalid unless from < to.
[[nodiscard]] Result<TimeWindow> custom_window(store::Time from, store::Time to,
                                               const store::TimeZone& zone);
// A range as long as one of a term has its grid; others keep theirs.
void use_grid_of_term(TimeWindow& window);

// What a custom range begins and ends with when the address does not say.
inline constexpr store::Seconds kCustomSpan{32 * 3600};

// "2026-01-02", "2026-01-02 03:04", "2026-01-02T03:04:05", each with '/' for '-', also with "Z" or
// "+09:00" after the time, else in `zone`; or seconds since the epoch. Years 1980 to 2105.
[[nodiscard]] Result<store::Time> parse_date(std::string_view text, const store::TimeZone& zone);

// "2026-01-02 03:04:05", which parse_date takes back.
[[nodiscard]] std::string format_date(store::Time time, const store::TimeZone& zone);
// Seconds since 1970, as addresses and rrdtool's options may have it.
[[nodiscard]] std::string epoch_text(store::Time time);
// "2026-01-02T03:04", the value of <input type="datetime-local">.
[[nodiscard]] std::string format_date_input(store::Time time, const store::TimeZone& zone);

}  // namespace kurabe::server
