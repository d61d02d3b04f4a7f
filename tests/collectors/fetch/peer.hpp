// A service on a free port of this machine that does whatever a test wants, one thread for each
// connection.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "collectors/descriptor.hpp"

namespace kurabe::tests {

// One accepted connection. Reads and writes end when the peer does.
class PeerConnection {
  public:
    PeerConnection(int socket, std::stop_token stop) : socket_(socket), stop_(std::move(stop)) {}

    // What comes until `end` has come, or the connection or the test has ended.
    [[nodiscard]] std::string read_until(std::string_view end) const;
    // False when nobody reads any more.
    bool write(std::string_view bytes) const;
    // Until the other side or the test ends.
    void stay_silent() const;
    [[nodiscard]] bool ends() const { return stop_.stop_requested(); }

  private:
    int socket_;
    std::stop_token stop_;
};

class Peer {
  public:
    using Behaviour = std::function<void(const PeerConnection&)>;

    explicit Peer(Behaviour behaviour);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }
    [[nodiscard]] int connections() const noexcept { return connections_; }

  private:
    void accept_all(const std::stop_token& stop);

    Behaviour behaviour_;
    collectors::Descriptor listening_;
    int port_ = 0;
    std::atomic<int> connections_ = 0;
    std::mutex mutex_;  // guards served_
    std::vector<std::jthread> served_;
    std::jthread accepting_;
};

// A peer that answers every HTTP request with these bytes.
[[nodiscard]] Peer::Behaviour answering(std::string bytes);
// A whole answer of HTTP.
[[nodiscard]] std::string http_answer(std::string_view body, std::string_view status = "200 OK",
                                      std::string_view headers = "");

}  // namespace kurabe::tests
