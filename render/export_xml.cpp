// XML as rrdtool writes it, texts unescaped.
#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "render/export_text.hpp"
#include "store/number_text.hpp"

namespace kurabe::render {

namespace {

void append_texts(std::string& xml, const ExportTable& table) {
    const auto out = std::back_inserter(xml);
    if (!table.prints.empty()) {
        xml += "    <prints>\n";
        for (const std::string& print : table.prints) {
            fmt::format_to(out, "        <print>{}</print>\n", print);
        }
        xml += "    </prints>\n";
    }
    if (!table.notes.empty()) {
        xml += "    <gprints>\n";
        for (const ExportNote& note : table.notes) {
            fmt::format_to(out, "        <{0}>{1}</{0}>\n", note.kind, note.text);
        }
        xml += "    </gprints>\n";
    }
}

void append_xml_rules(std::string& xml, const ExportTable& table) {
    if (table.rules.empty()) return;
    const auto out = std::back_inserter(xml);
    xml += "    <rules>\n";
    for (const ExportRule& rule : table.rules) {
        if (rule.vertical) {
            fmt::format_to(out, "        <vrule>{:.0f}</vrule>\n", rule.place);
        } else {
            xml += "        <hrule>";
            store::append_number_text(xml, rule.place);
            xml += "</hrule>\n";
        }
    }
    xml += "    </rules>\n";
}

Result<void> append_xml_meta(std::string& xml, const ExportTable& table, const ExportStyle& style,
                             const store::TimeZone& zone) {
    const auto start = export_time(table.start + table.step, style, zone);
    if (!start) return std::unexpected(start.error());
    const auto end = export_time(table.end, style, zone);
    if (!end) return std::unexpected(end.error());
    const auto out = std::back_inserter(xml);
    fmt::format_to(out,
                   "  <meta>\n"
                   "    <start>{}</start>\n"
                   "    <end>{}</end>\n"
                   "    <step>{}</step>\n"
                   "    <rows>{}</rows>\n"
                   "    <columns>{}</columns>\n"
                   "    <legend>\n",
                   *start, *end, table.step.count(), table.rows(), table.columns.size());
    for (const ExportColumn& column : table.columns) {
        fmt::format_to(out, "      <entry>{}</entry>\n", column.legend);
    }
    xml += "    </legend>\n";
    append_texts(xml, table);
    append_xml_rules(xml, table);
    xml += "  </meta>\n";
    return {};
}

Result<void> append_xml_row(std::string& xml, const ExportTable& table, std::size_t row,
                            const ExportStyle& style, const store::TimeZone& zone) {
    xml += "    <row>";
    if (style.show_time) {
        const Time end = table.start + table.step * (static_cast<std::int64_t>(row) + 1);
        const auto time = export_time(end, style, zone);
        if (!time) return std::unexpected(time.error());
        fmt::format_to(std::back_inserter(xml), "<t>{}</t>", *time);
    }
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        const std::string number = style.enumerated ? std::to_string(column) : std::string();
        fmt::format_to(std::back_inserter(xml), "<v{}>", number);
        store::append_number_text(xml, table.columns[column].values[row]);
        fmt::format_to(std::back_inserter(xml), "</v{}>", number);
    }
    xml += "</row>\n";
    return {};
}

}  // namespace

Result<std::string> export_xml(const ExportTable& table, const ExportStyle& style,
                               const store::TimeZone& zone) {
    std::string xml = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n\n<xport>\n";
    if (auto added = append_xml_meta(xml, table, style, zone); !added) {
        return std::unexpected(added.error());
    }
    xml += "  <data>\n";
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (auto added = append_xml_row(xml, table, row, style, zone); !added) {
            return std::unexpected(added.error());
        }
    }
    xml += "  </data>\n</xport>\n";
    return xml;
}

}  // namespace kurabe::render
