// A munin-node, or munin-async, that a command on a host speaks for: over SSH, in a session that is
// kept open from poll to poll.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "collectors/munin/byte_stream.hpp"
#include "collectors/ssh/access.hpp"
#include "collectors/ssh/session.hpp"
#include "collectors/ssh/target.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::munin {

// Of login shells and what they print.
inline constexpr std::size_t kOtherLinesMax = 200;
// Of the command's standard error in one poll.
inline constexpr std::size_t kComplainedBytesMax = 1 << 20;

class SshWay final : public Way {
  public:
    // `command` is what the host is asked to run.
    SshWay(ssh::Target target, std::string command, std::shared_ptr<const ssh::Access> access)
        : target_(std::move(target)), command_(std::move(command)), access_(std::move(access)) {}

    [[nodiscard]] Result<std::unique_ptr<ByteStream>> open(const Patience& patience) override;
    void forget() override { session_.reset(); }
    [[nodiscard]] std::size_t lines_before_greeting_max() const noexcept override {
        return kOtherLinesMax;
    }

  private:
    [[nodiscard]] Result<void> log_in(const Patience& patience);
    // Has the host run the command.
    [[nodiscard]] Result<std::unique_ptr<ssh::Conversation>> begin(const Patience& patience);

    ssh::Target target_;
    std::string command_;
    std::shared_ptr<const ssh::Access> access_;
    std::unique_ptr<ssh::Session> session_;  // null: none is open
    Patience::Time used_at_{};               // when the last poll began
};

}  // namespace kurabe::collectors::munin
