// What a host is asked to run.
#include "collectors/munin/ssh_command.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "collectors/printable.hpp"
#include "store/ascii.hpp"

namespace kurabe::collectors::munin {

Result<void> check_ssh_command(std::string_view command) {
    constexpr std::size_t kShownBytesMax = 100;
    const bool is_line = std::ranges::none_of(command, store::is_control);
    if (is_line && !command.empty() && command.size() <= kSshCommandBytesMax) return {};
    return fail(
        ErrorCode::kInvalid,
        fmt::format("'{}' can be no command; it is one line of at most {} bytes, such as "
                    "'{}' or 'nc localhost 4949'",
                    printable(command, kShownBytesMax), kSshCommandBytesMax, kUsualSshCommand));
}

}  // namespace kurabe::collectors::munin
