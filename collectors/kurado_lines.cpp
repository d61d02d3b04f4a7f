// A report as Kurado's agents write it.
#include "collectors/kurado_lines.hpp"

#include <iterator>

#include <fmt/format.h>

namespace kurabe::collectors {
namespace {

std::string value_text(const store::RawValue& value) {
    switch (value.kind) {
        case store::RawValue::Kind::kNumber:
            return fmt::format("{}", value.number);
        case store::RawValue::Kind::kInteger:
            return fmt::format("{}", value.integer);
        case store::RawValue::Kind::kMissing:
            break;
    }
    return "U";
}

// Kurado's plugin_identifier_escaped: what is left has no '.', with which the key begins.
std::string escaped(std::string_view plugin) {
    std::string text;
    for (const char c : plugin) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (is_plain) {
            text += c;
        } else {
            fmt::format_to(std::back_inserter(text), "%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return text;
}

}  // namespace

std::string kurado_lines(const Report& report) {
    std::string lines;
    const auto add = [&](std::string_view plugin, std::string_view kind, std::string_view key,
                         std::string_view value, std::chrono::seconds epoch) {
        fmt::format_to(std::back_inserter(lines), "{}\t{}.{}.{}\t{}\t{}\n", report.batch.host,
                       escaped(plugin), kind, key, value, epoch.count());
    };
    for (const store::Sample& sample : report.batch.samples) {
        add(sample.plugin, "metrics", sample.key, value_text(sample.value),
            std::chrono::floor<std::chrono::seconds>(sample.time.time_since_epoch()));
    }
    const std::chrono::seconds now = report.time.time_since_epoch();
    for (const Meta& meta : report.meta) add(meta.plugin, "meta", meta.key, meta.value, now);
    for (const Warning& warning : report.warnings) {
        add(warning.plugin, "warn", warning.key, warning.text, now);
    }
    return lines;
}

}  // namespace kurabe::collectors
