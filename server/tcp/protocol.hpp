// What is made of the bytes of one peer, apart from the sockets that bring them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kurabe::server::tcp {

struct Outcome {
    std::size_t used = 0;     // bytes that are done with
    bool ends = false;        // nothing that comes behind them counts
    bool is_foreign = false;  // it ends because the peer speaks another protocol. Behind a line of
                              // HTTP, say, may come lines that look right: a web page chose them,
                              // and nobody here sent them.
    bool waits = false;       // the store cannot take the next ones now: they are tried again
};

// Used by one thread.
class Protocol {
  public:
    virtual ~Protocol() = default;

    // Does what the complete messages of `bytes` say and adds the answers to `replies`. `sender` is
    // the peer's numeric address.
    [[nodiscard]] virtual Outcome answer(std::string_view bytes, std::string_view sender,
                                         std::string& replies) = 0;
    // An error as an answer, if there are any in the protocol.
    virtual void add_error(std::string& replies, std::string_view text) const = 0;

    // For the log: "Redis' protocol", "agents".
    [[nodiscard]] virtual std::string_view name() const noexcept = 0;
    [[nodiscard]] virtual std::string_view peers() const noexcept = 0;
};

}  // namespace kurabe::server::tcp
