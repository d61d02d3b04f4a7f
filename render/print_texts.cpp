// Finds what a PRINT names, and formats it as a number or as a time.
#include "render/print_texts.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kurabe::render {

Result<std::string> PrintTexts::text_of(const PrintElement& print) {
    const StatisticValue* const statistic = table_.statistic(print.variable);
    const SeriesView* const series = table_.series(print.variable);
    if (print.kind == PrintKind::kTimeOfStatistic && statistic != nullptr) {
        return time_text(print.format, *statistic);
    }
    if ((statistic == nullptr) == (series == nullptr || !print.cf)) {
        return fail(ErrorCode::kInvalid, fmt::format("undefined vname {}", print.variable));
    }
    auto format = parse_number_format(print.format);
    if (!format) {
        return std::unexpected(format.error());
    }
    format->in_export = in_export_;
    const Value value = statistic != nullptr ? statistic->value : series_value(print, *series);
    return format_number(*format, value, options_.base, magnitude_);
}

// Several variables may name the same rows, which are then read once.
Value PrintTexts::series_value(const PrintElement& print, const SeriesView& series) {
    auto found = cf_values_.find(series.values.data());
    if (found == cf_values_.end()) {
        found = cf_values_.emplace(series.values.data(), cf_values(series)).first;
    }
    return found->second[static_cast<std::size_t>(*print.cf)];
}

// Without a time every digit of the text is a dash.
Result<std::string> PrintTexts::time_text(const std::string& format,
                                          const StatisticValue& statistic) const {
    auto text = zone_.format(format, statistic.time.value_or(Time{}));
    if (text && !statistic.time) {
        std::ranges::replace_if(
            *text, [](char character) { return character >= '0' && character <= '9'; }, '-');
    }
    return text;
}

}  // namespace kurabe::render
