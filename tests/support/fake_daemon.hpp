// A daemon on a Unix socket that answers what a test tells it to, right or wrong.
#pragma once

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace kurabe::tests {

class FakeDaemon {
  public:
    // What follows the last reply.
    enum class Then { kClose, kHang, kFlood };

    // Answers the lines of one client with `replies`, one by one.
    FakeDaemon(const std::filesystem::path& socket, std::vector<std::string> replies, Then then);
    ~FakeDaemon();
    FakeDaemon(const FakeDaemon&) = delete;
    FakeDaemon& operator=(const FakeDaemon&) = delete;

  private:
    void serve(const std::vector<std::string>& replies, Then then) const;

    int listener_;
    std::thread thread_;
};

}  // namespace kurabe::tests
