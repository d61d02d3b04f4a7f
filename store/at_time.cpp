// The grammar of AT-style times: a reference (now, a clock time, a day, an epoch, the other end of
// the range) and offsets from it, which at_time_offsets.hpp adds up.
// docs/rrdtool-differences.md lists what rrdtool refuses or misreads.
#include "store/at_time.hpp"

#include <algorithm>
#include <optional>
#include <variant>

#include <fmt/format.h>

#include "store/at_time_offsets.hpp"
#include "store/at_time_tokens.hpp"
#include "store/at_time_words.hpp"

namespace kurabe::store {

namespace {

using Kind = AtTimeToken::Kind;

constexpr std::size_t kTextBytesMax = 200;
constexpr std::size_t kTokensMax = 100;
// A number above this is an epoch, one between the next two a date YYYYMMDD.
constexpr std::int64_t kEpochAbove = 315'360'000;
constexpr std::int64_t kCompactDateMin = 19'700'101;
constexpr std::int64_t kCompactDateMax = 24'000'101;
// "1m" is a month and "6m" six minutes.
constexpr std::int64_t kMonthsBelow = 6;

enum class Anchor { kAbsolute, kStart, kEnd };

// A time that is known up to what it is relative to.
struct ParsedTime {
    Anchor anchor = Anchor::kAbsolute;
    AtTimeBase base;  // of kAbsolute
    AtTimeOffsets offsets;
};

class Parser {
  public:
    Parser(std::string_view text, Time now, const TimeZone& zone)
        : text_(text),
          tokens_(at_time_tokens(text)),
          now_(now),
          zone_(zone),
          today_(zone.to_calendar(now)) {}

    Result<ParsedTime> parse() {
        if (text_.size() > kTextBytesMax || tokens_.size() > kTokensMax) {
            return fail(ErrorCode::kLimit, fmt::format("a time is limited to {} characters and {} "
                                                       "words",
                                                       kTextBytesMax, kTokensMax));
        }
        ParsedTime parsed;
        const auto reference = parse_reference(parsed);
        if (!reference) {
            return std::unexpected(reference.error());
        }
        if (const auto offsets = parse_offsets(parsed.offsets); !offsets) {
            return std::unexpected(offsets.error());
        }
        if (token().kind != Kind::kEnd) {
            return invalid(
                fmt::format("unparsable trailing text: '...{}'", text_.substr(token().position)));
        }
        return parsed;
    }

  private:
    using Step = Result<void>;

    [[nodiscard]] const AtTimeToken& token(std::size_t ahead = 0) const {
        return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
    }
    [[nodiscard]] bool at_sign() const { return token().is("+") || token().is("-"); }

    // ---- References ----

    Step parse_reference(ParsedTime& parsed) {
        parsed.base = now_;
        if (at_sign()) {
            return {};
        }
        if (token().is("now") || token().is("n")) {
            return parse_now();
        }
        if (token().is("start") || token().is("s")) {
            parsed.anchor = Anchor::kStart;
            return require_offset();
        }
        if (token().is("end") || token().is("e")) {
            parsed.anchor = Anchor::kEnd;
            return require_offset();
        }
        if (token().is("epoch")) {
            parsed.base = Time{};
            return require_offset();
        }
        if (token().kind == Kind::kNumber && token().number > kEpochAbove) {
            parsed.base = Time{Seconds{token().number}};
            ++next_;
            return {};
        }
        return parse_calendar(parsed);
    }

    Step parse_now() {
        ++next_;
        if (token().kind != Kind::kEnd && !at_sign()) {
            return invalid("if 'now' is followed by a token it must be +|- offset");
        }
        return {};
    }

    Step require_offset() {
        ++next_;
        return at_sign() ? Step{} : invalid("'start' or 'end' MUST be followed by +|- offset");
    }

    // A clock time and a day, in either order and either of them alone.
    Step parse_calendar(ParsedTime& parsed) {
        CalendarTime calendar = today_;
        auto clock = parse_clock(calendar);
        if (!clock) {
            return std::unexpected(clock.error());
        }
        const auto day = parse_day(calendar, *clock);
        if (!day) {
            return std::unexpected(day.error());
        }
        if (*day && !*clock) {
            clock = parse_clock(calendar);
            if (!clock) {
                return std::unexpected(clock.error());
            }
        }
        if (!*day && !*clock) {
            return invalid(fmt::format("unparsable time: {}", text_));
        }
        parsed.base = calendar;
        if (zone_.to_time(calendar) < Time{}) {
            return invalid("won't handle dates before epoch (01/01/1970), sorry");
        }
        return {};
    }

    // ---- Clock times: false when there is none ----

    static void set_clock(CalendarTime& calendar, int hour, int minute = 0, int second = 0) {
        calendar.hour = hour;
        calendar.minute = minute;
        calendar.second = second;
    }

