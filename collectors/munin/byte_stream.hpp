// How bytes get to a munin-node and back, whatever carries them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "collectors/patience.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::munin {

// Open to one peer. No call waits; errors are kSystem with the reason, also when the peer has ended
// it.
class ByteStream {
  public:
    virtual ~ByteStream() = default;

    // How many bytes were taken; 0: wait for events(true).
    [[nodiscard]] virtual Result<std::size_t> write(std::string_view bytes) = 0;
    // Adds what has come. False when nothing has: wait for events(false), and look again then and
    // after each turn of waiting.
    [[nodiscard]] virtual Result<bool> read(std::string& received) = 0;
    // What to poll(2) for.
    [[nodiscard]] virtual int descriptor() const = 0;
    [[nodiscard]] virtual short events(bool writes) const = 0;
};

// The way to one node, by which it is reached in each poll anew. Belongs to one thread at a time.
class Way {
  public:
    virtual ~Way() = default;

    // A stream at whose other end the node greets. The way must outlive it, and has one at a time.
    [[nodiscard]] virtual Result<std::unique_ptr<ByteStream>> open(const Patience& patience) = 0;
    // A poll went wrong: nothing of its way is used again.
    virtual void forget() = 0;
    // What may be said before the node greets, by others on the way.
    [[nodiscard]] virtual std::size_t lines_before_greeting_max() const noexcept = 0;
};

}  // namespace kurabe::collectors::munin
