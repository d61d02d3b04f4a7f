// One object at a time becomes a sample, a meta or a warning.
#include "server/sample_records.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "collectors/line_text.hpp"
#include "server/mackerel_graphs.hpp"
#include "store/sample.hpp"
#include "store/utf8.hpp"

namespace kurabe::server {
namespace {

using collectors::SentReports;
using Kind = JsonValue::Kind;

// A text of the body may be as long as that.
constexpr std::size_t kShownRecordBytesMax = 100;
constexpr std::size_t kReasonBytesMax = 400;

// As the store's own grammar has it: null is unknown.
Result<std::string_view> value_of(const JsonRecord& record) {
    const JsonValue* const value = record.find("value");
    if (value == nullptr) return invalid("'value' is missing");
    if (value->kind == Kind::kNull) return "U";
    if (value->kind == Kind::kNumber) return value->text;
    if (value->kind == Kind::kText && value->text == "U") return "U";
    return invalid("'value' has to be a number, null or \"U\"");
}

// JSON may write any number with an exponent, and some programs do from 1e9 on.
Result<store::SampleTime> epoch_of(const std::string& number) {
    if (number.find_first_of("eE") == std::string::npos) return collectors::parse_epoch(number);
    constexpr double kExactMax = 9007199254740992.0;  // 2^53: whole numbers up to it are themselves
    double seconds = 0;
    const char* const end = number.data() + number.size();
    const auto [stop, error] = std::from_chars(number.data(), end, seconds);
    const bool is_whole = error == std::errc{} && stop == end && std::abs(seconds) <= kExactMax &&
                          std::trunc(seconds) == seconds;
    if (!is_whole) return invalid("'time' with an exponent has to be whole seconds since 1970");
    return collectors::parse_epoch(std::to_string(static_cast<std::int64_t>(seconds)));
}

// `otherwise` when there is none; without that there has to be one.
Result<store::SampleTime> time_of(const JsonRecord& record,
                                  std::optional<store::SampleTime> otherwise) {
    const JsonValue* const time = record.find("time");
    const bool is_absent = time == nullptr || time->kind == Kind::kNull;
    if (is_absent && otherwise) return *otherwise;
    if (is_absent) return invalid("'time' is missing");
    if (time->kind == Kind::kNumber) return epoch_of(time->text);
    return invalid("'time' has to be a number, seconds since 1970");
}

// With the type behind it: the key's own, else that of "type", else a gauge.
Result<std::string> key_of(const JsonRecord& record) {
    const auto key = record.text("key");
    if (!key) return std::unexpected(key.error());
    const auto own = store::ds_type_of_key(*key);
    const JsonValue* const given = record.find("type");
    if (given == nullptr || given->kind == Kind::kNull) {
        return own ? std::string(*key) : fmt::format("{}.gauge", *key);
    }
    const std::string wanted = fmt::format("{}.{}", *key, given->text);
    const auto type = store::ds_type_of_key(wanted);
    if (given->kind != Kind::kText || !type) {
        return invalid("'type' has to be gauge, counter, derive or absolute");
    }
    if (!own) return wanted;
    if (*own == *type) return std::string(*key);
    return invalid(fmt::format("the key '{}' ends in another type than {}", *key, given->text));
}

// Makes the record's host and plugin those that are added to.
Result<std::string_view> choose(const JsonRecord& record, SentReports& reports) {
    const auto plugin = record.text("plugin");
    if (!plugin) return plugin;
    const auto host = record.text("host");
    if (!host) return host;
    if (auto chosen = reports.choose_host(*host); !chosen) return std::unexpected(chosen.error());
    return plugin;
}

Result<void> add_sample(const JsonRecord& record, SentReports& reports, store::SampleTime now) {
    const auto key = key_of(record);
    if (!key) return std::unexpected(key.error());
    const auto value = value_of(record);
    if (!value) return std::unexpected(value.error());
    const auto time = time_of(record, now);
    if (!time) return std::unexpected(time.error());
    const auto plugin = choose(record, reports);
    if (!plugin) return std::unexpected(plugin.error());
    return reports.add_sample(*plugin, *key, *value, *time);
}

Result<void> add_text(const JsonRecord& record, SentReports& reports, store::SampleTime now) {
    const bool is_meta = record.list == "meta";
    const auto key = record.text("key");
    if (!key) return std::unexpected(key.error());
    const auto text = record.text(is_meta ? "value" : "text");
    if (!text) return std::unexpected(text.error());
    const auto time = time_of(record, now);
    if (!time) return std::unexpected(time.error());
    const auto plugin = choose(record, reports);
    if (!plugin) return std::unexpected(plugin.error());
    return is_meta ? reports.add_meta(*plugin, *key, *text, *time)
                   : reports.add_warning(*plugin, *key, *text, *time);
}

Result<void> add_record(const JsonRecord& record, SentReports& reports, store::SampleTime now) {
    if (record.list.empty() || record.list == "samples") return add_sample(record, reports, now);
    if (record.list == "meta" || record.list == "warnings") return add_text(record, reports, now);
    return invalid("the lists here are samples, meta and warnings");
}

Result<void> add_mackerel_value(const JsonRecord& record, SentReports& reports,
                                std::string_view host) {
    const auto name = record.text("name");
    if (!name) return std::unexpected(name.error());
    const auto value = value_of(record);
    if (!value) return std::unexpected(value.error());
    const auto time = time_of(record, std::nullopt);
    if (!time) return std::unexpected(time.error());
    const auto owner = host.empty() ? record.text("hostId") : Result<std::string_view>(host);
    if (!owner) return std::unexpected(owner.error());
    if (auto chosen = reports.choose_host(*owner); !chosen) return chosen;
    return reports.add_sample(kMackerelPlugin, fmt::format("{}.gauge", *name), *value, *time);
}

using Add = std::function<Result<void>(const JsonRecord& record, SentReports& reports)>;

Result<collectors::ReadLines> read(std::string_view json, const collectors::HostLookup& host_of,
                                   std::string_view list, const Add& add) {
    SentReports reports(host_of);
    const auto take = [&](const JsonRecord& record) {
        Result<void> added = record.wrong.empty() ? Result<void>() : invalid(record.wrong);
        if (added && reports.is_full()) {
            added = invalid(fmt::format("more than {} elements", collectors::kLinesMax));
        }
        if (added) added = add(record, reports);
        if (added) return;
        const std::string_view name = record.list.empty() ? list : std::string_view(record.list);
        reports.refuse(
            std::nullopt,
            fmt::format("{}[{}]: {}", store::utf8_prefix(name, kShownRecordBytesMax), record.index,
                        store::utf8_prefix(added.error().message, kReasonBytesMax)));
    };
    if (auto whole = read_json_records(json, take); !whole) return std::unexpected(whole.error());
    return reports.finish();
}

}  // namespace

Result<collectors::ReadLines> read_samples(std::string_view json,
                                           const collectors::HostLookup& host_of, store::Time now) {
    const auto add = [now](const JsonRecord& record, SentReports& reports) {
        return add_record(record, reports, now);
    };
    return read(json, host_of, "samples", add);
}

Result<collectors::ReadLines> read_mackerel_values(std::string_view json,
                                                   const collectors::HostLookup& host_of,
                                                   std::string_view host) {
    const auto add = [host](const JsonRecord& record, SentReports& reports) {
        if (!record.list.empty()) return Result<void>(invalid("a list of values is needed"));
        return add_mackerel_value(record, reports, host);
    };
    return read(json, host_of, "values", add);
}

}  // namespace kurabe::server
