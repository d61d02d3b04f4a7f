// Series by name, wherever they are: in a data directory or on a running server.
#pragma once

#include <memory>

#include "cli/command_line.hpp"
#include "render/series_source.hpp"
#include "store/fetch.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

// A source whose references are "HOST/PLUGIN/KEY" with the DS "n". Opens the data directory now
// (kInUse when a server owns it); a server is asked at each fetch.
[[nodiscard]] Result<std::unique_ptr<render::SeriesSource>> open_series(const SeriesPlace& place);

}  // namespace kurabe::cli
