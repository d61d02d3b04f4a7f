// The three words.
#include "cli/rrdtool/locking.hpp"

#include <fmt/format.h>

namespace kurabe::cli::rrdtool {

Result<store::rrd::LockWait> parse_locking(std::string_view text) {
    using store::rrd::LockWait;
    if (text.empty()) return LockWait{};
    if (text == "try") return LockWait::try_once();
    if (text == "block") return LockWait::for_ever();
    if (text == "none") return LockWait::without_lock();
    return fail(ErrorCode::kInvalid,
                fmt::format("unknown locking mode '{}': try, block or none expected", text));
}

}  // namespace kurabe::cli::rrdtool
