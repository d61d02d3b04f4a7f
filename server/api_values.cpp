// Writes the API's values.
#include "server/api_values.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "render/json_text.hpp"
#include "store/epoch.hpp"

namespace kurabe::server {
namespace {

store::Time end_of_row(const store::FetchedSeries& rows, std::size_t row) {
    return rows.start + rows.step * (static_cast<std::int64_t>(row) + 1);
}

// Items with commas between them.
class List {
  public:
    List(std::string& text, char open, char close) : text_(text), close_(close) { text_ += open; }
    List(const List&) = delete;
    List& operator=(const List&) = delete;
    ~List() { text_ += close_; }

    std::string& next() {
        if (any_) text_ += ',';
        any_ = true;
        return text_;
    }

  private:
    std::string& text_;
    char close_;
    bool any_ = false;
};

// Rule: RFC 4180, 2.
std::string csv_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string quoted = "\"";
    for (const char byte : text) {
        if (byte == '"') quoted += '"';
        quoted += byte;
    }
    return quoted + '"';
}

// At which a row of one of them ends.
std::vector<store::Time> times_of(std::span<const NamedRows> series) {
    std::vector<store::Time> times;
    for (const auto& [name, rows] : series) {
        for (std::size_t row = 0; row < rows.values.size(); ++row) {
            times.push_back(end_of_row(rows, row));
        }
    }
    std::ranges::sort(times);
    times.erase(std::ranges::unique(times).begin(), times.end());
    return times;
}

// Of the row that ends then; unknown when there is none.
store::Value value_at(const store::FetchedSeries& rows, store::Time time) {
    const store::Seconds after = time - rows.start;
    if (after <= store::Seconds{0} || after % rows.step != store::Seconds{0}) {
        return store::kUnknown;
    }
    const auto row = static_cast<std::size_t>(after / rows.step - 1);
    return row < rows.values.size() ? rows.values[row] : store::kUnknown;
}

}  // namespace

std::string values_to_json(std::span<const NamedRows> series) {
    std::string json = "{\"data\":";
    {
        List list(json, '[', ']');
        for (const auto& [name, rows] : series) {
            list.next() +=
                fmt::format("{{\"series\":{},\"start\":{},\"end\":{},\"step\":{},\"values\":",
                            render::json_quoted(name.text()), store::epoch_seconds(rows.start),
                            store::epoch_seconds(rows.end), rows.step.count());
            {
                List values(json, '[', ']');
                for (const store::Value value : rows.values) {
                    values.next() += render::json_number(value);
                }
            }
            json += '}';
        }
    }
    json += '}';
    return json;
}

std::string values_to_datapoints(std::span<const NamedRows> series) {
    std::string json;
    List list(json, '[', ']');
    for (const auto& [name, rows] : series) {
        list.next() +=
            fmt::format("{{\"target\":{},\"datapoints\":", render::json_quoted(name.text()));
        {
            List points(json, '[', ']');
            for (std::size_t row = 0; row < rows.values.size(); ++row) {
                points.next() += fmt::format("[{},{}]", render::json_number(rows.values[row]),
                                             store::epoch_seconds(end_of_row(rows, row)) * 1000);
            }
        }
        json += '}';
    }
    return json;
}

Result<std::string> values_to_csv(std::span<const NamedRows> series, const store::TimeZone& zone) {
    const std::vector<store::Time> times = times_of(series);
    if (times.size() > kCsvFieldsMax / std::max<std::size_t>(series.size(), 1)) {
        return fail(ErrorCode::kLimit,
                    fmt::format("{} times of {} series: at most {} fields are written; ask for "
                                "series of the same resolution, or for JSON",
                                times.size(), series.size(), kCsvFieldsMax));
    }
    std::string csv = "time";
    for (const auto& [name, rows] : series) csv += ',' + csv_field(name.text());
    csv += "\r\n";
    for (const store::Time time : times) {
        const auto text = zone.format("%Y-%m-%dT%H:%M:%S%z", time);
        if (!text) return std::unexpected(text.error());
        csv += *text;
        for (const auto& [name, rows] : series) {
            const store::Value value = value_at(rows, time);
            csv += ',';
            if (std::isfinite(value)) csv += render::json_number(value);
        }
        csv += "\r\n";
    }
    return csv;
}

std::string statistics_to_json(const store::StatisticsRange& range, bool percentile,
                               std::span<const NamedStatistics> series) {
    std::string json =
        fmt::format("{{\"from\":{},\"to\":{},\"statistics\":", store::epoch_seconds(range.from),
                    store::epoch_seconds(range.to));
    {
        List list(json, '[', ']');
        for (const auto& [name, of] : series) {
            list.next() += fmt::format(
                "{{\"series\":{},\"resolution\":{},\"rows\":{},\"known\":{},\"minimum\":{},"
                "\"maximum\":{},\"average\":{},\"last\":{}",
                render::json_quoted(name.text()), of.resolution.count(), of.rows, of.known_rows,
                render::json_number(of.minimum), render::json_number(of.maximum),
                render::json_number(of.average), render::json_number(of.last));
            if (percentile) json += ",\"percentile\":" + render::json_number(of.percentile);
            json += '}';
        }
    }
    json += '}';
    return json;
}

}  // namespace kurabe::server
