// A DNS server on a free UDP port of this machine that answers whatever a test wants.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "collectors/descriptor.hpp"

namespace kurabe::tests {

class DnsPeer {
  public:
    // The datagrams that go back for one that came; perhaps none.
    using Behaviour = std::function<std::vector<std::string>(const std::string& question)>;

    explicit DnsPeer(Behaviour behaviour);
    ~DnsPeer();
    DnsPeer(const DnsPeer&) = delete;
    DnsPeer& operator=(const DnsPeer&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }
    [[nodiscard]] int questions() const noexcept { return questions_; }

  private:
    void answer_all(const std::stop_token& stop);

    Behaviour behaviour_;
    collectors::Descriptor socket_;
    int port_ = 0;
    std::atomic<int> questions_ = 0;
    std::jthread answering_;
};

// An answer without records: the question with the bits of an answer, the code of RFC 1035, 4.1.1,
// and perhaps the bit that says that it is cut.
[[nodiscard]] std::string dns_answer(std::string question, int code, bool is_cut = false);

}  // namespace kurabe::tests
