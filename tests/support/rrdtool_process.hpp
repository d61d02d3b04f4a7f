// The installed rrdtool, or ours, kept running in its pipe mode (`rrdtool -`) for many commands.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace kurabe::tests {

// The other side of every comparison. By its whole path: a link of that name to this program, which
// its users have, may come first in PATH.
inline constexpr const char* kRrdtool = "/usr/bin/rrdtool";

// Whether it is this program, by whatever name.
[[nodiscard]] bool is_kurabe(const std::string& program);

class RrdtoolProcess {
  public:
    struct Answer {
        bool ok;
        std::string text;  // what it printed, then the error after "ERROR: "
    };

    // Throws when this program is installed in its place: there is nothing to compare with.
    [[nodiscard]] static bool is_installed();
    explicit RrdtoolProcess(std::string program = kRrdtool);
    ~RrdtoolProcess();
    RrdtoolProcess(const RrdtoolProcess&) = delete;
    RrdtoolProcess& operator=(const RrdtoolProcess&) = delete;

    // One command without "rrdtool", such as "info x.rrd"; words are split at blanks.
    Answer run(std::string_view command);

  private:
    pid_t process_ = -1;
    FILE* input_ = nullptr;
    FILE* output_ = nullptr;
};

}  // namespace kurabe::tests
