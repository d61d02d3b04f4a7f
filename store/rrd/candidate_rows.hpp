// Which rows of existing files a data source of a new one may be filled from.
// Rule: rrdcreate(1), --source; which RRA comes before which was measured on rrdtool 1.7.2 and is
// compared with it in tests/differential/.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "store/result.hpp"
#include "store/rrd/archive.hpp"
#include "store/rrd/definitions.hpp"
#include "store/rrd/ring.hpp"
#include "store/rrd/row_sources.hpp"

namespace kurabe::store::rrd {

class CandidateRows {
  public:
    // `mappings` has one entry per data source of the new file. Both outlive this.
    CandidateRows(std::span<const Archive> files, std::span<const SourceMapping> mappings)
        : files_(files), mappings_(mappings) {}

    [[nodiscard]] std::size_t sources() const noexcept { return mappings_.size(); }
    [[nodiscard]] const Header& header(std::size_t file) const noexcept {
        return files_[file].header();
    }

    // For rows of that CF and length, the best first. They live as long as this. kDamaged when a
    // file lost bytes; kLimit.
    [[nodiscard]] Result<std::vector<RowSource>> find(std::size_t source, RraCf cf,
                                                      Seconds resolution);

  private:
    Result<const Ring*> ring_of(std::size_t file, std::size_t rra);
    Result<void> add(std::size_t file, std::string_view name, RraCf cf,
                     std::vector<RowSource>& candidates);

    std::span<const Archive> files_;
    std::span<const SourceMapping> mappings_;
    std::map<std::pair<std::size_t, std::size_t>, Ring> rings_;  // by file and RRA
};

}  // namespace kurabe::store::rrd
