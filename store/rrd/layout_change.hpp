// What a file becomes by the structural operations of `tune`: its definitions, and where the rows
// of each RRA come from. Rule: rrdtune(1), DEL, DS, DELRRA, RRA, RRA#, --step. Messages are
// rrdtool's where it has one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"
#include "store/rrd/header.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// Divides the step: every row then has so many times more PDPs. kInvalid unless `step` divides the
// old one and is less, and for files of the Holt-Winters family, whose rows have one PDP each.
[[nodiscard]] Result<void> divide_step(Header& header, Seconds step);

struct Layout {
    // Rows of an RRA.
    struct Origin {
        std::optional<std::size_t> rra;  // of the old file; none for a new RRA
        std::uint64_t added = 0;         // rows in front of the old ones
        std::uint64_t removed = 0;       // of the oldest ones
    };

    Header header;                     // with its state; what is new begins as in a new file
    std::vector<std::size_t> sources;  // of the old file, which come before the new ones
    std::vector<Origin> rras;
};

class LayoutChange {
  public:
    // `file_name` as the caller spells it. `old` outlives this.
    LayoutChange(const Header& old, std::string file_name);

    // "DEL:name", "DS:...", "DELRRA:index", "RRA:..." or "RRA#index:+rows" (or -, =); names and
    // indexes are those of the old file. kInvalid.
    [[nodiscard]] Result<void> add(std::string_view operation);
    // kInvalid when something is left that depends on what is removed, when nothing is left, or
    // when a definition is wrong.
    [[nodiscard]] Result<Layout> finish() const;

  private:
    [[nodiscard]] Result<void> remove_source(std::string_view name);
    [[nodiscard]] Result<void> remove_rra(std::string_view index);
    [[nodiscard]] Result<void> change_rows(std::string_view text);
    [[nodiscard]] Result<void> set_rows(std::size_t rra, std::int64_t rows);
    void keep_sources(Layout& layout) const;
    [[nodiscard]] Result<void> keep_programs(Layout& layout) const;
    void keep_rras(Layout& layout) const;
    [[nodiscard]] Result<void> keep_partners(Layout& layout) const;
    [[nodiscard]] Result<void> add_definitions(Layout& layout) const;
    void begin_cdps(Layout& layout) const;

    const Header& old_;
    std::string file_name_;
    std::vector<bool> is_removed_;                      // by source
    std::map<std::size_t, std::int64_t> changed_rows_;  // by RRA; none or less: removed
    std::vector<std::string> definitions_;
};

}  // namespace kurabe::store::rrd
