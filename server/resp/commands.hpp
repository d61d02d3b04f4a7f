// What the commands of Redis' protocol do here: Kurado's agents push lines with RPUSH, and ask with
// PING whether anybody is there. Knows no sockets.
// Rule: docs/operations.md, "Kurado's agents"; Kurado's agent.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "server/line_intake.hpp"

namespace kurabe::server::resp {

inline constexpr std::string_view kList = "kurado-update";

enum class Next {
    kGoOn,
    kClose,
    kUnknown,  // no command of this protocol; the error is told, the connection's fate is open
};

// Appends the answer to one command to `replies`; the answer to lines is an error when the store
// could not take them, when their sender may not send them, and when all of them are wrong. An
// answer that is none says that they survive a crash of the program. No words: no answer.
// `sender` as for LineIntake.
[[nodiscard]] Next answer(std::span<const std::string_view> words, std::string_view sender,
                          LineIntake& intake, std::string& replies);

// "-ERR text\r\n", on one line.
void add_error(std::string& replies, std::string_view text);

}  // namespace kurabe::server::resp
