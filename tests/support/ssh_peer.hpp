// Something on a port of this machine that is no SSH server, or a bad one.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace kurabe::tests {

class SshPeer {
  public:
    enum class Kind : std::uint8_t {
        kSilent,   // accepts and never says a word
        kGarbage,  // sends random bytes without end
        kChatter,  // lines without end, as a server may send some before its version
        kStalls,   // says its version and nothing more
        kHangsUp,  // closes at once
    };

    explicit SshPeer(Kind kind, std::uint64_t seed = 1);
    ~SshPeer();
    SshPeer(const SshPeer&) = delete;
    SshPeer& operator=(const SshPeer&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }
    // How many connections it has accepted.
    [[nodiscard]] int accepted() const noexcept { return accepted_; }

  private:
    void serve();
    void speak(int socket);

    Kind kind_;
    std::uint64_t seed_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<int> accepted_ = 0;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace kurabe::tests
