// Programs as processes: what they cost, and talking to one through pipes.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "bench/measuring.hpp"

namespace kurabe::bench {

using Words = std::vector<std::string>;  // the program's path first

struct Cost {
    CpuSeconds cpu;
    double wall_seconds = 0;
};

// A process that ends by itself, its output thrown away. Stops the benchmark when it fails.
[[nodiscard]] Cost run(const Words& words);

// Of a running process so far, at ticks of the kernel's clock.
[[nodiscard]] CpuSeconds cpu_seconds_of(pid_t process);

// A process that is written to and read from.
class Talk {
  public:
    explicit Talk(const Words& words);
    Talk(const Talk&) = delete;
    Talk& operator=(const Talk&) = delete;

    // Sends `text` and reads the answers to `commands` commands, of a line "OK..." each, after
    // whatever else they print. Stops the benchmark at a line "ERROR...".
    void ask(std::string_view text, std::size_t commands);
    // Of the process so far.
    [[nodiscard]] CpuSeconds cpu_seconds() const;
    // Ends its input and waits.
    void finish();

  private:
    pid_t pid_ = -1;
    std::FILE* to_ = nullptr;
    std::FILE* from_ = nullptr;
};

}  // namespace kurabe::bench
