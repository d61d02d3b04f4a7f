// Clock, time zone, environment and standard streams of one process.
#include "cli/rrdtool/process.hpp"

#include <cstdlib>
#include <optional>

#include "cli/rrdtool/dispatch.hpp"
#include "cli/rrdtool/program.hpp"
#include "cli/rrdtool/standard_streams.hpp"

namespace kurabe::cli::rrdtool {
namespace {

class SystemClock : public Clock {
  public:
    [[nodiscard]] store::SampleTime now() const override {
        return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    }
};

std::optional<std::string_view> environment(const char* name) noexcept {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string_view>(value);
}

// A link that is one command says itself what is wrong when it has no arguments.
Result<void> run(const Invocation& invocation, Session& session) {
    if (invocation.is_one_command && invocation.words.size() == 1) {
        const Command* const command = find_command(invocation.words.front());
        if (command != nullptr && command->run != nullptr) return command->run({}, session);
    }
    return run_program(invocation.words, session);
}

}  // namespace

Result<void> run_process(int argc, const char* const* argv, WholeProgram& whole,
                         const CarriedPipe& carried) {
    occupy_standard_streams();
    const auto invocation = read_invocation(std::span(argv, static_cast<std::size_t>(argc)));
    StandardOutput out;
    StandardInput in(carried.unread);
    const SystemClock clock;
    const auto zone = store::TimeZone::system();
    store::rrd::OpenArchives archives(0);  // one command opens each file once
    rrdcached::Daemons daemons;
    Session session{.out = out,
                    .in = in,
                    .clock = clock,
                    .zone = zone,
                    .archives = archives,
                    .whole = whole,
                    .daemons = daemons,
                    .called_as = invocation.called_as,
                    .daemon_address = environment("RRDCACHED_ADDRESS").value_or(""),
                    .daemon_strip_path = environment("RRDCACHED_STRIPPATH"),
                    .locking = environment("RRD_LOCKING").value_or(""),
                    .default_font = environment("RRD_DEFAULT_FONT").value_or(""),
                    .started = carried.started};
    auto done = run(invocation, session);
    auto flushed = out.flush();
    return done ? flushed : done;
}

}  // namespace kurabe::cli::rrdtool
