// Something on a port that answers commands as a test says, right or wrong.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kurabe::tests {

class ScriptedNode {
  public:
    // What stands for a reply.
    static constexpr const char* kHang = "@hang";
    static constexpr const char* kClose = "@close";
    static constexpr const char* kFlood = "@flood";               // a line without end
    static constexpr const char* kFloodOfLines = "@flood-lines";  // also behind other text

    // Replies by whole commands; "" is the banner. A command without one has "# Unknown command".
    explicit ScriptedNode(std::map<std::string, std::string> replies)
        : replies_(std::move(replies)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const plain = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_, plain, size) != 0 || ::listen(listener_, 16) != 0 ||
            ::getsockname(listener_, plain, &size) != 0) {
            throw std::runtime_error("no port to listen on");
        }
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~ScriptedNode() {
        stopping_ = true;
        thread_.join();
        ::close(listener_);
    }
    ScriptedNode(const ScriptedNode&) = delete;
    ScriptedNode& operator=(const ScriptedNode&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }
    void set(const std::string& command, std::string reply) {
        const std::lock_guard lock(mutex_);
        replies_[command] = std::move(reply);
    }
    // All that came so far, of all connections.
    [[nodiscard]] std::vector<std::string> commands() {
        const std::lock_guard lock(mutex_);
        return commands_;
    }

  private:
    void serve() {
        while (!stopping_) {
            pollfd polled{.fd = listener_, .events = POLLIN, .revents = 0};
            if (::poll(&polled, 1, 20) <= 0) continue;
            const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) continue;
            speak(socket);
            ::close(socket);
        }
    }
    void speak(int socket) {
        if (!reply(socket, "")) return;
        std::string received;
        while (!stopping_) {
            pollfd polled{.fd = socket, .events = POLLIN, .revents = 0};
            if (::poll(&polled, 1, 20) <= 0) continue;
            char bytes[4096];
            const ssize_t got = ::recv(socket, bytes, sizeof bytes, 0);
            if (got <= 0) return;
            received.append(bytes, static_cast<std::size_t>(got));
            for (std::size_t end = 0; (end = received.find('\n')) != std::string::npos;) {
                const std::string command = received.substr(0, end);
                received.erase(0, end + 1);
                if (command == "quit" || !reply(socket, command)) return;
            }
        }
    }
    // False when the connection is over.
    bool reply(int socket, const std::string& command) {
        std::string text;
        {
            const std::lock_guard lock(mutex_);
            if (!command.empty()) commands_.push_back(command);
            const auto found = replies_.find(command);
            text = found == replies_.end() ? "# Unknown command\n" : found->second;
        }
        if (text == kClose) return false;
        if (text == kHang) {
            wait_for_end(socket);
            return false;
        }
        if (text == kFlood || text.ends_with(kFloodOfLines)) {
            const std::string more(8192, 'x');
            const std::string piece = text == kFlood ? more : "x.label y\n" + more + "\n";
            const std::string begin = text.substr(0, text.rfind('@'));
            if (!send(socket, begin)) return false;
            while (!stopping_ && send(socket, piece)) {
            }
            return false;
        }
        return send(socket, text);
    }
    void wait_for_end(int socket) const {
        while (!stopping_) {
            pollfd polled{.fd = socket, .events = POLLIN, .revents = 0};
            char byte = 0;
            if (::poll(&polled, 1, 20) > 0 && ::recv(socket, &byte, 1, 0) <= 0) return;
        }
    }
    static bool send(int socket, const std::string& text) {
        std::size_t sent = 0;
        while (sent < text.size()) {
            const ssize_t now =
                ::send(socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
            if (now <= 0) return false;
            sent += static_cast<std::size_t>(now);
        }
        return true;
    }

    std::map<std::string, std::string> replies_;
    std::vector<std::string> commands_;
    std::mutex mutex_;  // guards both
    int listener_ = -1;
    int port_ = 0;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace kurabe::tests
