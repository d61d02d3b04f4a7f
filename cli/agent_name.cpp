// An address that was found stays until there is another.
#include "cli/agent_name.hpp"

#include <utility>

namespace kurabe::cli {

std::optional<std::string> AgentName::get() {
    if (given_) return given_;
    if (std::exchange(is_doubtful_, false) || !found_) ask();
    return found_;
}

void AgentName::ask() {
    auto address = ask_();
    if (!address) {
        if (!found_ && !std::exchange(is_told_, true)) {
            log_.error("nothing is collected until this machine's address is known",
                       {{"reason", address.error().message}});
        }
        return;
    }
    if (found_ == *address) return;
    found_ = *std::move(address);
    log_.info("this machine's name is that of its address", {{"host", *found_}});
}

}  // namespace kurabe::cli
