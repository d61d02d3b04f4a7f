// The definitions of a file in the making: from a template, from text, or both, one after the
// other.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"
#include "store/rrd/header.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// What the rows of a data source of a new file may be filled from (see prefill.hpp).
struct SourceMapping {
    std::string name;
    std::optional<std::size_t> file;  // by its place among the files; any without it
};

class Definitions {
  public:
    // `file_name` as the caller spells it.
    Definitions(std::string file_name, Seconds step)
        : file_name_(std::move(file_name)), step_(step) {}

    // All data sources and RRAs of that file, in front of what is added later. Its step is not
    // taken.
    void add_all(const Header& from);
    // "DS:..." or "RRA:...". kInvalid with rrdtool's message.
    [[nodiscard]] Result<void> add(std::string_view definition);

    // A header of these definitions whose state begins at `last_update`, of the version that they
    // need. kInvalid when there is no data source or no RRA, when an RRA depends on one that is not
    // there, or when the rows are more than any file can hold.
    [[nodiscard]] Result<Header> finish(Time last_update) const;

    [[nodiscard]] const std::vector<SourceMapping>& mappings() const noexcept { return mappings_; }

  private:
    std::string file_name_;
    Seconds step_;
    int version_ = kVersionOfMicros;
    std::vector<SourceRecord> sources_;
    std::vector<RraRecord> rras_;
    std::vector<SourceMapping> mappings_;
};

}  // namespace kurabe::store::rrd
