// One command on the host of an open session: what is written to it and what it prints. No call
// waits for the host. The wrapper of libssh's channels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "store/result.hpp"

struct ssh_channel_struct;
struct ssh_session_struct;

namespace kurabe::collectors::ssh {

// Whether a call has come to its end, or is to be made again when the session's descriptor is
// ready.
enum class Progress : std::uint8_t { kWaiting, kDone };

// What a command may say on its standard error before the rest is dropped.
inline constexpr std::size_t kComplaintBytesMax = 512;

class Conversation {
  public:
    // The session, whose user is logged in, must outlive it.
    Conversation(ssh_session_struct* session, std::string_view command);
    ~Conversation();  // the host's end of it is closed; what still runs there is left alone
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    // Has the host run the command. A key that may run one command only runs that.
    [[nodiscard]] Result<Progress> start();

    // How many bytes were taken for the command's standard input; 0: none for now.
    [[nodiscard]] Result<std::size_t> write(std::string_view bytes);
    // Adds what has come of the standard output; how many bytes have come of both.
    [[nodiscard]] Result<std::size_t> read(std::string& output);

    // Nothing more will come of its output.
    [[nodiscard]] bool has_ended() const;
    // And what its exit was is known, or never will be.
    [[nodiscard]] bool is_closed() const;
    // None: it does not say, or was killed.
    [[nodiscard]] std::optional<int> exit_status() const;
    // The beginning of its standard error, and how much of that has come.
    [[nodiscard]] const std::string& complaint() const noexcept { return complaint_; }
    [[nodiscard]] std::size_t complained_bytes() const noexcept { return complained_bytes_; }

  private:
    enum class Step : std::uint8_t { kOpen, kRequest, kRuns };
    struct Free {
        void operator()(ssh_channel_struct* channel) const noexcept;
    };

    ssh_session_struct* session_;
    std::unique_ptr<ssh_channel_struct, Free> channel_;
    std::string command_;
    Step step_ = Step::kOpen;
    std::string complaint_;
    std::size_t complained_bytes_ = 0;
};

}  // namespace kurabe::collectors::ssh
