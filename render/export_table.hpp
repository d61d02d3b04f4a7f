// A graph's numbers as a table: what the export formats write instead of a picture.
// Second stage of an export: GraphDefinition -> ExportTable -> text.
// Rule: rrdxport(1), "OUTPUT FORMAT"; compared with rrdtool 1.7.2 in tests/differential/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "render/graph_definition.hpp"
#include "render/series_source.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

struct ExportColumn {
    std::string legend;
    std::vector<Value> values;  // one per row
};

// A word of the definition with its kind: "comment", "gprint", "align", "line" or "area".
struct ExportNote {
    std::string_view kind;
    std::string text;
};

struct ExportRule {
    bool vertical = false;
    Value place;  // a value, or seconds since the epoch
};

// Row i ends at start + (i + 1) * step; end is that of the last row.
struct ExportTable {
    Time start;
    Time end;
    Seconds step{1};
    std::vector<ExportColumn> columns;  // at least one
    std::vector<std::string> prints;    // the texts of PRINT
    std::vector<ExportNote> notes;
    std::vector<ExportRule> rules;

    [[nodiscard]] std::size_t rows() const { return columns.front().values.size(); }
};

// Which elements are columns.
enum class ExportColumns {
    kExported,          // XPORT: `xport`
    kExportedAndDrawn,  // XPORT, LINE, AREA: `graph`
};

// The step divides those of all columns, and rows cover start to end of the definition. Errors as
// of evaluate(), and kInvalid when there is no column.
[[nodiscard]] Result<ExportTable> evaluate_export(const GraphDefinition& definition,
                                                  ExportColumns columns, const SeriesSource& source,
                                                  Time now, const store::TimeZone& zone);

}  // namespace kurabe::render
