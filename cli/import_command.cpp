// `kurabe import`: .rrd files and trees of them into a data directory, with their history.
//
// First all files are looked at, because a host that has no archive yet gets one with the rings
// that most of its files have; then each data source becomes a series.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/open_files.hpp"
#include "cli/series_naming.hpp"
#include "store/counted.hpp"
#include "store/data_directory.hpp"
#include "store/rrd/archive.hpp"
#include "store/rrd/series_import.hpp"
#include "store/store.hpp"

namespace kurabe::cli {

namespace {

namespace fs = std::filesystem;
namespace rrd = store::rrd;

constexpr std::size_t kFilesMax = 5'000'000;

// One data source that is to become a series.
struct Candidate {
    fs::path file;
    std::size_t source;
    std::string ds;  // its name, by which a file is known again
    store::SeriesName name;
};

// What is known of a host before anything is stored.
struct HostPlan {
    std::vector<Candidate> candidates;
    // The rings of its files and how many files have them.
    std::vector<std::pair<store::Retention, std::size_t>> rings;

    void count(const store::Retention& retention) {
        const auto known = std::ranges::find(rings, retention, &decltype(rings)::value_type::first);
        if (known == rings.end()) {
            rings.emplace_back(retention, 1);
        } else {
            ++known->second;
        }
    }
};

class Import {
  public:
    Import(const ImportCommand& command, store::Store& target, rrdtool::Output& out)
        : command_(command), store_(target), out_(out) {}

    Result<void> run() {
        for (const std::string& path : command_.paths) {
            if (auto looked = look_at(path); !looked) return looked;
        }
        for (auto& [host, plan] : hosts_) import_host(host, plan);
        if (auto closed = store_.close(); !closed) return closed;
        return conclude();
    }

  private:
    Result<void> conclude() {
        const std::string lost = cut_.empty()
                                     ? ""
                                     : fmt::format("rows of {} were not kept",
                                                   store::counted(cut_.size(), "file", "files"));
        out_.write(fmt::format("{} series of {}{}{}\n", taken_,
                               store::counted(hosts_.size(), "host", "hosts"),
                               lost.empty() ? "" : "; ", lost));
        if (refused_ > 0) {
            return fail(ErrorCode::kInvalid, fmt::format("{} could not be taken", refused_));
        }
        if (!lost.empty()) return fail(ErrorCode::kInvalid, lost);
        return {};
    }

    void refuse(const fs::path& file, std::string_view reason) {
        ++refused_;
        fmt::print(stderr, "{}: {}\n", file.string(), reason);
    }

    // ---- Looking ----

    Result<void> look_at(const fs::path& path) {
        std::error_code error;
        if (!fs::is_directory(path, error)) {
            look_at_file(path);
            return {};
        }
        std::vector<fs::path> files;
        fs::recursive_directory_iterator entries(path, error);
        for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
            std::error_code unknown;  // a link to nothing is refused when it is opened
            const bool is_directory = entries->is_directory(unknown);
            if (entries->path().extension() == ".rrd" && !is_directory) {
                files.push_back(entries->path());
            }
            if (files.size() > kFilesMax) {
                return fail(ErrorCode::kLimit,
                            fmt::format("{}: more than {} files", path.string(), kFilesMax));
            }
        }
        if (error) {
            return fail(ErrorCode::kSystem,
                        fmt::format("cannot read {}: {}", path.string(), error.message()));
        }
        std::ranges::sort(files);
        for (const fs::path& file : files) look_at_file(file);
        return {};
    }

    void look_at_file(const fs::path& file) {
        const auto archive = rrd::Archive::open(file, store::File::Access::kRead);
        if (!archive) return refuse(file, archive.error().message);
        const rrd::Header& header = archive->header();
        const auto rings = rrd::retention_of(header);
        for (std::size_t source = 0; source < header.sources.size(); ++source) {
            const std::string_view ds = rrd::text_of(header.sources[source].name);
            auto name = series_of_file({.file = file,
                                        .source = ds,
                                        .type = header.source(source).type,
                                        .sources = header.sources.size()},
                                       command_.names);
            if (!name) {
                refuse(file, fmt::format("DS {}: {}", ds, name.error().message));
                continue;
            }
            HostPlan& plan = hosts_[name->host];
            const bool is_counted = !plan.candidates.empty() && plan.candidates.back().file == file;
            if (rings && !is_counted) plan.count(*rings);
            plan.candidates.push_back({file, source, std::string(ds), std::move(*name)});
        }
    }

    // ---- Storing ----

    // Of the host's archive, or of most of its files when it has none.
    Result<store::Retention> rings_of(const std::string& host, const HostPlan& plan) const {
        auto existing = store_.retention(host);
        if (existing || existing.error().code != ErrorCode::kNotFound) return existing;
        const auto most = std::ranges::max_element(
            plan.rings, {}, &std::pair<store::Retention, std::size_t>::second);
        if (most != plan.rings.end()) return most->first;
        return fail(ErrorCode::kUnsupported, "no archive can have the rings of this file");
    }

    void import_host(const std::string& host, const HostPlan& plan) {
        const auto rings = rings_of(host, plan);
        for (const Candidate& candidate : plan.candidates) {
            const auto imported =
                rings ? take(candidate, *rings) : Result<void>(std::unexpected(rings.error()));
            if (imported) {
                ++taken_;
            } else {
                refuse(candidate.file,
                       fmt::format("{}: {}", candidate.name.text(), imported.error().message));
            }
        }
    }

    Result<void> take(const Candidate& candidate, const store::Retention& rings) {
        const auto archive = rrd::Archive::open(candidate.file, store::File::Access::kRead);
        if (!archive) return std::unexpected(archive.error());
        const auto& sources = archive->header().sources;
        if (candidate.source >= sources.size() ||
            rrd::text_of(sources[candidate.source].name) != candidate.ds) {
            return fail(ErrorCode::kInUse, "the file is being changed");
        }
        auto series = rrd::import_series(*archive, candidate.source, rings);
        if (!series) return std::unexpected(series.error());
        series->copy.column.plugin = candidate.name.plugin;
        series->copy.column.key = candidate.name.key;
        auto inserted = store_.insert(candidate.name.host, series->copy);
        if (!inserted) return inserted;
        if (series->rows_lost > 0) cut_.insert(candidate.file);
        for (const std::string& loss : series->losses) {
            fmt::print(stderr, "{}: {}: {}\n", candidate.file.string(), candidate.name.text(),
                       loss);
        }
        return {};
    }

    const ImportCommand& command_;
    store::Store& store_;
    rrdtool::Output& out_;
    std::map<std::string, HostPlan> hosts_;
    std::size_t taken_ = 0;
    std::size_t refused_ = 0;
    std::set<fs::path> cut_;  // files of which rows were not kept
};

}  // namespace

Result<void> run_import(const ImportCommand& command, rrdtool::Output& out) {
    if (auto checked = store::check_may_be_data_directory(command.data); !checked) return checked;
    store::StoreOptions options;
    options.open_archives_max = open_archives_max();
    auto opened = store::Store::open(command.data, options);
    if (!opened && opened.error().code == ErrorCode::kInUse) {
        return fail(ErrorCode::kInUse, opened.error().message +
                                           "; stop it for the import, or import into another "
                                           "directory");
    }
    if (!opened) return std::unexpected(opened.error());
    return Import(command, **opened, out).run();
}

}  // namespace kurabe::cli
