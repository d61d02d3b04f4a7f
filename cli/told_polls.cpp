// Polls of a command of `kurabe collect`.
#include "cli/told_polls.hpp"

#include <cstdio>

#include <fmt/format.h>

#include "collectors/kurado_lines.hpp"
#include "store/counted.hpp"

namespace kurabe::cli {

void ToldPolls::take(std::string_view place, std::string_view host,
                     const Result<collectors::Report>& outcome, std::string_view plugin) {
    if (outcome) {
        lines_.add(collectors::kurado_lines(*outcome));
        return;
    }
    ++failed_;
    fmt::print(stderr, "{}: {}\n", place, outcome.error().message);
    lines_.add(collectors::kurado_lines(collectors::failure_report(
        way_, host, outcome.error().message, environment_.now(), plugin)));
}

Result<void> ToldPolls::finish(std::size_t hosts) {
    if (auto delivered = lines_.deliver(); !delivered) return delivered;
    if (failed_ == 0) return {};
    return fail(ErrorCode::kSystem,
                fmt::format("{} of {} failed", failed_, store::counted(hosts, "host", "hosts")));
}

bool Deliveries::goes_on(bool is_busy) {
    constexpr std::chrono::seconds kInterval{1};
    const auto now = std::chrono::steady_clock::now();
    if (is_busy && now < due_) return true;
    due_ = now + kInterval;
    delivered_ = lines_.deliver();
    if (delivered_) return true;
    if (lines_.is_standard_output()) return false;
    fmt::print(stderr, "{}\n", delivered_.error().message);
    delivered_ = {};
    return true;
}

}  // namespace kurabe::cli
