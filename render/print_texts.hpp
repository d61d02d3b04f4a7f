// The texts of PRINT and GPRINT of one graph.
// Rule: rrdgraph_graph(1), PRINT; checked against rrdtool 1.7.2 in tests/differential/.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "render/graph_definition.hpp"
#include "render/print_format.hpp"
#include "render/statistics.hpp"
#include "render/variable_table.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

// Asked in the order of the elements, because "%S" goes on with the magnitude of the text before.
class PrintTexts {
  public:
    // All must outlive this.
    PrintTexts(const GraphOptions& options, const VariableTable& table, Time now,
               const store::TimeZone& zone)
        : options_(options), table_(table), now_(now), zone_(zone) {}

    // See NumberFormat.
    void set_in_export() noexcept { in_export_ = true; }

    // kInvalid for an unknown variable.
    [[nodiscard]] Result<std::string> text_of(const PrintElement& print);
    // With a value that no variable has.
    [[nodiscard]] Result<std::string> text_of(const PrintElement& print,
                                              const StatisticValue& value);
    // Of rows of the table; kept, as several variables and texts may be about the same.
    [[nodiscard]] const CfValues& cf_values_of(const SeriesView& series);

  private:
    [[nodiscard]] Result<std::string> value_text(const PrintElement& print, Value value);
    [[nodiscard]] Result<std::string> time_text(const std::string& format,
                                                const StatisticValue* statistic) const;

    const GraphOptions& options_;
    const VariableTable& table_;
    Time now_;
    const store::TimeZone& zone_;
    bool in_export_ = false;
    std::optional<Magnitude> magnitude_;
    std::map<const Value*, CfValues> cf_values_;  // by the address of the series' first row
};

}  // namespace kurabe::render
