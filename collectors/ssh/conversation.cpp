// Each step is one call of libssh, which says SSH_AGAIN until what it waits for has come.
#include "collectors/ssh/conversation.hpp"

#include <algorithm>
#include <array>

#include "collectors/ssh/failure.hpp"
#include "collectors/ssh/handles.hpp"

namespace kurabe::collectors::ssh {
namespace {

constexpr std::size_t kReadBytes = 16 << 10;
constexpr std::size_t kWriteBytesMax = 32 << 10;

}  // namespace

void Conversation::Free::operator()(ssh_channel_struct* channel) const noexcept {
    FreeChannel()(channel);
}

Conversation::Conversation(ssh_session_struct* session, std::string_view command)
    : session_(session), channel_(::ssh_channel_new(session)), command_(command) {}

Conversation::~Conversation() = default;

Result<Progress> Conversation::start() {
    if (!channel_) return failed(session_, "cannot open a channel");
    if (step_ == Step::kOpen) {
        const int done = ::ssh_channel_open_session(channel_.get());
        if (done == SSH_AGAIN) return Progress::kWaiting;
        if (done != SSH_OK) return failed(session_, "cannot open a channel");
        step_ = Step::kRequest;
    }
    if (step_ == Step::kRequest) {
        const int done = ::ssh_channel_request_exec(channel_.get(), command_.c_str());
        if (done == SSH_AGAIN) return Progress::kWaiting;
        if (done != SSH_OK) return failed(session_, "the host does not run the command");
        step_ = Step::kRuns;
    }
    return Progress::kDone;
}

Result<std::size_t> Conversation::write(std::string_view bytes) {
    const auto size = static_cast<std::uint32_t>(std::min(bytes.size(), kWriteBytesMax));
    const int written = ::ssh_channel_write(channel_.get(), bytes.data(), size);
    if (written == SSH_AGAIN) return 0;
    if (written < 0) return failed(session_, "the session broke off");
    return static_cast<std::size_t>(written);
}

Result<std::size_t> Conversation::read(std::string& output) {
    std::array<char, kReadBytes> buffer;
    const int complained =
        ::ssh_channel_read_nonblocking(channel_.get(), buffer.data(), buffer.size(), 1);
    if (complained > 0) {
        const auto size = static_cast<std::size_t>(complained);
        complained_bytes_ += size;
        complaint_.append(buffer.data(), std::min(size, kComplaintBytesMax - complaint_.size()));
    }
    const int printed =
        ::ssh_channel_read_nonblocking(channel_.get(), buffer.data(), buffer.size(), 0);
    if (printed > 0) output.append(buffer.data(), static_cast<std::size_t>(printed));
    if (complained == SSH_ERROR || printed == SSH_ERROR) {
        return failed(session_, "the session broke off");
    }
    return static_cast<std::size_t>(std::max(complained, 0)) +
           static_cast<std::size_t>(std::max(printed, 0));
}

bool Conversation::has_ended() const {
    return ::ssh_channel_is_eof(channel_.get()) != 0 || is_closed();
}

bool Conversation::is_closed() const {
    return ::ssh_channel_is_closed(channel_.get()) != 0;
}

std::optional<int> Conversation::exit_status() const {
    const int status = ::ssh_channel_get_exit_status(channel_.get());
    return status < 0 ? std::nullopt : std::optional(status);
}

}  // namespace kurabe::collectors::ssh
