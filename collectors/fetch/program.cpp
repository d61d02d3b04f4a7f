// What it printed is the answer, with a status of 0 only.
#include "collectors/fetch/program.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "collectors/printable.hpp"
#include "collectors/program.hpp"
#include "collectors/trusted_file.hpp"

namespace kurabe::collectors::fetch {
namespace {

constexpr std::size_t kShownOutputBytesMax = 200;

Error failure_of(const ProgramEnd& end) {
    const std::string_view complaints = end.complaints;
    const std::string_view line = complaints.substr(0, complaints.find('\n'));
    std::string message = fmt::format("exit status {}", end.status);
    if (!line.empty()) message += ": " + printable(line, kShownOutputBytesMax);
    return {ErrorCode::kInvalid, std::move(message)};
}

}  // namespace

Result<Answer> ask_program(const std::vector<std::string>& command,
                           std::chrono::steady_clock::time_point deadline,
                           const std::stop_token& stop) {
    if (auto trusted = check_trusted_file(command.front()); !trusted) {
        return std::unexpected(trusted.error());
    }
    const auto left =
        std::chrono::round<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    auto end = run_program(
        {.words = command, .environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"}},
        {.time = std::max(left, std::chrono::milliseconds::zero()),
         .output_bytes = kAnswerBytesMax},
        stop);
    if (!end) return std::unexpected(end.error());
    if (end->status != 0) return std::unexpected(failure_of(*end));
    return Answer{.text = std::move(end->output)};
}

}  // namespace kurabe::collectors::fetch
