// Which name of a file the daemon is told.
// Rule: rrdcached(1), -b, and rrdupdate(1), RRDCACHED_STRIPPATH; the rest is measured on rrdtool
// 1.7.2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::cli::rrdcached {

// For a daemon on this machine: the whole path, without links, because its directory is another
// one. kNotFound when there is no such directory.
[[nodiscard]] Result<std::string> name_on_this_machine(std::string_view file);

// For a daemon behind a network, whose files are others: the name as it is, relative to the
// daemon's directory. What it begins with, if that is `strip_path`, is left out. kInvalid for an
// absolute name.
[[nodiscard]] Result<std::string> name_over_network(std::string_view file,
                                                    std::optional<std::string_view> strip_path);

}  // namespace kurabe::cli::rrdcached
