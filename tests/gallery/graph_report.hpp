// What graphv prints of a graph, and where two programs' reports of the same definition differ.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kurabe::tests {

struct ReportLine {
    std::string key;
    std::string value;
};
using GraphReport = std::vector<ReportLine>;

// Of "key = value" lines, in their order.
[[nodiscard]] GraphReport read_report(std::string_view text);

struct Difference {
    std::string key;
    std::string ours;  // "-": has no such line
    std::string theirs;
};

// Texts, sizes, rectangles and times must be equal. What may differ: "value_min" and "value_max" by
// 1e-8 of the larger, which is more than rrdtool prints; in "coords", which are where texts of the
// legend stand, left and right by one pixel, which are rounded from the text's width.
[[nodiscard]] std::vector<Difference> differences(const GraphReport& ours,
                                                  const GraphReport& theirs);

}  // namespace kurabe::tests
