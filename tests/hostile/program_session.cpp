// A session whose output is thrown away and whose clock stands still.
#include "tests/hostile/program_session.hpp"

#include <stdexcept>

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

bool run_quietly(const std::vector<std::string>& words) {
    if (rrdtool::find_command(words.front()) == nullptr) {
        throw std::logic_error("no command: " + words.front());
    }
    NoOutput output;
    TextInput input{""};
    const FixedClock clock;
    const auto zone = store::TimeZone::utc();
    store::rrd::OpenArchives archives(0);
    cli::FullProgram whole;
    cli::rrdcached::Daemons daemons;
    rrdtool::Session session{.out = output,
                             .in = input,
                             .clock = clock,
                             .zone = zone,
                             .archives = archives,
                             .whole = whole,
                             .daemons = daemons};
    return rrdtool::run_program(words, session).has_value();
}

}  // namespace kurabe::tests
