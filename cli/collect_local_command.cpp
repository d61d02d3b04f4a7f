// `kurabe collect local`: base metrics of this machine, once or every minute.
#include <chrono>
#include <cstdio>
#include <thread>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/line_target.hpp"
#include "collectors/kurado_lines.hpp"
#include "collectors/local.hpp"
#include "collectors/schedule.hpp"
#include "store/archive_name.hpp"

namespace kurabe::cli {

namespace {

Result<std::string> host_of(const CollectLocalCommand& command, const LineTarget& target) {
    auto host = command.host ? Result<std::string>(*command.host) : target.own_host();
    if (!host) return host;
    if (const auto name = store::archive_name_of(*host); !name) {
        return fail(ErrorCode::kInvalid, fmt::format("'{}': {}", *host, name.error().message));
    }
    return host;
}

void wait_until(store::Time due, const Environment& environment, store::Seconds interval) {
    constexpr std::chrono::milliseconds kLongestSleep{500};  // so that a changed clock is noticed
    for (store::Time now = environment.now(); now < due && now + interval >= due;
         now = environment.now()) {
        std::this_thread::sleep_for(kLongestSleep);
    }
}

}  // namespace

Result<void> run_collect_local(const CollectLocalCommand& command, const Environment& environment,
                               rrdtool::Output& out) {
    auto target = LineTarget::create(command.server, environment, out);
    if (!target) return std::unexpected(target.error());
    const auto host = host_of(command, *target);
    if (!host) return std::unexpected(host.error());
    const store::Seconds interval{command.interval};
    while (true) {
        target->add(
            collectors::kurado_lines(collectors::collect_local("/", *host, environment.now())));
        auto delivered = target->deliver();
        if (command.once || (!delivered && target->is_standard_output())) return delivered;
        if (!delivered) fmt::print(stderr, "{}\n", delivered.error().message);
        wait_until(collectors::next_tick(environment.now(), interval), environment, interval);
    }
}

}  // namespace kurabe::cli
