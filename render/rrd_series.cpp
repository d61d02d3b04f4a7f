// Finds the file, then the data source, then the rows.
#include "render/rrd_series.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace kurabe::render {
namespace {

using store::FetchedSeries;
using store::FetchRequest;
using store::rrd::Archive;
using store::rrd::Header;

// A row of so many data sources is one line of the processor's cache: the others cost nothing.
constexpr std::size_t kSourcesReadTogether = 8;

bool same(const FetchRequest& a, const FetchRequest& b) noexcept {
    return a.cf == b.cf && a.start == b.start && a.end == b.end && a.resolution == b.resolution;
}

std::vector<std::string> names_of(const Header& header) {
    std::vector<std::string> names;
    for (const auto& source : header.sources) names.emplace_back(store::rrd::text_of(source.name));
    return names;
}

bool are_those_of(const Header& header, const std::vector<std::string>& names) {
    return std::ranges::equal(header.sources, names, {},
                              [](const auto& source) { return store::rrd::text_of(source.name); });
}

}  // namespace

Result<FetchedSeries> RrdSeries::fetch_together(State& state, const Archive& archive,
                                                std::size_t source, const FetchRequest& request) {
    auto& remembered = state.remembered;
    const bool is_there = remembered && remembered->path == archive.path().native() &&
                          same(remembered->request, request) &&
                          are_those_of(archive.header(), remembered->sources);
    if (!is_there) {
        remembered.reset();
        auto rows = store::rrd::fetch_rows(archive, request);
        if (!rows) return std::unexpected(rows.error());
        remembered.emplace(archive.path().native(), names_of(archive.header()), request,
                           std::move(*rows));
    }
    return remembered->rows.series(source);
}

Result<FetchedSeries> RrdSeries::fetch(const SeriesReference& reference,
                                       const FetchRequest& request) const {
    const auto state = state_.lock();
    const auto archive = state->archives.read(reference.series, wait_);
    if (!archive) return std::unexpected(archive.error());
    const Header& header = (*archive)->header();
    const auto source = store::rrd::find_source(header, reference.ds);
    if (!source) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("No DS called '{}' in '{}'", reference.ds, reference.series));
    }
    const std::size_t sources = header.sources.size();
    if (sources > 1 && sources <= kSourcesReadTogether) {
        return fetch_together(*state, **archive, *source, request);
    }
    return store::rrd::fetch_series(**archive, *source, request);
}

}  // namespace kurabe::render
