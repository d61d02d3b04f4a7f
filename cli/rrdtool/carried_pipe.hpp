// What a pipe takes along when the small image becomes the whole program in the middle of it: input
// that was read and not yet answered, and when the pipe began. The rest (directory, standard
// streams, CPU times) the system keeps for the process.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

struct CarriedPipe {
    std::string unread;
    std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

// Leaves it to the program that this process executes next: the input in a file in memory, whose
// descriptor stays open, and where it is in the environment.
[[nodiscard]] Result<void> leave(std::string_view unread,
                                 std::chrono::steady_clock::time_point started);
// Takes it back when nothing could be executed. Touches no other descriptor, whatever the
// environment says.
void forget_left() noexcept;

// What was left to this process; nothing unread and a start now when nothing was. The environment
// does not say so any longer.
[[nodiscard]] CarriedPipe take_left();

}  // namespace kurabe::cli::rrdtool
