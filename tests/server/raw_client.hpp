// A bare TCP connection to 127.0.0.1 for tests of what real HTTP clients never send.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace kurabe::server {

struct RawResponse {
    int status = 0;    // 0 when the connection ended without an answer
    std::string head;  // with the status line
    std::string body;
};

class RawClient {
  public:
    // Not connected yet.
    RawClient() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        const timeval patience{.tv_sec = 20, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    explicit RawClient(std::uint16_t port) : RawClient() { connect(port); }
    void connect(std::uint16_t port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ =
            ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    ~RawClient() { ::close(socket_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    [[nodiscard]] bool connected() const { return connected_; }

    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    // Nothing more comes from here; answers are still read.
    void end_sending() const { ::shutdown(socket_, SHUT_WR); }

    // One answer, by its Content-Length. `with_body` is false for HEAD.
    [[nodiscard]] RawResponse receive(bool with_body = true) {
        RawResponse response;
        while (received_.find("\r\n\r\n") == std::string::npos) {
            if (!receive_more()) return response;
        }
        const std::size_t body = received_.find("\r\n\r\n") + 4;
        response.head = received_.substr(0, body);
        response.status = number_behind(response.head, "HTTP/1.1 ");
        const auto length = static_cast<std::size_t>(
            with_body ? number_behind(response.head, "Content-Length: ") : 0);
        while (received_.size() < body + length) {
            if (!receive_more()) break;
        }
        response.body = received_.substr(body, length);
        received_.erase(0, body + length);
        return response;
    }

    // So many bytes, or fewer when the server closes before.
    [[nodiscard]] std::string receive_bytes(std::size_t count) {
        while (received_.size() < count) {
            if (!receive_more()) break;
        }
        std::string bytes = received_.substr(0, count);
        received_.erase(0, count);
        return bytes;
    }

    // Everything until the server closes.
    [[nodiscard]] std::string receive_all() {
        while (receive_more()) {
        }
        return received_;
    }

  private:
    bool receive_more() {
        std::array<char, 65536> part{};
        const ssize_t got = ::recv(socket_, part.data(), part.size(), 0);
        if (got <= 0) return false;
        received_.append(part.data(), static_cast<std::size_t>(got));
        return true;
    }
    static int number_behind(std::string_view text, std::string_view label) {
        const std::size_t at = text.find(label);
        int number = 0;
        if (at != std::string_view::npos) {
            std::from_chars(text.data() + at + label.size(), text.data() + text.size(), number);
        }
        return number;
    }

    int socket_;
    bool connected_ = false;
    std::string received_;
};

}  // namespace kurabe::server
