// `kurabe check`: looks at every archive of a data directory, and puts aside what is lost.
#include <cstdio>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/open_files.hpp"
#include "store/directory_check.hpp"

namespace kurabe::cli {

Result<void> run_check(const CheckCommand& command, rrdtool::Output& out) {
    const auto repair = command.repairs ? store::Repair::kYes : store::Repair::kNo;
    const auto check = store::check_directory(command.directory, repair, open_archives_max());
    if (!check && check.error().code == ErrorCode::kInUse) {
        return fail(ErrorCode::kInUse,
                    check.error().message + "; stop it, or check a copy (kurabe backup)");
    }
    if (!check) return std::unexpected(check.error());
    for (const std::string& note : check->notes) out.write(note + '\n');
    for (const std::string& problem : check->problems) fmt::print(stderr, "{}\n", problem);
    for (const std::string& repaired : check->repairs) out.write(repaired + '\n');
    out.write(fmt::format("{} archives, {} series, {} checksums of rows: {}\n", check->archives,
                          check->series, check->checksums,
                          check->problems.empty() ? "good" : "problems"));
    if (check->open_problems == 0) return {};
    return fail(ErrorCode::kDamaged,
                command.repairs
                    ? fmt::format("{} problems could not be repaired", check->open_problems)
                    : fmt::format("{} problems; --repair puts aside what cannot be saved",
                                  check->open_problems));
}

}  // namespace kurabe::cli
