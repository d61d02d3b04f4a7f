// Comma, tab or semicolon separated values in rrdtool's form: times bare, all else in quotes, lines
// ended by CR LF, quotes within a text as they are.
#include <iterator>

#include <fmt/format.h>

#include "render/export_text.hpp"
#include "store/number_text.hpp"

namespace kurabe::render {

Result<std::string> export_separated(const ExportTable& table, char separator,
                                     const ExportStyle& style, const store::TimeZone& zone) {
    std::string text = "\"time\"";
    for (const ExportColumn& column : table.columns) {
        fmt::format_to(std::back_inserter(text), "{}\"{}\"", separator, column.legend);
    }
    text += "\r\n";
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const Time end = table.start + table.step * (static_cast<std::int64_t>(row) + 1);
        const auto time = export_time(end, style, zone);
        if (!time) return std::unexpected(time.error());
        text += *time;
        for (const ExportColumn& column : table.columns) {
            text += separator;
            text += '"';
            store::append_number_text(text, column.values[row]);
            text += '"';
        }
        text += "\r\n";
    }
    return text;
}

}  // namespace kurabe::render