    Result<bool> parse_clock(CalendarTime& calendar) {
        if (const auto hour = clock_word(token().text)) {
            ++next_;
            set_clock(calendar, *hour);
            return true;
        }
        if (token().kind != Kind::kNumber || token().text.size() > 2 || token(1).is("/") ||
            token(1).is(".")) {
            return false;
        }
        const int hour = static_cast<int>(token().number);
        if (hour > 23) {
            return false;
        }
        ++next_;
        int minute = 0;
        if (token().is(":")) {
            ++next_;
            const auto minutes = parse_minutes();
            if (!minutes) {
                return std::unexpected(minutes.error());
            }
            minute = *minutes;
        }
        return finish_clock(calendar, hour, minute);
    }

    Result<int> parse_minutes() {
        if (token().kind != Kind::kNumber) {
            return invalid("Parsing HH:MM syntax, expecting MM as number, got none");
        }
        if (token().number > 59) {
            return invalid(fmt::format("parsing HH:MM syntax, got MM = {} (>59!)", token().number));
        }
        return static_cast<int>(tokens_[next_++].number);
    }

    Result<bool> finish_clock(CalendarTime& calendar, int hour, int minute) {
        if (token().is("am") || token().is("pm")) {
            if (hour > 12) {
                return invalid("there cannot be more than 12 AM or PM hours");
            }
            hour = hour % 12 + (token().is("pm") ? 12 : 0);
            ++next_;
        }
        set_clock(calendar, hour, minute);
        return true;
    }

    // ---- Days: false when there is none ----

    // A day given by numbers starts at 00:00 unless `clock_known`; one given by a month's name
    // keeps the time of day of now.
    Result<bool> parse_day(CalendarTime& calendar, bool clock_known) {
        if (const auto days = relative_day_word(token().text)) {
            return take_relative_day(calendar, *days, clock_known);
        }
        if (const auto weekday = weekday_word(token().text)) {
            return take_relative_day(calendar, *weekday - today_.weekday, clock_known);
        }
        if (const auto month = month_word(token().text)) {
            return parse_named_month(calendar, *month);
        }
        if (token().kind != Kind::kNumber) {
            return false;
        }
        if (clock_known && !is_date_ahead()) {
            return false;
        }
        if (!clock_known) {
            set_clock(calendar, 0);
        }
        return parse_numeric_day(calendar);
    }

    Result<bool> take_relative_day(CalendarTime& calendar, int days, bool clock_known) {
        ++next_;
        calendar.day += days;
        if (!clock_known) {
            set_clock(calendar, 0);
        }
        return true;
    }

    [[nodiscard]] bool is_date_ahead() const {
        return is_compact_date() || token(1).is("/") || token(1).is(".") || is_iso_date();
    }
    [[nodiscard]] bool is_compact_date() const {
        return token().number > kCompactDateMin && token().number < kCompactDateMax;
    }
    [[nodiscard]] bool is_iso_date() const {
        return token().text.size() == 4 && token(1).is("-") && token(2).text.size() == 2 &&
               token(2).kind == Kind::kNumber && token(3).is("-") && token(4).text.size() == 2 &&
               token(4).kind == Kind::kNumber;
    }

    Result<bool> parse_named_month(CalendarTime& calendar, int month) {
        ++next_;
        if (token().kind != Kind::kNumber) {
            return invalid("the day of the month should follow month name");
        }
        const std::int64_t day = tokens_[next_++].number;
        std::int64_t year = calendar.year;
        if (token().kind == Kind::kNumber) {
            year = tokens_[next_++].number;
        }
        return set_date(calendar, day, month, year);
    }

