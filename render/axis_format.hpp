// Formats and formatters that a graph gives for the labels of its value axes.
// Rule: rrdgraph(1), "Y-Axis" and "Right Y Axis"; measured on rrdtool 1.7.2.
#pragma once

#include <optional>
#include <string>

#include "render/graph_definition.hpp"
#include "store/result.hpp"

namespace kurabe::render {

// kInvalid for a format that the formatter cannot use.
[[nodiscard]] Result<void> check_axis_format(const AxisFormat& format);

// How labels are written when the graph says how; `label_step` is their distance, for formats that
// a formatter chooses itself, and `columns` the number of characters that there is room for.
// None when the graph leaves it to us.
class GivenFormat {
  public:
    // `format` must have been checked.
    [[nodiscard]] static std::optional<GivenFormat> of(const AxisFormat& format, double label_step,
                                                       int columns);

    [[nodiscard]] std::string text_of(Value value) const;

    // Numbers are shown in the unit of the axis, times and durations are not.
    [[nodiscard]] bool is_numeric() const noexcept {
        return format_.formatter == AxisFormatter::kNumeric;
    }

  private:
    explicit GivenFormat(AxisFormat format) : format_(std::move(format)) {}

    AxisFormat format_;
};

}  // namespace kurabe::render
