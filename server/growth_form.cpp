// Fields of both kinds of forms, checked one after the other.
#include "server/growth_form.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "server/parameters.hpp"
#include "server/request_text.hpp"
#include "server/term.hpp"

namespace kurabe::server {
namespace {

constexpr std::size_t kPartsMax = 32;
constexpr double kExactMax = 9007199254740992.0;   // 2^53: integers up to it are themselves
constexpr std::int64_t kTimestampMin = 315360010;  // GrowthForecast's own

std::unexpected<WrongField> wrong(std::string_view field, std::string message) {
    return std::unexpected(WrongField{std::string(field), std::move(message)});
}

// ---- Forms of several parts ----

// `NAME="..."` or `NAME=...` of a header's parameters; empty when there is none.
std::string parameter_of(std::string_view header, std::string_view name) {
    const std::string wanted = fmt::format("{}=", name);
    std::size_t at = header.find(';');
    while (at != std::string_view::npos) {
        std::string_view rest = header.substr(at + 1);
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        if (rest.starts_with(wanted)) {
            rest.remove_prefix(wanted.size());
            if (!rest.starts_with('"'))
                return std::string(rest.substr(0, rest.find_first_of("; ")));
            return std::string(rest.substr(1, rest.find('"', 1) - 1));
        }
        at = header.find(';', at + 1);
    }
    return {};
}

// The name that a part's headers give it.
std::string name_of_part(std::string_view head) {
    while (!head.empty()) {
        const std::string_view line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(std::min(line.size() + 2, head.size()));
        constexpr std::string_view kDisposition = "content-disposition:";
        const bool is_it =
            line.size() > kDisposition.size() &&
            std::ranges::equal(
                line.substr(0, kDisposition.size()), kDisposition, [](char given, char lower) {
                    return (given >= 'A' && given <= 'Z' ? given - 'A' + 'a' : given) == lower;
                });
        if (is_it) return parameter_of(line, "name");
    }
    return {};
}

// Parts without a name are passed over, and so is what comes behind a mistake.
GrowthFields parts_of(std::string_view body, std::string_view boundary) {
    GrowthFields fields;
    const std::string mark = fmt::format("--{}", boundary);
    const std::string next_mark = "\r\n" + mark;
    if (boundary.empty() || !body.starts_with(mark)) return fields;
    body.remove_prefix(mark.size());
    while (body.starts_with("\r\n") && fields.size() < kPartsMax) {
        body.remove_prefix(2);
        const std::size_t head_end = body.find("\r\n\r\n");
        if (head_end == std::string_view::npos) break;
        const std::size_t end = body.find(next_mark, head_end + 2);
        if (end == std::string_view::npos) break;
        std::string name = name_of_part(body.substr(0, head_end));
        const std::size_t begin = std::min(head_end + 4, end);
        if (!name.empty()) {
            fields.emplace_back(std::move(name), body.substr(begin, end - begin));
        }
        body.remove_prefix(end + next_mark.size());
    }
    return fields;
}

// Without blanks around it; none when it is empty.
std::optional<std::string_view> value_of(const GrowthFields& fields, std::string_view name) {
    std::optional<std::string_view> value;
    for (const auto& [key, text] : fields) {
        if (key == name) value = text;
    }
    if (!value) return std::nullopt;
    const std::size_t begin = value->find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return std::nullopt;
    return value->substr(begin, value->find_last_not_of(" \t\r\n") - begin + 1);
}

// ---- Single fields ----

std::expected<double, WrongField> read_number(std::string_view text, StandingMode mode) {
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end || !std::isfinite(number)) {
        return wrong("number", "a number is needed");
    }
    const bool is_exact = std::trunc(number) == number && std::abs(number) <= kExactMax;
    if (mode == StandingMode::kDerive && !is_exact) {
        return wrong("number", "mode derive needs an integer of at most 53 bits");
    }
    return number;
}

std::expected<std::string, WrongField> read_colour(std::string_view text) {
    std::string colour(text);
    std::ranges::transform(colour, colour.begin(), [](char byte) {
        return byte >= 'A' && byte <= 'F' ? static_cast<char>(byte - 'A' + 'a') : byte;
    });
    const bool has_form = (colour.size() == 7 || colour.size() == 9) && colour.front() == '#' &&
                          colour.find_first_not_of("0123456789abcdef", 1) == std::string::npos;
    if (!has_form) return wrong("color", "a colour is #RRGGBB or #RRGGBBAA");
    return colour;
}

std::expected<store::Time, WrongField> read_timestamp(std::string_view text) {
    std::int64_t seconds = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, seconds);
    constexpr std::int64_t kYear2100 = 4102444800;
    if (error != std::errc{} || stop != end || seconds <= kTimestampMin || seconds > kYear2100) {
        return wrong("timestamp", "seconds since 1970 are needed, more than 315360010");
    }
    return store::Time{store::Seconds{seconds}};
}

