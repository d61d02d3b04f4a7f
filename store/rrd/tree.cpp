// An index of names, made anew as a whole; every reading opens its file.
#include "store/rrd/tree.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "store/rrd/archive.hpp"
#include "store/rrd/fetch.hpp"
#include "store/rrd/series_import.hpp"
#include "store/statistics_rows.hpp"

namespace kurabe::store::rrd {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".rrd";

std::unexpected<Error> reads_only() {
    return fail(ErrorCode::kInvalid, "files of RRDtool are only read here");
}

std::unexpected<Error> no_files_of(std::string_view host) {
    return fail(ErrorCode::kNotFound, fmt::format("no files of host {}", host));
}

// No row that ends before it is there.
Time first_of(const Header& header) {
    Seconds longest{0};
    for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
        const auto rows = static_cast<std::int64_t>(header.rras[rra].rows);
        longest = std::max(longest, header.resolution(rra) * rows);
    }
    return std::chrono::floor<Seconds>(header.last_update()) - longest;
}

SeriesInfo info_of(const SeriesName& name, const Header& header, std::size_t source) {
    return {.name = name,
            .type = header.source(source).type,
            .last_update = header.last_update(),
            .first = first_of(header)};
}

std::vector<RingExtent> extents_of(const Header& header, RraCf cf) {
    std::vector<RingExtent> extents;
    for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
        extents.push_back(extent_of(header, rra, cf));
    }
    return extents;
}

// The rows of another CF, or none when no RRA has all that the one of the averages has.
std::vector<Value> rows_of(const Archive& archive, std::size_t source, RraCf cf,
                           const RingExtent& averages, const Coverage& window) {
    const auto extents = extents_of(archive.header(), cf);
    const auto like = std::ranges::find_if(extents, [&averages](const RingExtent& extent) {
        return extent.has_cf && extent.resolution == averages.resolution &&
               extent.rows >= averages.rows;
    });
    if (like == extents.end()) return {};
    const auto rra = static_cast<std::size_t>(like - extents.begin());
    auto fetched = fetch_window(archive, source, rra, window);
    return fetched ? std::move(fetched->values) : std::vector<Value>();
}

Result<SeriesStatistics> statistics_of(const Archive& archive, std::size_t source,
                                       const StatisticsRange& range,
                                       const StatisticsRequest& request) {
    const Header& header = archive.header();
    const auto extents = extents_of(header, RraCf::kAverage);
    const auto chosen =
        coarsest_sufficient_ring(extents, header.last_update(), range, request.rows_enough);
    if (!chosen) return fail(ErrorCode::kNotFound, "the file has no averages");
    const RingExtent& ring = extents[*chosen];
    const Coverage window = whole_rows(range, ring.resolution);
    auto averages = fetch_window(archive, source, *chosen, window);
    if (!averages) return std::unexpected(averages.error());
    std::vector<Value> minima = rows_of(archive, source, RraCf::kMin, ring, window);
    std::vector<Value> maxima = rows_of(archive, source, RraCf::kMax, ring, window);
    if (minima.empty()) minima = averages->values;
    if (maxima.empty()) maxima = averages->values;
    auto summary = summarize({.averages = averages->values, .minima = minima, .maxima = maxima},
                             request.percentile);
    summary.resolution = averages->step;
    return summary;
}

Result<std::vector<SeriesStatistics>> statistics_of_ranges(const Archive& archive,
                                                           std::size_t source,
                                                           const StatisticsRequest& request) {
    std::vector<SeriesStatistics> all;
    for (const StatisticsRange& range : request.ranges) {
        const auto one = statistics_of(archive, source, range, request);
        if (!one) return std::unexpected(one.error());
        all.push_back(*one);
    }
    return all;
}

}  // namespace

struct RrdTree::Index {
    std::map<fs::path, std::vector<Place>> files;  // those that have none, too
    std::map<std::string, std::vector<const Place*>, std::less<>> hosts;
    PassedOver passed_over;

    void note(const fs::path& file, std::string_view reason) {
        if (passed_over.files++ == 0) {
            passed_over.first = fmt::format("{}: {}", file.native(), reason);
        }
    }

    // By hosts, once every file has its places. Of files with the same series the first has it.
    void sort_by_hosts() {
        const auto by_name = [](const Place* a, const Place* b) { return a->name < b->name; };
        std::set<const Place*, decltype(by_name)> taken;
        for (const auto& [file, places] : files) {
            for (const Place& place : places) {
                const auto [first, is_new] = taken.insert(&place);
                if (is_new) {
                    hosts[place.name.host].push_back(&place);
                } else {
                    note(file, fmt::format("{} is {} already", (*first)->file.native(),
                                           place.name.text()));
                }
            }
        }
    }
};

