// A file from the XML text of a dump.
// Rule: rrdrestore(1) and the document type that dumps name; what may be missing and what is
// accepted as measured on rrdtool 1.7.2 (tests/differential/). Dumps of all versions are read, and
// what comes out is of version 3 at least.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "store/result.hpp"
#include "store/rrd/header.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// Rows of all RRAs together, times data sources: two gigabytes.
inline constexpr std::uint64_t kRestoredValuesMax = 1ULL << 28;

struct Restored {
    Header header;                         // its current rows are not set
    std::vector<std::vector<Value>> rows;  // by RRA: oldest first, one value per data source
};

class Restore {
  public:
    // `checks_range`: rows outside a data source's minimum and maximum become unknown.
    explicit Restore(bool checks_range);
    Restore(const Restore&) = delete;
    Restore& operator=(const Restore&) = delete;
    ~Restore();

    // More of the text. kInvalid with the line; kLimit; kUnsupported for a newer version.
    [[nodiscard]] Result<void> feed(std::string_view text);
    // The text is over.
    [[nodiscard]] Result<Restored> finish();

  private:
    class Reader;
    std::unique_ptr<Reader> reader_;
};

// The rows of an RRA as a file has them: row `current_row` is the newest.
void put_in_place(std::vector<Value>& oldest_first, std::size_t sources, std::uint64_t current_row);

}  // namespace kurabe::store::rrd