// "Wed, 09 Feb 1994 22:23:32 GMT", as "1994-02-09T22:23:32Z"; none for other texts.
// Rule: RFC 9110, 5.6.7, the first form.
std::optional<std::string> from_http_date(std::string_view text) {
    constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr std::size_t kLength = 29;
    if (text.size() != kLength || !text.ends_with(" GMT") || text.substr(3, 2) != ", ") {
        return std::nullopt;
    }
    const auto month = std::ranges::find(kMonths, text.substr(8, 3));
    if (month == kMonths.end()) return std::nullopt;
    return fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month - kMonths.begin() + 1,
                       text.substr(5, 2), text.substr(17, 8));
}

std::expected<store::Time, WrongField> read_datetime(std::string_view text,
                                                     const store::TimeZone& zone) {
    const auto from_http = from_http_date(text);
    const auto time = parse_date(from_http ? std::string_view(*from_http) : text, zone);
    if (time) return *time;
    return wrong("datetime",
                 "a date is 'YYYY-MM-DD HH:MM:SS', also with an offset, or one of HTTP: "
                 "'Wed, 09 Feb 1994 22:23:32 GMT'");
}

}  // namespace

Result<GrowthFields> growth_fields(const Request& request) {
    GrowthFields fields = request.parameters;
    if (request.body.empty()) return fields;
    const std::string_view type = header_value(request, "Content-Type");
    const bool has_parts = bare_type(type) == "multipart/form-data";
    GrowthFields parts =
        has_parts ? parts_of(request.body, parameter_of(type, "boundary")) : GrowthFields();
    if (parts.empty()) {
        return fail(ErrorCode::kInvalid, "the body is no form; send one as 'curl -d' or 'curl -F'");
    }
    std::ranges::move(parts, std::back_inserter(fields));
    return fields;
}

std::expected<PostedNumber, WrongField> read_growth_form(const Request& request,
                                                         const store::TimeZone& zone) {
    const auto read = growth_fields(request);
    if (!read) return wrong("request", read.error().message);
    const GrowthFields& fields = *read;
    PostedNumber posted;
    if (const auto text = value_of(fields, "mode")) {
        const auto mode = parse_standing_mode(*text);
        if (!mode) return wrong("mode", "a mode is gauge, count, modified or derive");
        posted.mode = *mode;
    }
    const auto number = read_number(value_of(fields, "number").value_or(""), posted.mode);
    if (!number) return std::unexpected(number.error());
    posted.number = *number;
    if (const auto text = value_of(fields, "color")) {
        auto colour = read_colour(*text);
        if (!colour) return std::unexpected(std::move(colour).error());
        posted.colour = *std::move(colour);
    }
    if (const auto text = value_of(fields, "datetime")) {
        const auto time = read_datetime(*text, zone);
        if (!time) return std::unexpected(time.error());
        posted.time = *time;
    }
    if (const auto text = value_of(fields, "timestamp")) {
        const auto time = read_timestamp(*text);
        if (!time) return std::unexpected(time.error());
        posted.time = *time;
    }
    if (const auto text = value_of(fields, "description")) {
        if (text->size() > kDescriptionBytesMax) {
            return wrong("description", fmt::format("over {} bytes", kDescriptionBytesMax));
        }
        posted.description = *text;
    }
    return posted;
}

}  // namespace kurabe::server
