// Gathers one plugin's samples, meta and warnings of one host at one time into a Report.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

#include "collectors/report.hpp"

namespace kurabe::collectors {

class ReportBuilder {
  public:
    ReportBuilder(std::string_view host, std::string_view plugin, store::Time now);

    // `name` is the key without its type: "loadavg-1" becomes "loadavg-1.gauge".
    void gauge(std::string name, double value);
    void derive(std::string name, std::integral auto count) {
        add(std::move(name) + ".derive", store::RawValue::of_integer(count));
    }
    // `key` with its type.
    void sample(std::string key, store::RawValue value) { add(std::move(key), value); }
    // The counter's next reading says nothing of the time before it: it began anew.
    void derive_gap(std::string name);
    // Control bytes of `value`, which comes from outside, become '?'.
    void meta(std::string key, std::string_view value);
    void warn(std::string_view key, std::string text);

    [[nodiscard]] Report take() { return std::move(report_); }

  private:
    void add(std::string key, store::RawValue value);

    std::string plugin_;
    Report report_;
};

}  // namespace kurabe::collectors
