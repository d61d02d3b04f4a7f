// Metrics in Prometheus' text format, and what of OpenMetrics' looks the same.
// Rule: prometheus.io, "Exposition formats", text 0.0.4; OpenMetrics 1.0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/result.hpp"

namespace kurabe::collectors::prometheus {

inline constexpr std::size_t kSamplesMax = 50'000;  // of one answer
inline constexpr double kCounterMax = 9e18;         // fits a counter of 64 bits
inline constexpr std::size_t kLabelsMax = 64;       // of one sample

enum class MetricType : std::uint8_t { kUntyped, kCounter, kGauge, kHistogram, kSummary };

struct ScrapedSample {
    std::string_view name;                   // of the text that was read
    MetricType type = MetricType::kUntyped;  // of the family that the name belongs to
    std::vector<std::pair<std::string_view, std::string>> labels;  // by name; values unescaped
    double value = 0;

    // Empty when there is no such label.
    [[nodiscard]] std::string_view label(std::string_view name) const noexcept;
};

struct Exposition {
    std::vector<ScrapedSample> samples;  // in their order; times of the exporter are passed over
    std::size_t wrong_lines = 0;         // passed over
};

// Views are of `text`. kInvalid when no line is a sample, kLimit beyond kSamplesMax. Pure.
[[nodiscard]] Result<Exposition> read_exposition(std::string_view text);

}  // namespace kurabe::collectors::prometheus
