// What libssh says of a call that failed.
#include "collectors/ssh/failure.hpp"

#include <string>

#include <fmt/format.h>

#include "collectors/printable.hpp"
#include "collectors/ssh/handles.hpp"

namespace kurabe::collectors::ssh {

std::unexpected<Error> failed(ssh_session_struct* session, std::string_view what) {
    const std::string reason = printable(::ssh_get_error(session), kReasonBytesMax);
    return fail(ErrorCode::kSystem,
                reason.empty() ? std::string(what) : fmt::format("{}: {}", what, reason));
}

}  // namespace kurabe::collectors::ssh
