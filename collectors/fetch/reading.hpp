// From the fields of the answers to a report: what is sent as metrics, described as meta, warned
// of. Pure. Rule: docs/plugins.md, "What is made of the fields".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/fetch/answer.hpp"
#include "collectors/report.hpp"
#include "collectors/text_template.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::collectors::fetch {

inline constexpr std::size_t kReadingRulesMax = 1000;  // metrics, and as many meta and warnings
inline constexpr std::size_t kWarningBytesMax = 500;
inline constexpr std::string_view kFailureWarning =
    "command";  // of a fetch that failed, as in Kurado

// Where a value comes from: the first of the fields that is there, perhaps calculated with.
struct ValueRule {
    std::vector<std::string> fields = {};  // as Fields::find() takes them
    std::string per = {};                  // a field that it is divided by; empty: none
    double times = 1;
    bool is_uptime = false;  // seconds; more than 20 years are the second at which it began
    // Texts in place of the value when it is there and when it is not; of metrics only the second,
    // a number.
    std::optional<std::string> then = {};
    std::optional<std::string> otherwise = {};
};

// `key` ends in its type. A value that is missing or no number of the type is not sent.
struct MetricRule {
    std::string key = {};
    ValueRule value = {};
};

struct MetaRule {
    std::string key = {};
    ValueRule value = {};
};

// A warning when the field is there and is one of `texts`, or with `unless` when it is none of
// them; or when it is a number less than `below` or more than `above`. `say` may name fields.
struct WarningRule {
    std::string key;
    std::vector<std::string> fields;
    std::vector<std::string> texts;
    bool unless = false;
    TextTemplate say;
    std::optional<double> below = {};
    std::optional<double> above = {};
};

struct ReadingRules {
    std::vector<MetricRule> metrics = {};
    std::vector<MetaRule> meta = {};
    std::vector<WarningRule> warnings = {};
};

// `host` and `plugin` (the identifier) name the series. kInvalid when none of the metrics is there:
// whatever answered is not what the plugin is for.
[[nodiscard]] Result<Report> read_fields(const Fields& fields, const ReadingRules& rules,
                                         std::string_view host, std::string_view plugin,
                                         store::Time now);

}  // namespace kurabe::collectors::fetch
