// Lines of Prometheus' text format.
#include "server/metrics_text.hpp"

#include <iterator>

#include <fmt/format.h>

namespace kurabe::server {
namespace {

void append_escaped(std::string& text, std::string_view value) {
    for (const char byte : value) {
        if (byte == '\n') {
            text += "\\n";
            continue;
        }
        if (byte == '"' || byte == '\\') text += '\\';
        text += byte;
    }
}

}  // namespace

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help) {
    fmt::format_to(std::back_inserter(text_), "# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
}

void MetricsText::counter(std::string_view name, std::string_view help, double value) {
    counters(name, help);
    sample(name, {}, value);
}

void MetricsText::gauge(std::string_view name, std::string_view help, double value) {
    family(name, "gauge", help);
    sample(name, {}, value);
}

void MetricsText::summary(std::string_view name, std::string_view help, double sum,
                          std::uint64_t count) {
    family(name, "summary", help);
    sample(fmt::format("{}_sum", name), {}, sum);
    sample(fmt::format("{}_count", name), {}, static_cast<double>(count));
}

void MetricsText::counters(std::string_view name, std::string_view help) {
    family(name, "counter", help);
}

void MetricsText::sample(std::string_view name, const Labels& labels, double value) {
    text_ += name;
    char before = '{';
    for (const auto& [label, content] : labels) {
        text_ += before;
        text_ += label;
        text_ += "=\"";
        append_escaped(text_, content);
        text_ += '"';
        before = ',';
    }
    if (!labels.empty()) text_ += '}';
    fmt::format_to(std::back_inserter(text_), " {}\n", value);
}

}  // namespace kurabe::server
