// Fills a report, series by series.
#include "collectors/munin/gathering.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "collectors/munin/graphs.hpp"
#include "collectors/munin/thresholds.hpp"
#include "collectors/plugin_text.hpp"
#include "collectors/printable.hpp"
#include "store/ascii.hpp"
#include "store/counted.hpp"

namespace kurabe::collectors::munin {
namespace {

using Reading = SeriesMemory::Reading;
using Kind = store::RawValue::Kind;

constexpr std::size_t kTextBytesMax = 300;
constexpr std::string_view kFullWarning = "values";  // of the report as a whole

// Share `i` of `parts` of the way from one reading to the next.
store::RawValue between(const Reading* before, const Reading& next, store::DsType type,
                        std::int64_t i, std::int64_t parts) {
    if (type == store::DsType::kAbsolute) {
        return store::RawValue::of(next.value.number / static_cast<double>(parts));
    }
    if (next.value.kind != Kind::kInteger || before == nullptr) return next.value;
    const store::WideInteger begin = before->value.integer;
    return store::RawValue::of_integer(begin + (next.value.integer - begin) * i / parts);
}

// A counter that fell has wrapped or begun anew: what lies between is not known.
bool can_fill(const Reading& before, const Reading& next) {
    if (next.value.kind == Kind::kMissing) return false;
    if (next.value.kind == Kind::kNumber) return true;
    return before.value.kind == Kind::kInteger && before.value.integer <= next.value.integer;
}

// As a graph would show it: per second, of counters.
std::optional<double> shown_value(const Reading* before, const Reading& next, store::DsType type) {
    if (next.value.kind == Kind::kMissing) return std::nullopt;
    if (type == store::DsType::kGauge) return next.value.number;
    if (before == nullptr || before->value.kind == Kind::kMissing) return std::nullopt;
    const double seconds = std::chrono::duration<double>(next.time - before->time).count();
    if (seconds <= 0) return std::nullopt;
    if (type == store::DsType::kAbsolute) return next.value.number / seconds;
    if (next.value.integer < before->value.integer) return std::nullopt;
    return static_cast<double>(next.value.integer - before->value.integer) / seconds;
}

}  // namespace

const Reading* SeriesMemory::find(std::string_view key) const {
    const auto found = readings_.find(key);
    return found == readings_.end() ? nullptr : &found->second;
}

std::vector<Reading> filled(const Reading* before, const Reading& next, store::DsType type,
                            store::Seconds rate) {
    if (before == nullptr || !can_fill(*before, next)) return {next};
    const auto gap = next.time - before->time;
    const std::int64_t parts = (gap + kFilledStep - std::chrono::microseconds{1}) / kFilledStep;
    if (rate <= kFilledStep || parts < 2 || gap > 2 * rate) return {next};
    std::vector<Reading> readings;
    for (std::int64_t i = 1; i <= parts; ++i) {
        readings.push_back({.time = before->time + gap * i / parts,
                            .value = between(before, next, type, i, parts)});
    }
    return readings;
}

Gathering::Gathering(std::string host, std::string plugin, store::Time now, SeriesMemory& memory)
    : plugin_(std::move(plugin)), memory_(memory) {
    report_.batch.host = std::move(host);
    report_.plugin = plugin_;
    report_.time = now;
}

void Gathering::take(const Answer& answer, store::SampleTime time, const Rule& rule) {
    for (const FieldValue& value : answer.values) {
        const Service& service = answer.services[value.service];
        const Field* const field = service.find(value.field);
        if (field == nullptr) continue;
        if (value.time && !is_in_bounds(*value.time)) {
            warn(service.name,
                 fmt::format("{}: a value with a time that is too long ago or ahead", field->name));
            continue;
        }
        if (!take_value(service, *field, value, value.time.value_or(time), rule)) {
            full_at_ = rule.samples_max;
            return;
        }
        if (value.time) newest_told_ = std::max(newest_told_.value_or(*value.time), *value.time);
    }
}

bool Gathering::take_value(const Service& service, const Field& field, const FieldValue& value,
                           store::SampleTime time, const Rule& rule) {
    const std::string key = series_key(service, field);
    const auto raw = raw_value(value.text, field.type);
    if (!raw) {
        warn(service.name, fmt::format("{}: '{}' is no value of its type", field.name,
                                       printable(value.text, kTextBytesMax)));
        return true;
    }
    const Reading* const before = memory_.find(key);
    if (before != nullptr && time <= before->time) return true;
    const Reading next{.time = time, .value = *raw};
    const auto readings =
        filled(before, next, field.type, service.update_rate.value_or(rule.usual_rate));
    if (samples() + readings.size() > rule.samples_max) return false;
    std::optional<store::SampleTime> stored;
    if (rule.stored != nullptr) {
        const auto found = rule.stored->find(key);
        if (found != rule.stored->end()) stored = found->second;
    }
    for (const Reading& reading : readings) {
        if (stored && reading.time <= *stored) continue;
        report_.batch.samples.push_back({plugin_, key, reading.value, reading.time});
    }
    judge_value(service, field, before, next);
    memory_.keep(key, next);
    return true;
}

void Gathering::judge_value(const Service& service, const Field& field, const Reading* before,
                            const Reading& next) {
    if (field.warning.empty() && field.critical.empty()) return;
    const std::string key = fmt::format("{}.{}", service.name, field.name);
    judgements_.erase(key);
    const auto value = shown_value(before, next, field.type);
    if (!value) return;
    Judgement& judged = judgements_[key];
    judged.lifetime = warning_lifetime(service.update_rate.value_or(store::Seconds{0}));
    if (auto judgement = judge(field, *value)) {
        const std::string_view title = service.title.empty() ? service.name : service.title;
        const std::string_view label = field.label.empty() ? field.name : field.label;
        judged.text = fmt::format("{} ({}, {})", *judgement, title, label);
    }
}

void Gathering::take_complaints(const Answer& answer, std::string_view service) {
    if (!answer.failure.empty()) return warn(service, answer.failure);
    if (!answer.complaints.empty()) warn(service, answer.complaints.front());
}

void Gathering::define(const std::vector<Service>& services) {
    std::map<std::string_view, std::vector<Service>> by_root;
    for (const Service& service : services) by_root[root_of(service.name)].push_back(service);
    for (const auto& [root, its_own] : by_root) {
        PluginPages pages = pages_of(its_own);
        const bool has_graphs = !pages.graphs.empty();
        auto [text, left_out] = has_graphs ? cut_plugin_text(std::move(pages)) : CutPluginText{};
        if (left_out > 0) {
            warn(root, fmt::format("{} of graphs {} left out: all together have more than {} bytes",
                                   store::counted(left_out, "group", "groups"),
                                   left_out == 1 ? "is" : "are", kDefinitionBytesMax));
        }
        report_.meta.push_back(
            {plugin_, fmt::format("{}.{}", kDefinitionMeta, root), std::move(text)});
    }
}

void Gathering::undefine(const std::set<std::string>& roots) {
    for (const std::string& root : roots) {
        report_.meta.push_back({plugin_, fmt::format("{}.{}", kDefinitionMeta, root), ""});
    }
}

// One for each key: a page that has one of a service's complaints says enough.
void Gathering::warn(std::string_view key, std::string text, store::Seconds lifetime) {
    if (warned_.size() >= kWarningsMax || !warned_.emplace(key).second) return;
    if (text.size() > kTextBytesMax) text.resize(kTextBytesMax);
    std::ranges::replace_if(text, store::is_control, '?');
    report_.warnings.push_back({plugin_, std::string(key), std::move(text), lifetime});
}

Report Gathering::finish() {
    if (is_full() && !report_.has_more) {
        warn(kFullWarning, fmt::format("more than {} values; others wait or are lost", full_at_));
    }
    for (auto& [key, judged] : judgements_) {
        if (!judged.text.empty()) {
            warn(key, std::move(judged.text), judged.lifetime);
        } else if (report_.ended_warnings.size() < kEndedWarningsMax) {
            report_.ended_warnings.push_back(key);
        }
    }
    std::ranges::stable_sort(report_.batch.samples, {}, &store::Sample::time);
    memory_.forget_before(report_.time - kOldestTold);
    return std::move(report_);
}

}  // namespace kurabe::collectors::munin
