// A munin-node that listens on a port.
#pragma once

#include <memory>
#include <utility>

#include "collectors/host_port.hpp"
#include "collectors/munin/byte_stream.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::munin {

class TcpWay final : public Way {
  public:
    // `peer` has a port.
    explicit TcpWay(HostPort peer) : peer_(std::move(peer)) {}

    [[nodiscard]] Result<std::unique_ptr<ByteStream>> open(const Patience& patience) override;
    void forget() override {}  // a connection is of one poll
    [[nodiscard]] std::size_t lines_before_greeting_max() const noexcept override { return 0; }

  private:
    HostPort peer_;
};

}  // namespace kurabe::collectors::munin
