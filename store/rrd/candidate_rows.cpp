// Rings are read once, when a data source first needs them.
#include "store/rrd/candidate_rows.hpp"

#include <algorithm>
#include <tuple>

namespace kurabe::store::rrd {
namespace {

// What is exactly the row that is wanted comes first, then averages, then the finer ones.
bool comes_before(const RowSource& a, const RowSource& b, RraCf cf, Seconds resolution) noexcept {
    const auto rank = [&](const RowSource& candidate) {
        const Ring& ring = *candidate.ring;
        const bool is_exact = ring.cf() == cf && ring.resolution() == resolution;
        return std::tuple(candidate.file, !is_exact, ring.cf() != RraCf::kAverage,
                          ring.resolution(), ~ring.rows(), ~candidate.rra);
    };
    return rank(a) < rank(b);
}

}  // namespace

Result<const Ring*> CandidateRows::ring_of(std::size_t file, std::size_t rra) {
    const auto found = rings_.find({file, rra});
    if (found != rings_.end()) return &found->second;
    auto ring = Ring::read(files_[file], header(file), rra);
    if (!ring) return std::unexpected(ring.error());
    return &rings_.emplace(std::pair{file, rra}, std::move(*ring)).first->second;
}

Result<void> CandidateRows::add(std::size_t file, std::string_view name, RraCf cf,
                                std::vector<RowSource>& candidates) {
    const Header& from = header(file);
    const auto source = find_source(from, name);
    if (!source) return {};
    for (std::size_t rra = 0; rra < from.rras.size(); ++rra) {
        if (from.cf(rra) != cf && from.cf(rra) != RraCf::kAverage) continue;
        const auto ring = ring_of(file, rra);
        if (!ring) return std::unexpected(ring.error());
        candidates.push_back({.file = file, .rra = rra, .source = *source, .ring = *ring});
    }
    return {};
}

Result<std::vector<RowSource>> CandidateRows::find(std::size_t source, RraCf cf,
                                                   Seconds resolution) {
    const SourceMapping& mapping = mappings_[source];
    std::vector<RowSource> candidates;
    for (std::size_t file = 0; file < files_.size(); ++file) {
        if (mapping.file && *mapping.file != file) continue;
        if (auto added = add(file, mapping.name, cf, candidates); !added) {
            return std::unexpected(added.error());
        }
    }
    std::ranges::sort(candidates, [&](const RowSource& a, const RowSource& b) {
        return comes_before(a, b, cf, resolution);
    });
    return candidates;
}

}  // namespace kurabe::store::rrd
