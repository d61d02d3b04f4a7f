// A session whose output is thrown away and whose clock stands still.
#include "tests/hostile/program_session.hpp"

#include <algorithm>
#include <array>
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

// rrdtool's commands that the program may lack; they are refused as unknown then.
constexpr std::array<std::string_view, 5> kMayBeLacking{"create", "dump", "resize", "restore",
                                                        "tune"};

}  // namespace

bool has_command(std::string_view name) {
    if (rrdtool::find_command(name) != nullptr) return true;
    if (std::ranges::find(kMayBeLacking, name) != kMayBeLacking.end()) return false;
    throw std::logic_error("no command: " + std::string(name));
}

bool run_quietly(const std::vector<std::string>& words) {
    if (!has_command(words.front())) return false;
    NoOutput output;
    TextInput input{""};
    const FixedClock clock;
    const auto zone = store::TimeZone::utc();
    store::rrd::OpenArchives archives(0);
    cli::FullProgram whole;
    rrdtool::Session session{.out = output,
                             .in = input,
                             .clock = clock,
                             .zone = zone,
                             .archives = archives,
                             .whole = whole};
    return rrdtool::run_program(words, session).has_value();
}

}  // namespace kurabe::tests
