// A session whose output only counts.
#include "tests/hostile/program_session.hpp"

#include <chrono>
#include <span>

#include "cli/rrdtool/dispatch.hpp"

namespace kurabe::tests {
namespace {

namespace rrdtool = cli::rrdtool;

class NoOutput : public rrdtool::Output {
  public:
    void write(std::string_view /*text*/) override {}
};

class FixedClock : public rrdtool::Clock {
  public:
    [[nodiscard]] store::SampleTime now() const override {
        return store::SampleTime{store::Seconds{1'300'000'000}};
    }
};

}  // namespace

void run_quietly(const std::vector<std::string>& words) {
    const rrdtool::Command* const command = rrdtool::find_command(words.front());
    if (command == nullptr) return;
    NoOutput output;
    const FixedClock clock;
    const auto zone = store::TimeZone::utc();
    rrdtool::Session session{output, clock, zone};
    (void)command->run(std::span(words).subspan(1), session);
}

}  // namespace kurabe::tests
