// Finds the file, then the data source, then the rows.
#include "server/rrd_series.hpp"

#include <utility>

#include <fmt/format.h>

namespace kurabe::server {
namespace {

using store::FetchedSeries;
using store::FetchRequest;
using store::rrd::Archive;

// A row of so many data sources is one line of the processor's cache: the others cost nothing.
constexpr std::size_t kSourcesReadTogether = 8;

bool same(const FetchRequest& a, const FetchRequest& b) noexcept {
    return a.cf == b.cf && a.start == b.start && a.end == b.end && a.resolution == b.resolution;
}

}  // namespace

Result<RrdSeries::OpenFile*> RrdSeries::take(Files& files, const std::string& path) const {
    auto found = files.find(path);
    if (found != files.end()) {
        const auto locked = found->second.archive.lock_again(wait_);
        if (locked) return &found->second;
        files.erase(found);
        if (locked.error().code != ErrorCode::kNotFound) return std::unexpected(locked.error());
    }
    auto archive = Archive::open(path, store::File::Access::kRead, wait_);
    if (!archive) return std::unexpected(archive.error());
    found = files.emplace(path, OpenFile{std::move(*archive), {}, {}}).first;
    return &found->second;
}

Result<FetchedSeries> RrdSeries::read(OpenFile& file, const render::SeriesReference& reference,
                                      const FetchRequest& request) {
    const store::rrd::Header& header = file.archive.header();
    const auto source = store::rrd::find_source(header, reference.ds);
    if (!source) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("No DS called '{}' in '{}'", reference.ds, reference.series));
    }
    const std::size_t sources = header.sources.size();
    if (sources == 1 || sources > kSourcesReadTogether) {
        return store::rrd::fetch_series(file.archive, *source, request);
    }
    if (!file.rows || !same(file.request, request)) {
        auto rows = store::rrd::fetch_rows(file.archive, request);
        if (!rows) return std::unexpected(rows.error());
        file.rows = std::move(*rows);
        file.request = request;
    }
    return file.rows->series(*source);
}

Result<FetchedSeries> RrdSeries::fetch(const render::SeriesReference& reference,
                                       const FetchRequest& request) const {
    const auto files = files_.lock();
    const auto file = take(*files, reference.series);
    if (!file) return std::unexpected(file.error());
    auto series = read(**file, reference, request);
    (*file)->archive.unlock();
    return series;
}

}  // namespace kurabe::server
