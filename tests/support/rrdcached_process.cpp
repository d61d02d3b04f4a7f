// Started in the foreground, and asked until it answers.
#include "tests/support/rrdcached_process.hpp"

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>
#include <utility>

#include <unistd.h>

#include "tests/support/loopback.hpp"

namespace kurabe::tests {
namespace {

constexpr const char* kRrdcachedProgram = "/usr/bin/rrdcached";
constexpr std::chrono::seconds kRrdcachedPatience{30};
constexpr int kRrdcachedAttempts = 10;

}  // namespace

bool RrdcachedProcess::is_installed() {
    return ::access(kRrdcachedProgram, X_OK) == 0;
}

RrdcachedProcess::RrdcachedProcess(std::filesystem::path socket, std::filesystem::path base)
    : socket_(std::move(socket)), base_(std::move(base)) {
    for (int attempt = 0; attempt < kRrdcachedAttempts; ++attempt) {
        port_ = free_port();
        if (start()) return;
    }
    throw std::runtime_error("rrdcached does not start");
}

bool RrdcachedProcess::start() {
    process_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{kRrdcachedProgram, "-g", "-F", "-l", unix_address(), "-l",
                                 "127.0.0.1:" + std::to_string(port_), "-b", base_.string(), "-p",
                                 socket_.string() + ".pid"});
    const auto deadline = std::chrono::steady_clock::now() + kRrdcachedPatience;
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
