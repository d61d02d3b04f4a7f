// RRA by RRA: block by block, old rows in their order of time, new ones in front.
#include "store/rrd/restructure.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "store/rrd/added_rows.hpp"
#include "store/rrd/archive_writer.hpp"
#include "store/rrd/ring.hpp"

namespace kurabe::store::rrd {
namespace {

class Rewrite {
  public:
    Rewrite(const TunedArchive& old, Layout layout) : old_(old), layout_(std::move(layout)) {}

    Result<void> write(const std::filesystem::path& path) {
        for (std::size_t rra = 0; rra < layout_.rras.size(); ++rra) {
            if (layout_.rras[rra].rra) continue;
            if (auto begun = begin_cdps(rra); !begun) return begun;
        }
        const auto fill = [&](std::size_t rra, std::uint64_t first, std::span<Value> block) {
            return fill_block(rra, first, block);
        };
        return write_archive_file(path, layout_.header, fill);
    }

  private:
    Result<const Ring*> old_ring(std::size_t rra);
    Result<std::vector<const Ring*>> candidates_for(RraCf cf);
    Result<void> begin_cdps(std::size_t rra);
    Result<void> fill_block(std::size_t rra, std::uint64_t first, std::span<Value> block);
    Result<void> add_rows(std::size_t rra, std::uint64_t first, std::span<Value> block);
    Result<void> keep_rows(std::size_t old_rra, std::uint64_t first, std::span<Value> block);
    [[nodiscard]] AddedRow newest_of(std::size_t rra) const noexcept {
        return {.cf = layout_.header.cf(rra),
                .resolution = layout_.header.resolution(rra),
                .end = newest_row_time(layout_.header, rra)};
    }

    const TunedArchive& old_;
    Layout layout_;
    std::map<std::size_t, Ring> rings_;  // of the old file, by RRA
    std::vector<Value> old_block_;       // room for rows as the old file has them
};

Result<const Ring*> Rewrite::old_ring(std::size_t rra) {
    const auto found = rings_.find(rra);
    if (found != rings_.end()) return &found->second;
    auto ring = Ring::read(old_.archive, old_.header, rra);
    if (!ring) return std::unexpected(ring.error());
    // rrdtool rewrites the file twice then.
    if (old_.header.step != old_.archive.header().step) ring->turn();
    for (const auto& [forgotten_rra, source] : old_.forgotten) {
        if (forgotten_rra == rra) ring->forget(source);
    }
    return &rings_.emplace(rra, std::move(*ring)).first->second;
}

Result<std::vector<const Ring*>> Rewrite::candidates_for(RraCf cf) {
    std::vector<const Ring*> candidates;
    for (std::size_t rra = 0; rra < old_.header.rras.size(); ++rra) {
        if (old_.header.cf(rra) != cf && old_.header.cf(rra) != RraCf::kAverage) continue;
        const auto ring = old_ring(rra);
        if (!ring) return std::unexpected(ring.error());
        candidates.push_back(*ring);
    }
    std::ranges::stable_sort(candidates, {}, [](const Ring* ring) {
        return std::pair(ring->pdp_per_row(), ~ring->rows());
    });
    return candidates;
}

Result<void> Rewrite::begin_cdps(std::size_t rra) {
    const AddedRow newest = newest_of(rra);
    const auto candidates = candidates_for(newest.cf);
    if (!candidates) return std::unexpected(candidates.error());
    const Time last{Seconds{layout_.header.live.last_update_seconds}};
    for (std::size_t i = 0; i < layout_.sources.size(); ++i) {
        CdpRecord& record = layout_.header.cdp(rra, i);
        record = added_cdp(*candidates, newest, layout_.sources[i], last, record);
    }
    return {};
}

// The oldest rows come first: those that are added, then those that are kept.
Result<void> Rewrite::fill_block(std::size_t rra, std::uint64_t first, std::span<Value> block) {
    const Layout::Origin& origin = layout_.rras[rra];
    const std::uint64_t added = origin.rra ? origin.added : layout_.header.rras[rra].rows;
    const std::uint64_t rows = block.size() / layout_.header.sources.size();
    const std::uint64_t added_here = first < added ? std::min(added - first, rows) : 0;
    const auto front = block.first(added_here * layout_.header.sources.size());
    if (auto filled = add_rows(rra, first, front); !filled) return filled;
    if (added_here == rows) return {};
    const std::uint64_t age = first + added_here - added + origin.removed;
    return keep_rows(*origin.rra, age, block.subspan(front.size()));
}

Result<void> Rewrite::add_rows(std::size_t rra, std::uint64_t first, std::span<Value> block) {
    if (block.empty()) return {};
    const auto candidates = candidates_for(layout_.header.cf(rra));
    if (!candidates) return std::unexpected(candidates.error());
    AddedRow row = newest_of(rra);
    const std::uint64_t newest = layout_.header.rras[rra].rows - 1;
    row.end -= row.resolution * static_cast<std::int64_t>(newest - first);
    const std::size_t sources = layout_.header.sources.size();
    for (std::size_t at = 0; at < block.size(); at += sources) {
        for (std::size_t i = 0; i < layout_.sources.size(); ++i) {
            block[at + i] = added_row(*candidates, row, layout_.sources[i]);
        }
        row.end += row.resolution;
    }
    return {};
}

// Rows of the old RRA, `first` counted from its oldest.
Result<void> Rewrite::keep_rows(std::size_t old_rra, std::uint64_t first, std::span<Value> block) {
    const std::uint64_t old_rows = old_.header.rras[old_rra].rows;
    const std::size_t old_sources = old_.header.sources.size();
    const std::size_t sources = layout_.header.sources.size();
    old_block_.resize(block.size() / sources * old_sources);
    const std::uint64_t row = (old_.header.current_rows[old_rra] + 1 + first) % old_rows;
    if (auto read = old_.archive.read_rows(old_rra, row, old_block_); !read) return read;
    for (std::size_t i = 0; i < layout_.sources.size(); ++i) {
        const std::size_t source = layout_.sources[i];
        if (old_.forgotten.contains({old_rra, source})) continue;
        for (std::size_t at = 0; at < block.size() / sources; ++at) {
            block[at * sources + i] = old_block_[at * old_sources + source];
        }
    }
    return {};
}

}  // namespace

Result<void> restructure(const TunedArchive& old, Layout layout,
                         const std::filesystem::path& path) {
    return Rewrite(old, std::move(layout)).write(path);
}

}  // namespace kurabe::store::rrd
