// Opens a tree, and keeps it up to date.
#include "cli/serve_rrd_tree.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "cli/series_naming.hpp"
#include "cli/serve_tasks.hpp"
#include "store/rrd/tree.hpp"

namespace kurabe::cli {
namespace {

constexpr store::Seconds kLookInterval{60};

Result<store::SeriesName> name_of(const std::filesystem::path& file,
                                  const store::rrd::Header& header, std::size_t source) {
    return series_of_file({.file = file,
                           .source = store::rrd::text_of(header.sources[source].name),
                           .type = header.source(source).type,
                           .sources = header.sources.size()},
                          {});
}

void tell_passed_over(const store::rrd::RrdTree& tree, server::Log& log) {
    const auto passed_over = tree.passed_over();
    if (passed_over.files == 0) return;
    log.warning("files are passed over",
                {{"files", std::to_string(passed_over.files)}, {"first", passed_over.first}});
}

}  // namespace

Result<void> open_rrd_tree(ServeCore& core, const std::filesystem::path& directory,
                           const std::filesystem::path& data) {
    core.only_draws = true;
    auto tree = store::rrd::RrdTree::open(directory, name_of);
    if (!tree) return std::unexpected(tree.error());
    tell_passed_over(**tree, core.log);
    core.log.info(
        "files of RRDtool are shown as they are",
        {{"directory", directory.string()}, {"hosts", std::to_string((*tree)->hosts().size())}});
    core.tree = tree->get();
    core.store = *std::move(tree);
    return open_metadata(core, data / "metadata.sqlite");
}

void schedule_tree_looks(collectors::Schedule& looks, ServeCore& core) {
    if (core.tree == nullptr) return;
    const Task look = [&core](store::Time) {
        const auto passed_over = core.tree->passed_over().files;
        if (const auto looked = core.tree->look_again(); !looked) {
            core.log.error("files not looked for", {{"reason", looked.error().message}});
        }
        if (core.tree->passed_over().files != passed_over) tell_passed_over(*core.tree, core.log);
    };
    looks.add({.interval = kLookInterval, .run = guarded(core.log, look)});
}

}  // namespace kurabe::cli
