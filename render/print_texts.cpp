// Finds what a PRINT names, and formats it as a number or as a time.
#include "render/print_texts.hpp"

#include <cmath>

#include <fmt/format.h>

#include "render/print_times.hpp"

namespace kurabe::render {

Result<std::string> PrintTexts::text_of(const PrintElement& print) {
    const StatisticValue* const statistic = table_.statistic(print.variable);
    const SeriesView* const series = table_.series(print.variable);
    if ((statistic == nullptr) == (series == nullptr || !print.cf)) {
        return fail(ErrorCode::kInvalid, fmt::format("undefined vname {}", print.variable));
    }
    if (print.kind == PrintKind::kTimeOfStatistic) {
        return time_text(print.format, statistic);
    }
    return value_text(print, statistic != nullptr
                                 ? statistic->value
                                 : cf_values_of(*series)[static_cast<std::size_t>(*print.cf)]);
}

Result<std::string> PrintTexts::text_of(const PrintElement& print, const StatisticValue& value) {
    return print.kind == PrintKind::kTimeOfStatistic ? time_text(print.format, &value)
                                                     : value_text(print, value.value);
}

Result<std::string> PrintTexts::value_text(const PrintElement& print, Value value) {
    if (print.kind != PrintKind::kNumber) {
        const auto text = print.kind == PrintKind::kValueAsTime ? value_time_text : duration_text;
        return std::isfinite(value) ? text(print.format, value)
                                    : printed_number({.in_export = in_export_}, value);
    }
    auto format = parse_number_format(print.format);
    if (!format) {
        return std::unexpected(format.error());
    }
    format->in_export = in_export_;
    return format_number(*format, value, options_.base, magnitude_);
}

const CfValues& PrintTexts::cf_values_of(const SeriesView& series) {
    auto found = cf_values_.find(series.values.data());
    if (found == cf_values_.end()) {
        found = cf_values_.emplace(series.values.data(), cf_values(series)).first;
    }
    return found->second;
}

// The maximum of a series has no time with rrdtool: it prints that of the drawing.
Result<std::string> PrintTexts::time_text(const std::string& format,
                                          const StatisticValue* statistic) const {
    if (statistic == nullptr) {
        return zone_.format(format, now_);
    }
    return statistic->time ? zone_.format(format, *statistic->time) : missing_time_text(format);
}

}  // namespace kurabe::render
