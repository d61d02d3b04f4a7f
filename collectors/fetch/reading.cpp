// Picks values out of fields.
#include "collectors/fetch/reading.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "collectors/report_builder.hpp"
#include "store/sample.hpp"
#include "store/utf8.hpp"

namespace kurabe::collectors::fetch {
namespace {

constexpr double kTwentyYears = 20 * 365.25 * 86400;
constexpr double kIntegerMax = 9.2e18;  // that a double is turned into

const std::string* first_of(const Fields& fields, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        if (const std::string* found = fields.find(name)) return found;
    }
    return nullptr;
}

// A finite number and nothing else.
std::optional<double> number_of(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

bool is_calculated(const ValueRule& rule) noexcept {
    return !rule.per.empty() || rule.times != 1 || rule.is_uptime;
}

std::optional<double> calculated(const ValueRule& rule, const Fields& fields, store::Time now) {
    const std::string* const text = first_of(fields, rule.fields);
    auto number = text == nullptr ? std::nullopt : number_of(*text);
    if (!number) return std::nullopt;
    *number *= rule.times;
    if (!rule.per.empty()) {
        const std::string* const divisor = fields.find(rule.per);
        const auto by = divisor == nullptr ? std::nullopt : number_of(*divisor);
        if (!by || *by == 0) return std::nullopt;
        *number /= *by;
    }
    if (rule.is_uptime) {
        const auto epoch = static_cast<double>(now.time_since_epoch().count());
        if (*number > kTwentyYears) *number = epoch - *number;
        *number = std::floor(*number);
    }
    return std::isfinite(*number) ? number : std::nullopt;
}

bool is_integer(store::DsType type) noexcept {
    return type == store::DsType::kCounter || type == store::DsType::kDerive;
}

// Counters are kept to their last digit where they are written as digits; some services write them
// as decimals.
std::optional<store::RawValue> metric_value(const MetricRule& rule, const Fields& fields,
                                            store::Time now) {
    const auto type = store::ds_type_of_key(rule.key);
    if (!type) return std::nullopt;
    if (is_integer(*type) && !is_calculated(rule.value)) {
        const std::string* const text = first_of(fields, rule.value.fields);
        if (text == nullptr) return std::nullopt;
        const auto exact = store::parse_raw_value(*text, *type);
        if (exact && exact->kind == store::RawValue::Kind::kInteger) return *exact;
    }
    const auto number = calculated(rule.value, fields, now);
    if (!number) return std::nullopt;
    if (!is_integer(*type)) return store::RawValue::of(*number);
    const double least = *type == store::DsType::kCounter ? 0 : -kIntegerMax;
    if (*number < least || *number > kIntegerMax) return std::nullopt;
    return store::RawValue::of_integer(std::llround(*number));
}

// What stands for a field that is not there: `else`, which is a number (the reader sees to it).
std::optional<store::RawValue> default_value(const MetricRule& rule, const Fields& fields) {
    if (!rule.value.otherwise || first_of(fields, rule.value.fields) != nullptr) {
        return std::nullopt;
    }
    const auto type = store::ds_type_of_key(rule.key);
    if (!type) return std::nullopt;
    const auto value = store::parse_raw_value(*rule.value.otherwise, *type);
    return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::string> meta_text(const ValueRule& rule, const Fields& fields, store::Time now) {
    const std::string* const text = first_of(fields, rule.fields);
    if (rule.then || rule.otherwise) {
        return text != nullptr ? rule.then : rule.otherwise;
    }
    if (text == nullptr) return std::nullopt;
    if (!is_calculated(rule)) return *text;
    const auto number = calculated(rule, fields, now);
    return number ? std::optional(fmt::format("{}", *number)) : std::nullopt;
}

bool is_wrong(const WarningRule& rule, const std::string& text) {
    if (rule.below || rule.above) {
        const auto number = number_of(text);
        return number && (rule.below ? *number < *rule.below : *number > *rule.above);
    }
    const bool listed = std::ranges::find(rule.texts, text) != rule.texts.end();
    return listed != rule.unless;
}

void add_warning(const WarningRule& rule, const Fields& fields, ReportBuilder& report) {
    const std::string* const text = first_of(fields, rule.fields);
    if (text == nullptr || !is_wrong(rule, *text)) return;
    const std::string said = rule.say.expand(fields.all());
    report.warn(rule.key, std::string(store::utf8_prefix(said, kWarningBytesMax)));
}

}  // namespace

Result<Report> read_fields(const Fields& fields, const ReadingRules& rules, std::string_view host,
                           std::string_view plugin, store::Time now) {
    ReportBuilder report(host, plugin, now);
    bool found = false;
    for (const MetricRule& rule : rules.metrics) {
        const auto value = metric_value(rule, fields, now);
        if (value) report.sample(rule.key, *value);
        found = found || value;
    }
    if (!found) return fail(ErrorCode::kInvalid, "the answer has none of what is asked for");
    for (const MetricRule& rule : rules.metrics) {
        if (const auto value = default_value(rule, fields)) report.sample(rule.key, *value);
    }
    for (const MetaRule& rule : rules.meta) {
        if (const auto text = meta_text(rule.value, fields, now)) report.meta(rule.key, *text);
    }
    for (const WarningRule& rule : rules.warnings) add_warning(rule, fields, report);
    return report.take();
}

}  // namespace kurabe::collectors::fetch
