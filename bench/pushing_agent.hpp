// An agent of Kurado that keeps its connection and pushes lines over it.
#pragma once

#include <string>
#include <string_view>

#include "collectors/descriptor.hpp"

namespace kurabe::bench {

// Lines as the command that the agent sends.
[[nodiscard]] std::string push_of(std::string_view lines);

class PushingAgent {
  public:
    // Connects to a port of this machine. Stops the benchmark when that fails, as do the others.
    explicit PushingAgent(int port);

    void send(std::string_view bytes) const;
    // Waits for the answer to one command.
    void expect_taken() const;

  private:
    collectors::Descriptor socket_;
};

}  // namespace kurabe::bench
