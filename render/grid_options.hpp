// The values of --x-grid and --y-grid.
#pragma once

#include <string_view>

#include "render/graph_definition.hpp"
#include "store/result.hpp"
#include "store/time_zone.hpp"

namespace kurabe::render {

// GTM:GST:MTM:MST:LTM:LST:LPR:LFM. The label format must be one that `zone` can format.
[[nodiscard]] Result<XGrid> parse_x_grid(std::string_view text, const store::TimeZone& zone);
// STEP:FACTOR.
[[nodiscard]] Result<YGrid> parse_y_grid(std::string_view text);

}  // namespace kurabe::render
