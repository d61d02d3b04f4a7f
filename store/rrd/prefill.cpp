// What candidates leave open, and the rows they give.
#include "store/rrd/prefill.hpp"

#include <algorithm>

#include "store/cdp.hpp"

namespace kurabe::store::rrd {
namespace {

// Of PDPs that no RRA of the new file has room for.
constexpr double kPdpXff = 0.5;
// What is open in longer rows is taken as unknown before: half a year of seconds.
constexpr std::uint64_t kReplayedPdpsMax = 1U << 24;

// Rows of the Holt-Winters family are filled like averages, as in rrdtool: rrdcreate(1) warns of
// it.
Cf folding_cf(RraCf cf) noexcept {
    return consolidates(cf) ? cf_of(cf) : Cf::kAverage;
}

// The open CDP of one data source in one RRA while PDPs are added to it.
class OpenRow {
  public:
    OpenRow(const Header& header, std::size_t rra, std::uint64_t first_pdp) noexcept
        : rule_{.cf = folding_cf(header.cf(rra)),
                .pdp_per_row = header.rras[rra].pdp_per_row,
                .xff = header.rras[rra].parameters[RraRecord::kXff].number()},
          state_{.value = kUnknown, .unknown_pdps = first_pdp % rule_.pdp_per_row} {}

    void add(const PdpRun& pdp) noexcept {
        const RowSpan span = rows_of_run(pdp, rule_.pdp_per_row);
        const RowValues closed = consolidate(state_, rule_, pdp, span);
        if (span.rows > 0) closed_ = closed;
    }

    // A row of one PDP has nothing open, and no second one was closed with it.
    void store(CdpRecord& record) const noexcept {
        record.slots[CdpRecord::kPrimary] = Slot::of_number(closed_.primary);
        if (rule_.pdp_per_row == 1) return;
        record.slots[CdpRecord::kSecondary] = Slot::of_number(closed_.secondary);
        record.slots[CdpRecord::kValue] = Slot::of_number(state_.value);
        record.slots[CdpRecord::kUnknownPdps] = Slot::of_count(state_.unknown_pdps);
    }

  private:
    Consolidation rule_;
    CdpState state_;
    RowValues closed_{0, 0};
};

class OpenState {
  public:
    OpenState(CandidateRows& candidates, Header& header)
        : candidates_(candidates), header_(header) {}

    Result<void> fill(std::size_t source);

  private:
    bool take_pdp(std::size_t source, std::span<const RowSource> candidates) noexcept;
    [[nodiscard]] const CdpRecord* same_cdp(std::size_t rra,
                                            std::span<const RowSource> candidates) const noexcept;
    [[nodiscard]] double pdp_xff() const noexcept;
    void replay(std::size_t source, std::span<const RowSource> averages,
                std::span<const std::size_t> rras);

    // How many steps have ended by the last update.
    [[nodiscard]] std::uint64_t ended_steps() const noexcept {
        return static_cast<std::uint64_t>(header_.live.last_update_seconds / header_.step.count());
    }
    // So many PDPs decide what is open and what the last row of any RRA was.
    [[nodiscard]] std::uint64_t pdps_to_replay() const noexcept {
        std::uint64_t longest = 1;
        for (const RraRecord& rra : header_.rras) longest = std::max(longest, rra.pdp_per_row);
        return std::min({2 * longest, ended_steps(), kReplayedPdpsMax});
    }

