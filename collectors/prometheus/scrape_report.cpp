// Names become keys, which are also names of the graph language.
#include "collectors/prometheus/scrape_report.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "collectors/prometheus/exposition.hpp"
#include "collectors/report_builder.hpp"
#include "collectors/wildcards.hpp"
#include "store/counted.hpp"
#include "store/sample.hpp"

namespace kurabe::collectors::prometheus {
namespace {

constexpr double kMillisecondsPerSecond = 1000;
constexpr std::string_view kGauge = ".gauge";
constexpr std::string_view kDerive = ".derive";

bool fits_any(std::string_view name, const std::vector<std::string>& patterns) {
    return std::ranges::any_of(
        patterns, [name](const std::string& pattern) { return fits_wildcards(name, pattern); });
}

bool is_counter(const ScrapedSample& sample) {
    switch (sample.type) {
        case MetricType::kCounter:
            return true;
        case MetricType::kHistogram:
        case MetricType::kSummary:
            return sample.name.ends_with("_count") || sample.name.ends_with("_sum");
        case MetricType::kGauge:
            return false;
        case MetricType::kUntyped:
            return sample.name.ends_with("_total");
    }
    return false;
}

bool counts_seconds(const ScrapedSample& sample) {
    return is_counter(sample) && sample.name.contains("_seconds") &&
           !sample.name.ends_with("_count");
}

bool is_left_out(const ScrapedSample& sample) {
    return sample.name.ends_with("_created") ||
           (sample.type == MetricType::kHistogram && sample.name.ends_with("_bucket"));
}

void append_plain(std::string& key, std::string_view text) {
    for (const char c : text) {
        const bool is_plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        key += is_plain ? c : '_';
    }
}

// None for a counter that is none.
std::optional<store::RawValue> value_of(const ScrapedSample& sample) {
    if (!std::isfinite(sample.value)) return std::nullopt;
    if (!is_counter(sample)) return store::RawValue::of(sample.value);
    const double count =
        counts_seconds(sample) ? sample.value * kMillisecondsPerSecond : sample.value;
    if (std::abs(count) > kCounterMax) return std::nullopt;
    return store::RawValue::of_integer(std::llround(count));
}

}  // namespace

bool Selection::takes(std::string_view name) const noexcept {
    return (include.empty() || fits_any(name, include)) && !fits_any(name, exclude);
}

std::string key_of(const ScrapedSample& sample) {
    if (is_left_out(sample)) return {};
    std::string key;
    append_plain(key, sample.name);
    if (counts_seconds(sample)) key += "_ms";
    for (std::size_t i = 0; i < sample.labels.size(); ++i) {
        key += i == 0 ? '.' : '-';
        append_plain(key, sample.labels[i].second);
    }
    key += is_counter(sample) ? kDerive : kGauge;
    return key.size() <= store::kKeyBytesMax ? key : std::string();
}

Report scrape_report(const Exposition& exposition, const Selection& selection,
                     std::string_view host, std::string_view plugin, store::Time now) {
    ReportBuilder report(host, plugin, now);
    std::set<std::string> keys;
    for (const ScrapedSample& sample : exposition.samples) {
        if (!selection.takes(sample.name)) continue;
        const auto value = value_of(sample);
        std::string key = key_of(sample);
        if (!value || key.empty() || !keys.insert(key).second) continue;
        report.sample(std::move(key), *value);
    }
    if (exposition.wrong_lines > 0) {
        report.warn("lines",
                    store::counted(exposition.wrong_lines, "line of the answer is no metric",
                                   "lines of the answer are no metrics"));
    }
    return report.take();
}

}  // namespace kurabe::collectors::prometheus
