// `kurabe backup`: a consistent copy of a data directory, whether a server uses it or not.
#include <cstdio>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "server/metadata.hpp"
#include "store/backup.hpp"

namespace kurabe::cli {

Result<void> run_backup(const BackupCommand& command, rrdtool::Output& out) {
    const auto report = store::back_up(command.directory, command.target);
    if (!report) return std::unexpected(report.error());
    constexpr const char* kMetadata = "metadata.sqlite";
    std::error_code unknown;
    if (std::filesystem::exists(command.directory / kMetadata, unknown)) {
        auto copied =
            server::Metadata::copy(command.directory / kMetadata, command.target / kMetadata);
        if (!copied) return copied;
    }
    for (const std::string& failure : report->failures) fmt::print(stderr, "{}\n", failure);
    out.write(fmt::format("{} archives, {} bytes in {}\n", report->archives, report->bytes,
                          command.target.string()));
    if (report->failures.empty()) return {};
    return fail(ErrorCode::kSystem,
                fmt::format("{} archives were not copied", report->failures.size()));
}

}  // namespace kurabe::cli