RrdTree::RrdTree(fs::path directory, Naming naming)
    : directory_(std::move(directory)),
      naming_(std::move(naming)),
      index_(std::make_shared<const Index>()) {}

Result<std::unique_ptr<RrdTree>> RrdTree::open(const fs::path& directory, Naming naming) {
    std::error_code error;
    if (!fs::is_directory(directory, error)) {
        return fail(ErrorCode::kNotFound, fmt::format("{}: is no directory", directory.native()));
    }
    std::unique_ptr<RrdTree> tree(new RrdTree(directory, std::move(naming)));
    if (auto looked = tree->look_again(); !looked) return std::unexpected(looked.error());
    return tree;
}

// A file that is known keeps its names: what is updated in place keeps its definitions. Who finds
// that it was replaced by another asks for new names: `known` is null then.
void RrdTree::take(const fs::path& file, const Index* known, Index& index) const {
    std::vector<Place>& places = index.files[file];
    if (known != nullptr) {
        const auto found = known->files.find(file);
        if (found != known->files.end() && !found->second.empty()) {
            places = found->second;
            return;
        }
    }
    const auto archive = Archive::open(file, File::Access::kRead);
    if (!archive) return index.note(file, archive.error().message);
    const Header& header = archive->header();
    for (std::size_t source = 0; source < header.sources.size(); ++source) {
        auto name = naming_(file, header, source);
        if (!name) {
            index.note(file, name.error().message);
            continue;
        }
        places.push_back({.name = *std::move(name),
                          .file = file,
                          .source = std::string(text_of(header.sources[source].name)),
                          .type = header.source(source).type,
                          .sources = header.sources.size(),
                          .step = header.step});
    }
}

Result<void> RrdTree::look_again() {
    const Shared known = index();
    const Files changed = std::exchange(*changed_.lock(), {});
    auto next = std::make_shared<Index>();
    std::error_code error;
    fs::recursive_directory_iterator entries(directory_,
                                             fs::directory_options::skip_permission_denied, error);
    for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
        if (entries.depth() >= kTreeDepthMax) entries.disable_recursion_pending();
        std::error_code unknown;
        if (entries->path().extension() != kExtension || !entries->is_regular_file(unknown)) {
            continue;
        }
        if (next->files.size() >= kTreeFilesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("{}: more than {} files", directory_.native(), kTreeFilesMax));
        }
        const bool is_other = changed.contains(entries->path());
        take(entries->path(), is_other ? nullptr : known.get(), *next);
    }
    if (error) {
        return fail(ErrorCode::kSystem,
                    fmt::format("cannot read {}: {}", directory_.native(), error.message()));
    }
    next->sort_by_hosts();
    *index_.lock() = std::move(next);
    return {};
}

RrdTree::PassedOver RrdTree::passed_over() const {
    return index()->passed_over;
}

std::optional<Time> RrdTree::last_update(std::string_view host, std::string_view plugin,
                                         Time enough) const {
    const Shared index = this->index();
    const auto found = index->hosts.find(host);
    if (found == index->hosts.end()) return std::nullopt;
    std::optional<Time> newest;
    for (const Place* place : found->second) {
        if (place->name.plugin != plugin) continue;
        const auto archive = Archive::open(place->file, File::Access::kRead);
        if (!archive) continue;
        (void)source_of(*place, archive->header());  // notes that it is another file meanwhile
        const Time updated = std::chrono::floor<Seconds>(archive->header().last_update());
        newest = std::max(newest.value_or(updated), updated);
        if (*newest >= enough) break;
    }
    return newest;
}

Result<std::vector<std::string>> RrdTree::plugins(std::string_view host) const {
    const Shared index = this->index();
    const auto found = index->hosts.find(host);
    if (found == index->hosts.end()) return no_files_of(host);
    std::vector<std::string> plugins;
    for (const Place* place : found->second) {
        const std::string& plugin = place->name.plugin;
        if (plugins.empty() || plugins.back() != plugin) plugins.push_back(plugin);
    }
    return plugins;
}

std::optional<Seconds> RrdTree::longest_step(std::string_view host, std::string_view plugin) const {
    const Shared index = this->index();
    const auto found = index->hosts.find(host);
    if (found == index->hosts.end()) return std::nullopt;
    std::optional<Seconds> longest;
    for (const Place* place : found->second) {
        if (place->name.plugin != plugin) continue;
        longest = std::max(longest.value_or(place->step), place->step);
    }
    return longest;
}

