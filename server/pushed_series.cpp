// Counts samples as if each were a series of its own, and looks closer when there is no room for
// so many.
#include "server/pushed_series.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "store/counted.hpp"

namespace kurabe::server {
namespace {

constexpr std::size_t kRememberedHostsMax = 1'000;  // that one part remembers

using Name = std::pair<std::string_view, std::string_view>;  // plugin and key

struct NameHash {
    std::size_t operator()(const Name& name) const noexcept {
        const std::hash<std::string_view> hash;
        return hash(name.first) * 31 + hash(name.second);
    }
};
using Names = std::unordered_set<Name, NameHash>;

// Which samples find no room; `names` and `room` are those of the host, and change.
std::vector<bool> without_room(const std::vector<store::Sample>& samples, Names& names,
                               std::size_t& room) {
    std::vector<bool> refused(samples.size(), false);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const Name name{samples[i].plugin, samples[i].key};
        if (names.contains(name)) continue;
        if (room == 0) {
            refused[i] = true;
            continue;
        }
        names.insert(name);
        --room;
    }
    return refused;
}

std::size_t take_out(std::vector<store::Sample>& samples, const std::vector<bool>& refused) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (refused[i]) continue;
        if (kept != i) samples[kept] = std::move(samples[i]);
        ++kept;
    }
    const std::size_t count = samples.size() - kept;
    samples.resize(kept);
    return count;
}

}  // namespace

PushedSeries::PushedSeries(const store::Store& store, IsListed is_listed, PushedSeriesMax most)
    : store_(store), is_listed_(std::move(is_listed)), most_(most) {}

PushedSeries::Turn PushedSeries::admit(store::Batch& batch) {
    Part& part = parts_[std::hash<std::string_view>{}(batch.host) % parts_.size()];
    Turn turn{.lock = std::unique_lock(part.mutex), .refused = 0, .reason = {}};
    if (part.rooms.size() >= kRememberedHostsMax) part.rooms.clear();
    std::size_t& room = part.rooms[batch.host];
    if (batch.samples.size() <= room) {
        room -= batch.samples.size();
        return turn;
    }
    const auto series = store_.series(batch.host);
    // Of an archive that cannot be used the store says more.
    if (!series && series.error().code != ErrorCode::kNotFound) return turn;
    Names names;
    if (series) {
        for (const store::SeriesInfo& info : *series)
            names.emplace(info.name.plugin, info.name.key);
    }
    const bool is_listed = is_listed_(batch.host);
    const std::size_t most = is_listed ? most_.listed : most_.unlisted;
    room = most - std::min(most, names.size());
    turn.refused = take_out(batch.samples, without_room(batch.samples, names, room));
    if (turn.refused == 0) return turn;
    turn.reason = fmt::format(
        "{}: {} of new series refused: by pushes a host that is {}in "
        "the configuration gets {} series at most",
        batch.host, store::counted(turn.refused, "sample", "samples"), is_listed ? "" : "not ",
        most);
    return turn;
}

}  // namespace kurabe::server
