// Rule: rrdfetch(1), "AT-STYLE TIME SPECIFICATION"; only these abbreviations, as rrdtool has them.
#include "store/at_time_words.hpp"

#include <algorithm>
#include <array>

namespace kurabe::store {

namespace {

struct NamedNumber {
    std::string_view name;
    int number;
};

constexpr std::array kClockWords = {NamedNumber{"midnight", 0}, NamedNumber{"noon", 12},
                                    NamedNumber{"teatime", 16}};
constexpr std::array kMonthWords = {
    NamedNumber{"jan", 1},      NamedNumber{"january", 1},   NamedNumber{"feb", 2},
    NamedNumber{"february", 2}, NamedNumber{"mar", 3},       NamedNumber{"march", 3},
    NamedNumber{"apr", 4},      NamedNumber{"april", 4},     NamedNumber{"may", 5},
    NamedNumber{"jun", 6},      NamedNumber{"june", 6},      NamedNumber{"jul", 7},
    NamedNumber{"july", 7},     NamedNumber{"aug", 8},       NamedNumber{"august", 8},
    NamedNumber{"sep", 9},      NamedNumber{"september", 9}, NamedNumber{"oct", 10},
    NamedNumber{"october", 10}, NamedNumber{"nov", 11},      NamedNumber{"november", 11},
    NamedNumber{"dec", 12},     NamedNumber{"december", 12}};
constexpr std::array kWeekdayWords = {
    NamedNumber{"sun", 0},      NamedNumber{"sunday", 0},    NamedNumber{"mon", 1},
    NamedNumber{"monday", 1},   NamedNumber{"tue", 2},       NamedNumber{"tuesday", 2},
    NamedNumber{"wed", 3},      NamedNumber{"wednesday", 3}, NamedNumber{"thu", 4},
    NamedNumber{"thursday", 4}, NamedNumber{"fri", 5},       NamedNumber{"friday", 5},
    NamedNumber{"sat", 6},      NamedNumber{"saturday", 6}};
constexpr std::array kRelativeDays = {NamedNumber{"yesterday", -1}, NamedNumber{"today", 0},
                                      NamedNumber{"tomorrow", 1}};

struct UnitName {
    std::string_view name;
    TimeUnit unit;
};

constexpr std::array kUnits = {
    UnitName{"s", TimeUnit::kSecond},       UnitName{"sec", TimeUnit::kSecond},
    UnitName{"second", TimeUnit::kSecond},  UnitName{"seconds", TimeUnit::kSecond},
    UnitName{"min", TimeUnit::kMinute},     UnitName{"minute", TimeUnit::kMinute},
    UnitName{"minutes", TimeUnit::kMinute}, UnitName{"h", TimeUnit::kHour},
    UnitName{"hr", TimeUnit::kHour},        UnitName{"hour", TimeUnit::kHour},
    UnitName{"hours", TimeUnit::kHour},     UnitName{"d", TimeUnit::kDay},
    UnitName{"day", TimeUnit::kDay},        UnitName{"days", TimeUnit::kDay},
    UnitName{"w", TimeUnit::kWeek},         UnitName{"wk", TimeUnit::kWeek},
    UnitName{"week", TimeUnit::kWeek},      UnitName{"weeks", TimeUnit::kWeek},
    UnitName{"mon", TimeUnit::kMonth},      UnitName{"month", TimeUnit::kMonth},
    UnitName{"months", TimeUnit::kMonth},   UnitName{"y", TimeUnit::kYear},
    UnitName{"yr", TimeUnit::kYear},        UnitName{"year", TimeUnit::kYear},
    UnitName{"years", TimeUnit::kYear}};

template <std::size_t kSize>
std::optional<int> find_word(const std::array<NamedNumber, kSize>& words, std::string_view word) {
    const auto found = std::ranges::find(words, word, &NamedNumber::name);
    return found == words.end() ? std::nullopt : std::optional(found->number);
}

}  // namespace

std::optional<int> clock_word(std::string_view word) {
    return find_word(kClockWords, word);
}

std::optional<int> month_word(std::string_view word) {
    return find_word(kMonthWords, word);
}

std::optional<int> weekday_word(std::string_view word) {
    return find_word(kWeekdayWords, word);
}

std::optional<int> relative_day_word(std::string_view word) {
    return find_word(kRelativeDays, word);
}

std::optional<TimeUnit> unit_word(std::string_view word) {
    const auto found = std::ranges::find(kUnits, word, &UnitName::name);
    return found == kUnits.end() ? std::nullopt : std::optional(found->unit);
}

}  // namespace kurabe::store
