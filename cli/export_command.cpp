// `kurabe export`: series as .rrd files, in Kurado's layout when there are several.
#include <cstdio>
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/rrdtool/output_file.hpp"
#include "cli/series_access.hpp"
#include "cli/series_naming.hpp"

namespace kurabe::cli {

namespace {

namespace fs = std::filesystem;

Result<void> write_file(const fs::path& path, const std::string& bytes) {
    if (auto made = rrdtool::make_directories(path.parent_path()); !made) return made;
    return rrdtool::write_output(path.string(), bytes);
}

Result<void> export_series(const SeriesAccess& source, const store::SeriesName& name,
                           const fs::path& path, rrdtool::Output& out) {
    const auto bytes = source.file(name);
    if (!bytes) return std::unexpected(bytes.error());
    if (path != "-") return write_file(path, *bytes);
    out.write(*bytes);
    return {};
}

// Goes on after a series that fails.
Result<void> export_host(const SeriesAccess& source, const std::string& host,
                         const fs::path& directory, rrdtool::Output& out) {
    const auto names = source.series_of(host);
    if (!names) return std::unexpected(names.error());
    std::size_t failed = 0;
    for (const store::SeriesName& name : *names) {
        const auto done = export_series(source, name, directory / file_of_series(name), out);
        if (done) continue;
        ++failed;
        fmt::print(stderr, "{}: {}\n", name.text(), done.error().message);
    }
    out.write(fmt::format("{} series of {}\n", names->size() - failed, host));
    if (failed == 0) return {};
    return fail(ErrorCode::kSystem,
                fmt::format("{} of {} series were not written", failed, names->size()));
}

bool is_directory(const std::string& target) {
    std::error_code ignored;
    return target.ends_with('/') || fs::is_directory(target, ignored);
}

}  // namespace

Result<void> run_export(const ExportCommand& command, rrdtool::Output& out) {
    const auto source = open_series(command.place);
    if (!source) return std::unexpected(source.error());
    if (command.what.find('/') == std::string::npos) {
        return export_host(**source, command.what, command.target, out);
    }
    const auto name = store::SeriesName::parse(command.what);
    if (!name) return std::unexpected(name.error());
    const fs::path target = command.target;
    return export_series(**source, *name,
                         is_directory(command.target) ? target / file_of_series(*name) : target,
                         out);
}

}  // namespace kurabe::cli
