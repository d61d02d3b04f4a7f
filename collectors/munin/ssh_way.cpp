// A session, and in it a command for each poll.
#include "collectors/munin/ssh_way.hpp"

#include <optional>

#include <fmt/format.h>

#include "collectors/connect_to.hpp"
#include "collectors/printable.hpp"
#include "collectors/ssh/failure.hpp"

namespace kurabe::collectors::munin {
namespace {

using ssh::Conversation;
using ssh::Progress;
using Time = Patience::Time;

constexpr int kNotFoundStatus = 127;  // of shells
// How long a command that has closed its output may take to end, before it is given up without its
// exit status.
constexpr std::chrono::seconds kEndingMax{1};

// Why a command that has ended did.
std::string ending_of(const Conversation& conversation, const std::string& command) {
    const std::optional<int> status = conversation.exit_status();
    std::string text = "the command ended";
    if (status == kNotFoundStatus) {
        text = fmt::format("the host does not find the command (asked for was '{}')",
                           printable(command, ssh::kReasonBytesMax));
    } else if (status.value_or(0) != 0) {
        text = fmt::format("the command ended with exit status {}", *status);
    } else if (!status) {
        text = "the command was cut off";
    }
    if (conversation.complaint().empty()) return text;
    return fmt::format("{}: '{}'", text, printable(conversation.complaint(), ssh::kReasonBytesMax));
}

class SshStream final : public ByteStream {
  public:
    // The references outlive it.
    SshStream(const ssh::Session& session, const std::string& command,
              std::unique_ptr<Conversation> conversation)
        : session_(session), command_(command), conversation_(std::move(conversation)) {}

    Result<std::size_t> write(std::string_view bytes) override {
        if (conversation_->is_closed()) return ended();
        return conversation_->write(bytes);
    }

    Result<bool> read(std::string& received) override {
        const auto came = conversation_->read(received);
        if (!came) return std::unexpected(came.error());
        if (conversation_->complained_bytes() > kComplainedBytesMax) {
            return fail(ErrorCode::kSystem, fmt::format("the command complained of over {} bytes",
                                                        kComplainedBytesMax));
        }
        if (*came > 0) return true;
        if (!conversation_->has_ended()) return false;
        const Time now = Patience::Clock::now();
        ended_at_ = ended_at_.value_or(now);
        if (!conversation_->is_closed() && now < *ended_at_ + kEndingMax) return false;
        return ended();
    }

    int descriptor() const override { return session_.descriptor(); }
    short events(bool /*writes*/) const override { return session_.events(); }

  private:
    std::unexpected<Error> ended() const {
        return fail(ErrorCode::kSystem, ending_of(*conversation_, command_));
    }

    const ssh::Session& session_;
    const std::string& command_;
    std::unique_ptr<Conversation> conversation_;
    std::optional<Time> ended_at_;
};

// Takes steps until done. `late` is the error when the time is over before.
template <typename Step>
Result<void> until_done(const Patience& patience, const ssh::Session& session,
                        std::string_view late, Step step) {
    while (true) {
        const Result<Progress> progress = step();
        if (!progress) return std::unexpected(progress.error());
        if (*progress == Progress::kDone) return {};
        if (auto waited = patience.wait(session.descriptor(), session.events()); !waited) {
            const bool is_late = waited.error().code == ErrorCode::kLimit;
            return is_late ? fail(ErrorCode::kLimit, std::string(late)) : waited;
        }
    }
}

}  // namespace

Result<void> SshWay::log_in(const Patience& patience) {
    auto session = ssh::Session::prepare(target_, *access_);
    if (!session) return std::unexpected(session.error());
    if (!(*session)->has_proxy()) {
        auto socket =
            connect_to({.host = (*session)->host(), .port = (*session)->port()}, patience);
        if (!socket) return std::unexpected(socket.error());
        (*session)->use(*std::move(socket));
    }
    auto opened = until_done(patience, **session, "no SSH session in time",
                             [&session] { return (*session)->open(); });
    if (opened) session_ = *std::move(session);
    return opened;
}

Result<std::unique_ptr<Conversation>> SshWay::begin(const Patience& patience) {
    auto conversation = session_->converse(command_);
    const auto started = until_done(patience, *session_, "the command did not begin in time",
                                    [&conversation] { return conversation->start(); });
    if (!started) return std::unexpected(started.error());
    return conversation;
}

// A kept session may have died since the last poll, which is no failure of this one; one that does
// not answer gets a third of the time, so that there is some for another. One that was idle for
// long is not tried at all, see ssh::Settings.
Result<std::unique_ptr<ByteStream>> SshWay::open(const Patience& patience) {
    std::unique_ptr<Conversation> conversation;
    const Time now = Patience::Clock::now();
    if (session_ && now - used_at_ >= access_->settings.idle_max) forget();
    used_at_ = now;
    if (session_) {
        if (auto begun = begin(patience.until(now + (patience.deadline() - now) / 3))) {
            conversation = *std::move(begun);
        } else {
            forget();
        }
    }
    if (!conversation) {
        if (auto done = log_in(patience); !done) return std::unexpected(done.error());
        auto begun = begin(patience);
        if (!begun) return std::unexpected(begun.error());
        conversation = *std::move(begun);
    }
    return std::make_unique<SshStream>(*session_, command_, std::move(conversation));
}

}  // namespace kurabe::collectors::munin