    Result<bool> parse_numeric_day(CalendarTime& calendar) {
        const std::int64_t first = token().number;
        if (is_compact_date()) {
            ++next_;
            return set_date(calendar, first % 100, first / 100 % 100, first / 10'000);
        }
        if (is_iso_date()) {
            return parse_iso_date(calendar);
        }
        if (!token(1).is("/") && !token(1).is(".")) {
            return invalid(fmt::format("did you really mean month {}?", first));
        }
        const bool month_first = token(1).is("/");
        const std::string separator = token(1).text;
        const std::int64_t second = token(2).number;
        next_ += 3;
        std::int64_t year = calendar.year;
        if (token().is(separator) && token(1).kind == Kind::kNumber) {
            year = token(1).number;
            next_ += 2;
        }
        return month_first ? set_date(calendar, second, first, year)
                           : set_date(calendar, first, second, year);
    }

    // "2026-01-02", "2026-01-02T03:04", "2026-01-02 03:04:05".
    Result<bool> parse_iso_date(CalendarTime& calendar) {
        const std::int64_t year = token().number;
        const std::int64_t month = token(2).number;
        const std::int64_t day = token(4).number;
        next_ += 5;
        if (token().is("t")) {
            ++next_;
        }
        if (token().kind == Kind::kNumber && token(1).is(":")) {
            if (const auto clock = parse_clock(calendar); !clock) {
                return clock;
            }
            if (token().is(":") && token(1).kind == Kind::kNumber && token(1).number < 60) {
                calendar.second = static_cast<int>(token(1).number);
                next_ += 2;
            }
        }
        return set_date(calendar, day, month, year);
    }

    // Years of two digits are 1969...2037, as in rrdtool.
    static Result<bool> set_date(CalendarTime& calendar, std::int64_t day, std::int64_t month,
                                 std::int64_t year) {
        if (month < 1 || month > 12) {
            return invalid(fmt::format("did you really mean month {}?", month));
        }
        if (day < 1 || day > 31) {
            return invalid(fmt::format("I'm afraid that {} is not a valid day of the month", day));
        }
        if (year < 100) {
            year += year < 38 ? 2000 : 1900;
        }
        if (year < 1970) {
            return invalid("won't handle dates before epoch (01/01/1970), sorry");
        }
        if (year > 9999) {
            return invalid(fmt::format("did you really mean year {}?", year));
        }
        calendar.year = static_cast<int>(year);
        calendar.month = static_cast<int>(month);
        calendar.day = static_cast<int>(day);
        return true;
    }

    // ---- Offsets ----

    Step parse_offsets(AtTimeOffsets& offsets) {
        int sign = 1;
        std::optional<TimeUnit> previous;
        bool after_sign = false;
        while (at_sign() || (after_sign && token().kind == Kind::kNumber)) {
            if (at_sign()) {
                sign = token().is("-") ? -1 : 1;
                const std::string sign_text = token().text;
                ++next_;
                previous.reset();
                if (token().kind != Kind::kNumber) {
                    return invalid(fmt::format("There should be number after '{}'", sign_text));
                }
            }
            after_sign = true;
            const std::int64_t number = tokens_[next_++].number;
            const auto unit = parse_unit(number, previous);
            if (!unit) {
                return std::unexpected(unit.error());
            }
            previous = *unit;
            if (const auto added = offsets.add(sign * number, *unit); !added) {
                return added;
            }
        }
        return {};
    }

    Result<TimeUnit> parse_unit(std::int64_t number, std::optional<TimeUnit> previous) {
        if (token().kind != Kind::kWord) {
            return TimeUnit::kSecond;
        }
        if (token().is("m")) {
            ++next_;
            const bool months = previous ? *previous >= TimeUnit::kDay : number < kMonthsBelow;
            return months ? TimeUnit::kMonth : TimeUnit::kMinute;
        }
        const auto unit = unit_word(token().text);
        if (!unit) {
            return invalid(
                fmt::format("unparsable trailing text: '...{}'", text_.substr(token().position)));
        }
        ++next_;
        return *unit;
    }

    std::string_view text_;
    std::vector<AtTimeToken> tokens_;
    std::size_t next_ = 0;
    Time now_;
    const TimeZone& zone_;
    CalendarTime today_;
};

Time absolute(const ParsedTime& parsed, const TimeZone& zone) {
    return std::visit([&](const auto& base) { return parsed.offsets.from(base, zone); },
                      parsed.base);
}

}  // namespace

Result<Time> parse_time(std::string_view text, Time now, const TimeZone& zone) {
    const auto parsed = Parser(text, now, zone).parse();
    if (!parsed) {
        return std::unexpected(parsed.error());
    }
    if (parsed->anchor != Anchor::kAbsolute) {
        return fail(ErrorCode::kUnsupported,
                    "specifying time relative to the 'start' or 'end' makes no sense here");
    }
    return absolute(*parsed, zone);
}

Result<TimeRange> parse_time_range(std::string_view start, std::string_view end, Time now,
                                   const TimeZone& zone) {
    auto parsed_start = Parser(start, now, zone).parse();
    if (!parsed_start) {
        return invalid("start time: " + parsed_start.error().message);
    }
    auto parsed_end = Parser(end, now, zone).parse();
    if (!parsed_end) {
        return invalid("end time: " + parsed_end.error().message);
    }
    if (parsed_start->anchor == Anchor::kStart) {
        return invalid("the start time cannot be specified relative to itself");
    }
    if (parsed_end->anchor == Anchor::kEnd) {
        return invalid("the end time cannot be specified relative to itself");
    }
    if (parsed_start->anchor == Anchor::kEnd && parsed_end->anchor == Anchor::kStart) {
        return invalid("the start and end times cannot be specified relative to each other");
    }
    if (parsed_start->anchor == Anchor::kEnd) {
        const Time end_time = absolute(*parsed_end, zone);
        return TimeRange{parsed_start->offsets.from(end_time, zone), end_time};
    }
    const Time start_time = absolute(*parsed_start, zone);
    if (parsed_end->anchor == Anchor::kStart) {
        return TimeRange{start_time, parsed_end->offsets.from(start_time, zone)};
    }
    return TimeRange{start_time, absolute(*parsed_end, zone)};
}

}  // namespace kurabe::store
