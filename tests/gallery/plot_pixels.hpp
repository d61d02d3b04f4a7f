// How alike the plots of two pictures are, pixel by pixel.
#pragma once

#include <string_view>

#include "tests/gallery/graph_report.hpp"

namespace kurabe::tests {

// The share of pixels, from 0 to 1, that differ by more than a shade within the plot that `report`
// names. 0 when the pictures' sizes differ, which reports say; 1 when one cannot be read.
[[nodiscard]] double differing_share(std::string_view ours, std::string_view theirs,
                                     const GraphReport& report);

}  // namespace kurabe::tests