    CandidateRows& candidates_;
    Header& header_;
};

Result<void> OpenState::fill(std::size_t source) {
    const auto averages = candidates_.find(source, RraCf::kAverage, header_.step);
    if (!averages) return std::unexpected(averages.error());
    std::vector<std::size_t> to_replay;
    bool has_pdp = false;
    for (std::size_t rra = 0; rra < header_.rras.size(); ++rra) {
        const auto candidates = candidates_.find(source, header_.cf(rra), header_.resolution(rra));
        if (!candidates) return std::unexpected(candidates.error());
        has_pdp = has_pdp || take_pdp(source, *candidates);
        if (const CdpRecord* const same = same_cdp(rra, *candidates)) {
            header_.cdp(rra, source) = *same;
        } else {
            to_replay.push_back(rra);
        }
    }
    replay(source, *averages, to_replay);
    return {};
}

// The open PDP of the first file whose own ends within the new one's, if it has had a reading.
bool OpenState::take_pdp(std::size_t source, std::span<const RowSource> candidates) noexcept {
    const Time begin{header_.step * static_cast<std::int64_t>(ended_steps())};
    for (const RowSource& candidate : candidates) {
        const Header& from = candidates_.header(candidate.file);
        const PdpRecord& record = from.pdps[candidate.source];
        const Seconds last{from.live.last_update_seconds};
        const Time end{last - last % from.step + from.step};
        const bool ends_within = begin < end && end <= begin + header_.step;
        const bool is_same_type =
            text_of(from.sources[candidate.source].type) == text_of(header_.sources[source].type);
        if (ends_within && is_same_type && text_of(record.last_reading) != "U") {
            header_.pdps[source] = record;
            return true;
        }
    }
    return false;
}

// The open CDP of an RRA of the same CF, rows and time.
const CdpRecord* OpenState::same_cdp(std::size_t rra,
                                     std::span<const RowSource> candidates) const noexcept {
    for (const RowSource& candidate : candidates) {
        const Header& from = candidates_.header(candidate.file);
        const bool is_same = candidate.ring->cf() == header_.cf(rra) && from.step == header_.step &&
                             candidate.ring->pdp_per_row() == header_.rras[rra].pdp_per_row;
        const bool is_of_now = from.live.last_update_seconds / from.step.count() ==
                               header_.live.last_update_seconds / header_.step.count();
        if (is_same && is_of_now) return &from.cdp(candidate.rra, candidate.source);
    }
    return nullptr;
}

// An RRA of the new file that holds enough PDPs has a say in which of them are known.
double OpenState::pdp_xff() const noexcept {
    std::uint64_t most_rows = pdps_to_replay() - 1;
    double xff = kPdpXff;
    for (std::size_t rra = 0; rra < header_.rras.size(); ++rra) {
        const RraRecord& record = header_.rras[rra];
        const bool holds_pdps = header_.cf(rra) == RraCf::kAverage && record.pdp_per_row == 1;
        if (!holds_pdps || record.rows <= most_rows) continue;
        most_rows = record.rows;
        xff = record.parameters[RraRecord::kXff].number();
    }
    return xff;
}

// As if updates had brought the last PDPs one by one.
void OpenState::replay(std::size_t source, std::span<const RowSource> averages,
                       std::span<const std::size_t> rras) {
    const RowRule rule{.cf = RraCf::kAverage, .xff = pdp_xff(), .resolution = header_.step};
    PdpRun pdp{.first = ended_steps() - pdps_to_replay(), .count = 1};
    std::vector<OpenRow> open;
    for (const std::size_t rra : rras) open.emplace_back(header_, rra, pdp.first);
    for (; pdp.first < ended_steps(); ++pdp.first) {
        const Time end{header_.step * static_cast<std::int64_t>(pdp.first + 1)};
        pdp.value = row_from(averages, rule, end);
        for (OpenRow& row : open) row.add(pdp);
    }
    for (std::size_t i = 0; i < rras.size(); ++i) open[i].store(header_.cdp(rras[i], source));
}

}  // namespace

Result<void> prefill_open_state(CandidateRows& candidates, Header& header) {
    OpenState state(candidates, header);
    for (std::size_t source = 0; source < candidates.sources(); ++source) {
        if (auto filled = state.fill(source); !filled) return filled;
    }
    return {};
}

Result<void> PrefilledRows::find_candidates(std::size_t rra) {
    if (rra_ == rra) return {};
    rra_ = rra;
    by_source_.clear();
    for (std::size_t source = 0; source < candidates_.sources(); ++source) {
        auto found = candidates_.find(source, header_.cf(rra), header_.resolution(rra));
        if (!found) return std::unexpected(found.error());
        by_source_.push_back(std::move(*found));
    }
    return {};
}

Result<void> PrefilledRows::fill(std::size_t rra, std::uint64_t first, std::span<Value> block) {
    if (auto found = find_candidates(rra); !found) return found;
    const std::uint64_t rows = header_.rras[rra].rows;
    const RowRule rule{.cf = header_.cf(rra),
                       .xff = header_.rras[rra].parameters[RraRecord::kXff].number(),
                       .resolution = header_.resolution(rra)};
    const Time newest = newest_row_time(header_, rra);
    const std::size_t sources = candidates_.sources();
    for (std::size_t i = 0; i < block.size(); ++i) {
        const std::uint64_t age = (header_.current_rows[rra] + rows - (first + i / sources)) % rows;
        const Time end = newest - rule.resolution * static_cast<std::int64_t>(age);
        block[i] = row_from(by_source_[i % sources], rule, end);
    }
    return {};
}

}  // namespace kurabe::store::rrd