Result<RrdTree::Place> RrdTree::find(const Index& index, const SeriesName& series) {
    const auto host = index.hosts.find(series.host);
    if (host != index.hosts.end()) {
        const auto place = std::ranges::find_if(
            host->second, [&series](const Place* known) { return known->name == series; });
        if (place != host->second.end()) return **place;
    }
    return fail(ErrorCode::kNotFound, fmt::format("no series {}", series.text()));
}

struct RrdTree::Opened {
    Archive archive;
    std::size_t source;
};

std::optional<std::size_t> RrdTree::source_of(const Place& place, const Header& header) const {
    if (header.step != place.step) changed_.lock()->insert(place.file);
    const auto source = find_source(header, place.source);
    if (source && header.sources.size() == place.sources &&
        header.source(*source).type == place.type) {
        return source;
    }
    changed_.lock()->insert(place.file);
    return std::nullopt;
}

Result<RrdTree::Opened> RrdTree::open_series(const Index& index, const SeriesName& series) const {
    const auto place = find(index, series);
    if (!place) return std::unexpected(place.error());
    auto archive = Archive::open(place->file, File::Access::kRead);
    if (!archive) return std::unexpected(archive.error());
    const auto source = source_of(*place, archive->header());
    if (!source) return fail(ErrorCode::kNotFound, fmt::format("no series {}", series.text()));
    return Opened{*std::move(archive), *source};
}

Result<AppendReport> RrdTree::append(const Batch&, Seconds) {
    return reads_only();
}

Result<void> RrdTree::insert(const std::string&, const SeriesCopy&) {
    return reads_only();
}

Result<void> RrdTree::checkpoint(std::chrono::milliseconds, const std::stop_token&) {
    return {};
}

Result<FetchedSeries> RrdTree::fetch(const SeriesName& series, const FetchRequest& request) const {
    const auto opened = open_series(*index(), series);
    if (!opened) return std::unexpected(opened.error());
    return fetch_series(opened->archive, opened->source, request);
}

Result<Store::Statistics> RrdTree::statistics(std::span<const SeriesName> series,
                                              const StatisticsRequest& request) const {
    if (auto checked = check_request(request); !checked) return std::unexpected(checked.error());
    const Shared index = this->index();
    Statistics all;
    for (const SeriesName& name : series) {
        const auto opened = open_series(*index, name);
        if (opened) {
            all.push_back(statistics_of_ranges(opened->archive, opened->source, request));
        } else {
            all.emplace_back(std::unexpected(opened.error()));
        }
    }
    return all;
}

Result<SeriesInfo> RrdTree::info(const SeriesName& series) const {
    const auto opened = open_series(*index(), series);
    if (!opened) return std::unexpected(opened.error());
    return info_of(series, opened->archive.header(), opened->source);
}

Result<SeriesCopy> RrdTree::copy(const SeriesName& series) const {
    const auto opened = open_series(*index(), series);
    if (!opened) return std::unexpected(opened.error());
    const auto rings = retention_of(opened->archive.header());
    if (!rings) return std::unexpected(rings.error());
    auto imported = import_series(opened->archive, opened->source, *rings);
    if (!imported) return std::unexpected(imported.error());
    imported->copy.column.plugin = series.plugin;
    imported->copy.column.key = series.key;
    return std::move(imported->copy);
}

Result<Retention> RrdTree::retention(std::string_view host) const {
    const Shared index = this->index();
    const auto found = index->hosts.find(host);
    if (found == index->hosts.end()) return no_files_of(host);
    const auto archive = Archive::open(found->second.front()->file, File::Access::kRead);
    if (!archive) return std::unexpected(archive.error());
    return retention_of(archive->header());
}

std::vector<std::string> RrdTree::hosts() const {
    std::vector<std::string> names;
    for (const auto& [name, places] : index()->hosts) names.push_back(name);
    return names;
}

// Files that were removed since, or are being written, have none now.
Result<std::vector<SeriesInfo>> RrdTree::series(std::string_view host) const {
    const Shared index = this->index();
    const auto found = index->hosts.find(host);
    if (found == index->hosts.end()) return no_files_of(host);
    std::vector<SeriesInfo> all;
    for (const Place* place : found->second) {
        const auto archive = Archive::open(place->file, File::Access::kRead);
        if (!archive) continue;
        const auto source = source_of(*place, archive->header());
        if (source) all.push_back(info_of(place->name, archive->header(), *source));
    }
    return all;
}

}  // namespace kurabe::store::rrd
