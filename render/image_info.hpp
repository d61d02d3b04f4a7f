// The text of --imginfo: file name, width and height in words of the user.
// Rule: rrdgraph(1), "--imginfo"; the format is read by us and never reaches printf.
#pragma once

#include <string>
#include <string_view>

#include "render/geometry.hpp"
#include "store/result.hpp"

namespace kurabe::render {

// Text and "%%" around one "%s" and two "%lu", in this order, or nothing at all. kInvalid with
// rrdtool's message.
[[nodiscard]] Result<void> check_image_info(std::string_view format);

// Of a checked format.
[[nodiscard]] std::string image_info_text(std::string_view format, std::string_view file_name,
                                          ImageSize size);

}  // namespace kurabe::render
