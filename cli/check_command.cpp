// `kurabe check`: looks at every archive of a data directory, and puts aside what is lost.
#include <cstdio>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/open_files.hpp"
#include "store/counted.hpp"
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
    const char* const verdict = check->problems.empty()     ? "good"
                                : check->open_problems == 0 ? "repaired"
                                                            : "problems";
    out.write(fmt::format("{}, {} series, {} of rows: {}\n",
                          store::counted(check->archives, "archive", "archives"), check->series,
                          store::counted(check->checksums, "checksum", "checksums"), verdict));
    if (check->open_problems == 0) return {};
    return fail(ErrorCode::kDamaged,
                fmt::format("{}{}", store::counted(check->open_problems, "problem", "problems"),
                            command.repairs ? " that a repair does not mend"
                                            : "; --repair puts aside what cannot be saved"));
}

}  // namespace kurabe::cli
