// One client in a thread of its own.
#include "tests/support/fake_daemon.hpp"

#include <stdexcept>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace kurabe::tests {
namespace {

bool send_all(int client, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

// False at the client's end.
bool receive_line(int client) {
    for (char byte = 0; byte != '\n';) {
        if (::recv(client, &byte, 1, 0) != 1) return false;
    }
    return true;
}

}  // namespace

FakeDaemon::FakeDaemon(const std::filesystem::path& socket, std::vector<std::string> replies,
                       Then then)
    : listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket.native().copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 1) != 0) {
        throw std::runtime_error("cannot listen at " + socket.native());
    }
    thread_ = std::thread([this, replies = std::move(replies), then] { serve(replies, then); });
}

FakeDaemon::~FakeDaemon() {
    ::shutdown(listener_, SHUT_RDWR);  // ends an accept()
    thread_.join();
    ::close(listener_);
}

void FakeDaemon::serve(const std::vector<std::string>& replies, Then then) const {
    const int client = ::accept(listener_, nullptr, nullptr);
    if (client < 0) return;
    for (const std::string& reply : replies) {
        if (!receive_line(client) || !send_all(client, reply)) break;
    }
    const std::string flood(1 << 16, 'x');
    while (then == Then::kFlood && send_all(client, flood)) continue;
    while (then == Then::kHang && receive_line(client)) continue;
    ::close(client);
}

}  // namespace kurabe::tests
