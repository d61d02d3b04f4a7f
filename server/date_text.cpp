// Reads and writes the dates of custom ranges.
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "server/term.hpp"

namespace kurabe::server {
namespace {

// Graphs begin after 1979, as rrdtool's do.
constexpr int kYearMin = 1980;
constexpr std::int64_t kEpochMin = 315532800;  // 1980-01-01
constexpr int kYearMax = 2105;
constexpr std::int64_t kEpochMax = 4291747200;  // 2106-01-01
constexpr std::size_t kDateBytesMax = 64;

// Takes a text apart from the left; after the first mismatch everything fails.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : rest_(text) {}

    // Exactly `digits` digits within low...high.
    int number(std::size_t digits, int low, int high) {
        int value = 0;
        if (rest_.size() < digits) return reject();
        for (const char digit : rest_.substr(0, digits)) {
            if (digit < '0' || digit > '9') return reject();
            value = value * 10 + (digit - '0');
        }
        if (value < low || value > high) return reject();
        rest_.remove_prefix(digits);
        return value;
    }

    // One of `choices`; 0 when none of them is next.
    char take(std::string_view choices) {
        if (rest_.empty() || choices.find(rest_.front()) == std::string_view::npos) return 0;
        const char taken = rest_.front();
        rest_.remove_prefix(1);
        return taken;
    }
    void expect(std::string_view choices) {
        if (take(choices) == 0) reject();
    }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] bool good() const { return good_; }

  private:
    int reject() {
        good_ = false;
        rest_ = {};
        return 0;
    }
    std::string_view rest_;
    bool good_ = true;
};

bool is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_of(int month, int year) {
    if (month == 2) return is_leap(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// "Z" or "+09:00" at the cursor, as seconds east of Greenwich.
std::optional<store::Seconds> read_zone(Cursor& cursor) {
    if (cursor.take("Z") != 0) return store::Seconds{0};
    const char sign = cursor.take("+-");
    if (sign == 0) return std::nullopt;
    const int hours = cursor.number(2, 0, 14);
    cursor.take(":");
    const store::Seconds offset{hours * 3600 + cursor.number(2, 0, 59) * 60};
    return sign == '-' ? -offset : offset;
}

std::optional<store::Time> read_epoch(std::string_view text) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    if (!whole || seconds < kEpochMin || seconds > kEpochMax) return std::nullopt;
    return store::Time{store::Seconds{seconds}};
}

std::optional<store::Time> read_calendar(std::string_view text, const store::TimeZone& zone) {
    Cursor cursor(text);
    store::CalendarTime date;
    date.year = cursor.number(4, kYearMin, kYearMax);
    cursor.expect("-/");
    date.month = cursor.number(2, 1, 12);
    cursor.expect("-/");
    date.day = cursor.number(2, 1, days_of(date.month, date.year));
    std::optional<store::Seconds> offset;
    if (cursor.good() && !cursor.at_end()) {
        cursor.expect(" T");
        date.hour = cursor.number(2, 0, 23);
        cursor.expect(":");
        date.minute = cursor.number(2, 0, 59);
        if (cursor.take(":") != 0) date.second = cursor.number(2, 0, 59);
        offset = read_zone(cursor);
    }
    if (!cursor.good() || !cursor.at_end()) return std::nullopt;
    if (offset) return store::TimeZone::utc().to_time(date) - *offset;
    return zone.to_time(date);
}

}  // namespace

Result<store::Time> parse_date(std::string_view text, const store::TimeZone& zone) {
    if (text.size() <= kDateBytesMax) {
        const bool is_epoch = text.find_first_not_of("0123456789") == std::string_view::npos;
        const auto time = is_epoch ? read_epoch(text) : read_calendar(text, zone);
        if (time) return *time;
    }
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' is no date; write YYYY-MM-DD HH:MM or seconds since the epoch",
                            text.substr(0, kDateBytesMax)));
}

std::string format_date(store::Time time, const store::TimeZone& zone) {
    const store::CalendarTime date = zone.to_calendar(time);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", date.year, date.month, date.day,
                       date.hour, date.minute, date.second);
}

std::string epoch_text(store::Time time) {
    return std::to_string(time.time_since_epoch().count());
}

std::string format_date_input(store::Time time, const store::TimeZone& zone) {
    const store::CalendarTime date = zone.to_calendar(time);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}", date.year, date.month, date.day, date.hour,
                       date.minute);
}

}  // namespace kurabe::server
