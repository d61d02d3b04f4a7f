// Started in the foreground, and asked until it answers.
#include "tests/support/rrdcached_process.hpp"

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kurabe::tests {
namespace {

constexpr const char* kProgram = "/usr/bin/rrdcached";
constexpr std::chrono::seconds kPatience{30};
constexpr int kAttempts = 10;

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

// One that nothing listens on now.
int free_port() {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const system = reinterpret_cast<sockaddr*>(&address);
    const bool is_bound =
        ::bind(descriptor, system, size) == 0 && ::getsockname(descriptor, system, &size) == 0;
    ::close(descriptor);
    if (!is_bound) throw std::runtime_error("no free port");
    return ntohs(address.sin_port);
}

bool listens(int port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const bool answers =
        ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(descriptor);
    return answers;
}

}  // namespace

bool RrdcachedProcess::is_installed() {
    return ::access(kProgram, X_OK) == 0;
}

RrdcachedProcess::RrdcachedProcess(std::filesystem::path socket, std::filesystem::path base)
    : socket_(std::move(socket)), base_(std::move(base)) {
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        port_ = free_port();
        if (start()) return;
    }
    throw std::runtime_error("rrdcached does not start");
}

bool RrdcachedProcess::start() {
    process_ = std::make_unique<ChildProcess>(std::vector<std::string>{
        kProgram, "-g", "-F", "-l", unix_address(), "-l", "127.0.0.1:" + std::to_string(port_),
        "-b", base_.string(), "-p", socket_.string() + ".pid"});
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (process_->running() && std::chrono::steady_clock::now() < deadline) {
        if (std::filesystem::exists(socket_) && listens(port_)) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return false;
}

void RrdcachedProcess::restart() {
    stop();
    if (!start()) throw std::runtime_error("rrdcached does not start again");
}

void RrdcachedProcess::stop() {
    process_->signal(SIGTERM);
    (void)process_->finish();
}

}  // namespace kurabe::tests
