// One command after the other.
#include "server/resp/protocol.hpp"

#include "server/resp/commands.hpp"

namespace kurabe::server::resp {

tcp::Outcome RespProtocol::answer(std::string_view bytes, std::string_view sender,
                                  std::string& replies) {
    tcp::Outcome done;
    while (!done.ends && done.used < bytes.size()) {
        const Reader::State state = reader_.read(bytes.substr(done.used));
        if (state == Reader::State::kIncomplete) break;
        if (state == Reader::State::kBroken) {
            add_error(replies, reader_.error());
            done.ends = true;
            break;
        }
        done.used += reader_.bytes();
        const Next next = resp::answer(reader_.words(), sender, *intake_(), replies);
        done.is_foreign = next == Next::kUnknown && reader_.is_inline();
        done.ends = next == Next::kClose || done.is_foreign;
    }
    return done;
}

void RespProtocol::add_error(std::string& replies, std::string_view text) const {
    resp::add_error(replies, text);
}

}  // namespace kurabe::server::resp
