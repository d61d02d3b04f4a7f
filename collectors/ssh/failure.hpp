// What libssh says of a call that failed, as an error of ours.
#pragma once

#include <cstddef>
#include <expected>
#include <string_view>

#include "store/result.hpp"

struct ssh_session_struct;

namespace kurabe::collectors::ssh {

// Of a reason or a complaint that is shown.
inline constexpr std::size_t kReasonBytesMax = 300;

// kSystem, "WHAT: the session's last error".
[[nodiscard]] std::unexpected<Error> failed(ssh_session_struct* session, std::string_view what);

}  // namespace kurabe::collectors::ssh
