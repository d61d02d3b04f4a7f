// Files as Kurado makes them, by librrd: one DERIVE and twelve RRAs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace kurabe::bench {

// "0.rrd", "1.rrd", ... in the directory, which is made; their paths. Stops the benchmark when one
// cannot be made.
[[nodiscard]] std::vector<std::string> create_kurado_rrds(const std::filesystem::path& directory,
                                                          std::size_t files, std::int64_t start);

}  // namespace kurabe::bench
