// Lines over a stream of bytes, for a thread that may wait: each call ends at the deadline, and
// soon after a stop is requested. What the peer sends is held to limits.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "collectors/munin/byte_stream.hpp"
#include "collectors/patience.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::munin {

class LineConnection {
  public:
    LineConnection(std::unique_ptr<ByteStream> stream, Patience patience)
        : stream_(std::move(stream)), patience_(std::move(patience)) {}

    // With a line end behind it.
    [[nodiscard]] Result<void> send(std::string line);
    // The next line without its end ("\n" or "\r\n"); kLimit for a longer one.
    [[nodiscard]] Result<std::string> line(std::size_t bytes_max);
    // All lines before ".", each with its end.
    [[nodiscard]] Result<std::string> lines(std::size_t bytes_max);
    // Of the same, those that have come, at least one; none when "." has come. kLimit for a longer
    // line.
    [[nodiscard]] Result<std::string> some_lines(std::size_t line_bytes_max);

  private:
    // Adds what comes next to received_.
    [[nodiscard]] Result<void> receive();

    std::unique_ptr<ByteStream> stream_;
    Patience patience_;
    std::string received_;  // and not taken yet
};

}  // namespace kurabe::collectors::munin
