// JSON in rrdtool's shape and order. Where rrdtool's own is none, the nearest that is: commas
// between the parts, texts quoted as RFC 8259 wants them, and null for what is no number.
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "render/export_text.hpp"
#include "render/json_text.hpp"
#include "store/number_text.hpp"

namespace kurabe::render {

namespace {

// Items one per line behind `indent`, with commas between them.
class Lines {
  public:
    Lines(std::string& json, std::string_view indent) : json_(json), indent_(indent) {}
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;
    ~Lines() {
        if (any_) json_ += '\n';
    }

    std::string& next() {
        if (any_) json_ += ",\n";
        any_ = true;
        json_ += indent_;
        return json_;
    }

  private:
    std::string& json_;
    std::string_view indent_;
    bool any_ = false;
};

constexpr std::string_view kItemIndent = "        ";

void append_prints(std::string& json, const ExportTable& table) {
    if (table.prints.empty()) return;
    json += "    ,\"prints\": [\n";
    {
        Lines lines(json, kItemIndent);
        for (const std::string& print : table.prints) {
            lines.next() += fmt::format("{{ \"print\": {} }}", json_quoted(print));
        }
    }
    json += "        ]\n";
}

void append_notes(std::string& json, const ExportTable& table) {
    if (table.notes.empty()) return;
    json += "    ,\"gprints\": [\n";
    {
        Lines lines(json, kItemIndent);
        for (const ExportNote& note : table.notes) {
            lines.next() += fmt::format("{{ \"{}\": {} }}", note.kind, json_quoted(note.text));
        }
    }
    json += "        ]\n";
}

void append_rules(std::string& json, const ExportTable& table) {
    if (table.rules.empty()) return;
    json += "    ,\"rules\": [\n";
    {
        Lines lines(json, kItemIndent);
        for (const ExportRule& rule : table.rules) {
            std::string& item = lines.next();
            if (rule.vertical) {
                item += fmt::format("{{ \"vrule\": \"{:.0f}\" }}", rule.place);
            } else {
                item += "{ \"hrule\": \"";
                store::append_number_text(item, rule.place);
                item += "\" }";
            }
        }
    }
    json += "        ]\n";
}

// A formatted time is a text.
Result<std::string> meta_time(Time time, const ExportStyle& style, const store::TimeZone& zone) {
    auto text = export_time(time, style, zone);
    if (text && style.time_format) return json_quoted(*text);
    return text;
}

Result<void> append_meta(std::string& json, const ExportTable& table, const ExportStyle& style,
                         const store::TimeZone& zone) {
    const auto start = meta_time(table.start + table.step, style, zone);
    if (!start) return std::unexpected(start.error());
    const auto end = meta_time(table.end, style, zone);
    if (!end) return std::unexpected(end.error());
    fmt::format_to(std::back_inserter(json),
                   "  \"meta\": {{\n"
                   "    \"start\": {},\n"
                   "    \"end\": {},\n"
                   "    \"step\": {},\n"
                   "    \"legend\": [\n",
                   *start, *end, table.step.count());
    {
        Lines lines(json, "      ");
        for (const ExportColumn& column : table.columns) lines.next() += json_quoted(column.legend);
    }
    json += "          ]\n";
    append_prints(json, table);
    append_notes(json, table);
    append_rules(json, table);
    json += "     },\n";
    return {};
}

void append_value(std::string& json, Value value) {
    if (std::isfinite(value)) {
        store::append_number_text(json, value);
    } else {
        json += "null";
    }
}

Result<void> append_row(std::string& json, const ExportTable& table, std::size_t row,
                        const ExportStyle& style, const store::TimeZone& zone) {
    json += "[ ";
    if (style.show_time) {
        const Time end = table.start + table.step * (static_cast<std::int64_t>(row) + 1);
        const auto time = export_time(end, style, zone);
        if (!time) return std::unexpected(time.error());
        json += json_quoted(*time) + ",";
    }
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        if (column > 0) json += ", ";
        append_value(json, table.columns[column].values[row]);
    }
    json += " ]";
    return {};
}

}  // namespace

Result<std::string> export_json(const ExportTable& table, const ExportStyle& style,
                                const store::TimeZone& zone) {
    std::string json = "{ \"about\": \"RRDtool graph JSON output\",\n";
    if (auto added = append_meta(json, table, style, zone); !added) {
        return std::unexpected(added.error());
    }
    json += "  \"data\": [\n";
    {
        Lines lines(json, "    ");
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (auto added = append_row(lines.next(), table, row, style, zone); !added) {
                return std::unexpected(added.error());
            }
        }
    }
    json += "  ]\n}\n";
    return json;
}

}  // namespace kurabe::render
