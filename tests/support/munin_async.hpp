// The installed munin-asyncd in front of a munin-node, with a spool in a directory of its own. Its
// clock is the test's: what it would sleep passes at once, until the time that the test allows. So
// hours of a spool are written by the real program in seconds.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {

class MuninAsync {
  public:
    using Time = std::chrono::sys_seconds;

    [[nodiscard]] static bool is_installed();
    // Asks the node on this port of this machine for the first time at `begin`, by its own clock,
    // and then as often as Debian's package has it do, every five minutes.
    MuninAsync(int node_port, Time begin);

    // Returns when all is in the spool that comes before `end`.
    void run_until(Time end);

    // What hands out the spool: munin-async, as Munin's guide writes it into authorized_keys.
    [[nodiscard]] std::string command() const;
    // What the spool's files have of a field of a service.
    [[nodiscard]] std::map<Time, std::string> values(const std::string& service,
                                                     const std::string& field) const;

  private:
    TemporaryDirectory directory_;
    std::filesystem::path spool_;
    std::unique_ptr<ChildProcess> process_;
};

}  // namespace kurabe::tests
