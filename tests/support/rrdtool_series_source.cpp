// Parses what `rrdtool fetch` prints: eleven digits of each value.
#include "tests/support/rrdtool_series_source.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <vector>

#include <fmt/format.h>

namespace kurabe::tests {

namespace {

struct Row {
    std::int64_t time;
    double value;
};

std::vector<Row> parse_rows(std::istream& text, std::size_t column) {
    std::vector<Row> rows;
    for (std::string line; std::getline(text, line);) {
        std::istringstream words(line);
        std::string word;
        if (!(words >> word) || !word.ends_with(':')) {
            continue;
        }
        Row row{std::strtoll(word.c_str(), nullptr, 10), store::kUnknown};
        for (std::size_t i = 0; i <= column && (words >> word); ++i) {
            row.value =
                word.ends_with("nan") ? store::kUnknown : std::strtod(word.c_str(), nullptr);
        }
        rows.push_back(row);
    }
    return rows;
}

}  // namespace

Result<store::FetchedSeries> RrdtoolSeriesSource::fetch(const render::SeriesReference& reference,
                                                        const store::FetchRequest& request) const {
    const auto answer = rrdtool_.run(fmt::format(
        "fetch {} {} -r {} -s {} -e {}", reference.series, store::rra_cf_name(request.cf),
        request.resolution.count(), request.start.time_since_epoch().count(),
        request.end.time_since_epoch().count()));
    if (!answer.ok) {
        return fail(ErrorCode::kNotFound, answer.text);
    }
    std::istringstream text(answer.text);
    std::string header;
    std::getline(text, header);
    std::istringstream names(header);
    std::vector<std::string> ds;
    for (std::string name; names >> name;) {
        ds.push_back(name);
    }
    const auto column = std::ranges::find(ds, reference.ds);
    if (column == ds.end()) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("No DS called '{}' in '{}'", reference.ds, reference.series));
    }
    const auto rows = parse_rows(text, static_cast<std::size_t>(column - ds.begin()));
    store::FetchedSeries series;
    series.step = store::Seconds{rows.size() > 1 ? rows[1].time - rows[0].time : 1};
    series.start = store::Time{store::Seconds{rows.front().time}} - series.step;
    series.end = store::Time{store::Seconds{rows.back().time}};
    for (const Row& row : rows) {
        series.values.push_back(row.value);
    }
    return series;
}

}  // namespace kurabe::tests
