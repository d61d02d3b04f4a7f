// A session whose output is thrown away and whose clock stands still.
#include "tests/hostile/program_session.hpp"

#include <stdexcept>
#include <utility>

#include "cli/full_program.hpp"
#include "cli/rrdtool/dispatch.hpp"
#include "cli/rrdtool/program.hpp"
#include "tests/support/rrdtool_session.hpp"

namespace kurabe::tests {
namespace {

namespace rrdtool = cli::rrdtool;

class NoOutput : public rrdtool::Output {
  public:
    void write(std::string_view /*text*/) override {}
    Result<void> flush() override { return {}; }
};

class FixedClock : public rrdtool::Clock {
  public:
    [[nodiscard]] store::SampleTime now() const override {
        return store::SampleTime{store::Seconds{1'300'000'000}};
    }
};

}  // namespace

Result<void> run_quietly(const std::vector<std::string>& words, std::string input) {
    if (rrdtool::find_command(words.front()) == nullptr) {
        throw std::logic_error("no command: " + words.front());
    }
    NoOutput output;
    TextInput text(std::move(input));
    const FixedClock clock;
    const auto zone = store::TimeZone::utc();
    store::rrd::OpenArchives archives(0);
    cli::FullProgram whole;
    cli::rrdcached::Daemons daemons;
    rrdtool::Session session{.out = output,
                             .in = text,
                             .clock = clock,
                             .zone = zone,
                             .archives = archives,
                             .whole = whole,
                             .daemons = daemons};
    return rrdtool::run_program(words, session);
}

}  // namespace kurabe::tests
