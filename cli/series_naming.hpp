// Which series a file of a tree of .rrd files is, and which file a series.
// Rules: Kurado's data directory (HOST/PLUGIN/KEY.rrd, percent-encoded), Munin's
// (GROUP/HOST-SERVICE-FIELD-TYPE.rrd) and collectd's (HOST/PLUGIN/TYPE.rrd); docs/operations.md.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "store/result.hpp"
#include "store/sample.hpp"

namespace kurabe::cli {

// A data source of a file.
struct SourceInFile {
    std::filesystem::path file;
    std::string_view source;
    store::DsType type;
    std::size_t sources;  // that the file has
};

// What the user says instead of what the path says.
struct GivenNames {
    std::optional<std::string> host;
    std::optional<std::string> plugin;
    std::optional<std::string> key;
};

// kInvalid when a part can neither be told from the path nor was given.
[[nodiscard]] Result<store::SeriesName> series_of_file(const SourceInFile& source,
                                                       const GivenNames& given);

// "HOST/PLUGIN/KEY.rrd" as Kurado names it.
[[nodiscard]] std::filesystem::path file_of_series(const store::SeriesName& series);

}  // namespace kurabe::cli
