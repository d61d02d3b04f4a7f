// Writes and reads the flat objects that a standing number is.
#include "server/standing_text.hpp"

#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "collectors/line_text.hpp"
#include "collectors/sent_reports.hpp"
#include "server/json_records.hpp"

namespace kurabe::server {
namespace {

std::optional<double> number_of(const JsonRecord& record, std::string_view key) {
    const JsonValue* const value = record.find(key);
    if (value == nullptr || value->kind != JsonValue::Kind::kNumber) return std::nullopt;
    double number = 0;
    const char* const end = value->text.data() + value->text.size();
    const auto [stop, error] = std::from_chars(value->text.data(), end, number);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return number;
}

Result<store::SampleTime> time_of(const JsonRecord& record, std::string_view key) {
    const JsonValue* const value = record.find(key);
    return collectors::parse_epoch(value == nullptr ? std::string_view() : value->text);
}

Result<StandingNumber> standing_of(const JsonRecord& record) {
    const auto number = number_of(record, "number");
    const auto mode = record.text("mode");
    const auto colour = record.text("color");
    const auto description = record.text("description");
    const auto created = time_of(record, "created");
    const auto changed = time_of(record, "changed");
    const auto known = mode ? parse_standing_mode(*mode) : std::nullopt;
    if (!record.wrong.empty() || !number || !known || !colour || !description || !created ||
        !changed) {
        return fail(ErrorCode::kInvalid, "no standing number");
    }
    return StandingNumber{.number = *number,
                          .mode = *known,
                          .colour = std::string(*colour),
                          .description = std::string(*description),
                          .created = std::chrono::floor<store::Seconds>(*created),
                          .changed = *changed};
}

// As GrowthForecast writes it.
std::string date_text(store::Time time, const store::TimeZone& zone) {
    return zone.format("%Y/%m/%d %H:%M:%S", time).value_or("");
}

}  // namespace

std::string in_json_quotes(std::string_view text) {
    std::string quoted = "\"";
    for (const char byte : collectors::readable(text)) {
        if (byte == '"' || byte == '\\') quoted += '\\';
        quoted += byte;
    }
    return quoted + '"';
}

std::string standing_text(const StandingNumber& number) {
    const auto micros = number.changed.time_since_epoch().count();
    return fmt::format(R"([{{"number":{},"mode":"{}","color":{},"description":{},)"
                       R"("created":{},"changed":{}.{:06}}}])",
                       text_of(number.number), name_of(number.mode), in_json_quotes(number.colour),
                       in_json_quotes(number.description),
                       number.created.time_since_epoch().count(), micros / 1'000'000,
                       micros % 1'000'000);
}

Result<StandingNumber> parse_standing_text(std::string_view text) {
    Result<StandingNumber> number = fail(ErrorCode::kInvalid, "no standing number");
    const auto take = [&number](const JsonRecord& record) { number = standing_of(record); };
    if (auto read = read_json_records(text, take); !read) return std::unexpected(read.error());
    return number;
}

std::string growth_row_to_json(const StandingPath& path, const StandingNumber& number,
                               const store::TimeZone& zone) {
    const store::Time changed = std::chrono::floor<store::Seconds>(number.changed);
    return fmt::format(
        R"({{"service_name":{},"section_name":{},"graph_name":{},"number":{},"mode":"{}",)"
        R"("color":{},"description":{},"created_at":"{}","updated_at":"{}"}})",
        in_json_quotes(path.service), in_json_quotes(path.section), in_json_quotes(path.graph),
        text_of(number.number), name_of(number.mode), in_json_quotes(number.colour),
        in_json_quotes(number.description), date_text(number.created, zone),
        date_text(changed, zone));
}

std::string growth_success_to_json(const StandingPath& path, const StandingNumber& number,
                                   const store::TimeZone& zone) {
    return fmt::format(R"({{"error":0,"data":{}}})", growth_row_to_json(path, number, zone));
}

std::string growth_error_to_json(std::string_view field, std::string_view message) {
    return fmt::format(R"({{"error":1,"messages":{{"{}":{}}}}})", field, in_json_quotes(message));
}

}  // namespace kurabe::server
