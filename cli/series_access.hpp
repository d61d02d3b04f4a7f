// Series by name, wherever they are: in a data directory or on a running server.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/rrdtool/series_argument.hpp"
#include "render/series_source.hpp"
#include "store/result.hpp"
#include "store/sample.hpp"

namespace kurabe::cli {

// As a source its references are "HOST/PLUGIN/KEY" with the DS "n".
class SeriesAccess : public render::SeriesSource {
  public:
    // The series as an .rrd file: see store/rrd/series_file.hpp.
    [[nodiscard]] virtual Result<std::string> file(const store::SeriesName& series) const = 0;
    // All series of a host; kNotFound for an unknown one.
    [[nodiscard]] virtual Result<std::vector<store::SeriesName>> series_of(
        const std::string& host) const = 0;
};

// Opens the data directory now (kInUse when a server owns it); a server is asked each time.
[[nodiscard]] Result<std::unique_ptr<SeriesAccess>> open_series(const SeriesPlace& place);

}  // namespace kurabe::cli
