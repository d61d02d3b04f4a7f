// Rows and open values of a new file from existing ones: `create --source`.
// Rule: rrdcreate(1), --source: from every file in its order the best resolution that is known,
// until a row is covered. The order of operations was measured on rrdtool 1.7.2; compared with it
// in tests/differential/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "store/result.hpp"
#include "store/rrd/candidate_rows.hpp"
#include "store/rrd/header.hpp"
#include "store/rrd/row_sources.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// Puts open PDPs and CDPs into `header`, a new file's with its state. Errors are the candidates'.
[[nodiscard]] Result<void> prefill_open_state(CandidateRows& candidates, Header& header);

class PrefilledRows {
  public:
    // For the file with that header. Both outlive this.
    PrefilledRows(CandidateRows& candidates, const Header& header)
        : candidates_(candidates), header_(header) {}

    // As a RowFiller. Errors are the candidates'.
    [[nodiscard]] Result<void> fill(std::size_t rra, std::uint64_t first, std::span<Value> block);

  private:
    [[nodiscard]] Result<void> find_candidates(std::size_t rra);

    CandidateRows& candidates_;
    const Header& header_;
    std::optional<std::size_t> rra_;  // the one whose candidates these are:
    std::vector<std::vector<RowSource>> by_source_;
};

}  // namespace kurabe::store::rrd
