// Runs the commands of plugins beside each other, each with a time limit and a limit of its output,
// and leaves no process of theirs behind.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kurabe::collectors::agent {

struct CommandLimits {
    std::chrono::milliseconds deadline{30'000};
    std::size_t output_bytes_max = 1 << 20;
    std::size_t at_once = 16;  // others wait for their turn
};

struct CommandOutcome {
    std::string output;                  // up to a limit that was reached
    std::optional<std::string> failure;  // in one line: why it did not end well
};

// The outcome of each, in their order. A command with characters of the shell's is run by
// /bin/sh -c, others are split at blanks, as Perl's exec does; standard input is empty, standard
// error this process's. What it has started and not detached is ended with it, when it ends too.
// `stop` ends all within a moment.
[[nodiscard]] std::vector<CommandOutcome> run_commands(std::span<const std::string> commands,
                                                       const CommandLimits& limits,
                                                       const std::atomic<bool>& stop);

// From now on processes that detached themselves from a command become children of this process
// when the command ends.
void adopt_strays();
// Ends all children of this process: how many of them wait for something that never comes, such as
// a dead file system, and so cannot be ended yet.
std::size_t end_strays();

}  // namespace kurabe::collectors::agent
