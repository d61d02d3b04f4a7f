// write(2) until all is written.
#pragma once

#include <string_view>

namespace kurabe::cli::rrdtool {

// False with errno when not all arrived. Goes on after signals.
[[nodiscard]] bool write_all(int descriptor, std::string_view bytes) noexcept;

}  // namespace kurabe::cli::rrdtool
