// This machine's metrics, from /proc and /sys, without starting a process.
// Gives exactly the names, types, units and filters of Kurado's `base` plugin, so that a host looks
// the same however it is watched.
#pragma once

#include <filesystem>
#include <string_view>

#include "collectors/report.hpp"

namespace kurabe::collectors {

// `root` is "/" or a copied tree of proc/ and sys/ (tests). `host` names the host in the report,
// and `now` is the time of all samples. A part that cannot be read becomes a warning, never an
// error.
[[nodiscard]] Report collect_local(const std::filesystem::path& root, std::string_view host,
                                   store::Time now);

}  // namespace kurabe::collectors
