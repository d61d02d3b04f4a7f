// Writes Prometheus' text format 0.0.4: families of samples with what they mean.
// Rule: prometheus.io, "Exposition formats" and "Metric and label naming".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kurabe::server {

inline constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

class MetricsText {
  public:
    // Names are literals; values may be any text.
    using Labels = std::vector<std::pair<std::string_view, std::string>>;

    // One family of one sample: counters end in "_total", amounts in their unit.
    void counter(std::string_view name, std::string_view help, double value);
    void gauge(std::string_view name, std::string_view help, double value);
    // How often something was done, and the seconds that it took in all.
    void summary(std::string_view name, std::string_view help, double sum, std::uint64_t count);

    // A family of several samples, which follow at once.
    void counters(std::string_view name, std::string_view help);
    void sample(std::string_view name, const Labels& labels, double value);

    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    void family(std::string_view name, std::string_view type, std::string_view help);

    std::string text_;
};

}  // namespace kurabe::server
