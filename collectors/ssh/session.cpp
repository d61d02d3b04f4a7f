// Each step is one call of libssh, which says SSH_AGAIN until what it waits for has come.
#include "collectors/ssh/session.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <poll.h>

#include "collectors/ssh/capture.hpp"
#include "collectors/ssh/handles.hpp"
#include "collectors/ssh/host_key.hpp"
#include "collectors/printable.hpp"

namespace kurabe::collectors::ssh {
namespace {

constexpr std::size_t kReasonBytesMax = 300;
constexpr std::size_t kReadBytes = 16 << 10;
constexpr unsigned kUsualPort = 22;
constexpr const char* kNoPassphrase = "";  // for null a library below would ask the terminal

enum class Step : std::uint8_t { kConnect, kLogIn, kReady, kOpenChannel, kRequest, kRead };

std::optional<std::string> option(ssh_session session, ssh_options_e name) {
    char* text = nullptr;
    if (::ssh_options_get(session, name, &text) != SSH_OK || text == nullptr) return std::nullopt;
    return TextHandle(text).get();
}

}  // namespace

struct Session::State {
    SessionHandle session;
    ChannelHandle channel;  // destroyed before its session
    Descriptor socket;      // until the session has it
    const Identity* identity = nullptr;
    std::string host;
    std::string user;
    unsigned port = kUsualPort;
    bool has_proxy = false;
    Step step = Step::kConnect;
    std::string command;
    std::string output;
    std::string complaint;  // the command's standard error, its beginning
    std::size_t complained_bytes = 0;

    [[nodiscard]] int take_some();
    [[nodiscard]] std::unexpected<Error> failed(std::string_view what) const {
        const std::string reason = printable(::ssh_get_error(session.get()), kReasonBytesMax);
        return fail(ErrorCode::kSystem,
                    reason.empty() ? std::string(what) : fmt::format("{}: {}", what, reason));
    }
};

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}

// Without ssh_disconnect(), which forgets a socket that was handed in, and leaves it open; the host
// sees the connection end.
Session::~Session() = default;

namespace {

// What the target says wins over the configuration, as on ssh's command line; so it is set again
// after it. The name must be known before, for the configuration is read for it.
Result<void> configure(ssh_session session, const Target& target, const Settings& settings) {
    const auto set = [session](ssh_options_e name, const void* value) {
        return ::ssh_options_set(session, name, value) == SSH_OK;
    };
    const auto refused = [session] {
        return fail(ErrorCode::kInvalid,
                    fmt::format("libssh refuses a setting: {}",
                                printable(::ssh_get_error(session), kReasonBytesMax)));
    };
    const bool off = false;
    if (!set(SSH_OPTIONS_HOST, target.host.c_str()) || !set(SSH_OPTIONS_PROCESS_CONFIG, &off)) {
        return refused();
    }
    if (settings.config != kNoConfig) {
        const char* const file = settings.config ? settings.config->c_str() : nullptr;
        if (::ssh_options_parse_config(session, file) != SSH_OK) return refused();
    }
    if (!target.user.empty() && !set(SSH_OPTIONS_USER, target.user.c_str())) return refused();
    const unsigned port = target.port.value_or(0);
    if (target.port && !set(SSH_OPTIONS_PORT, &port)) return refused();
    if (settings.known_hosts && !set(SSH_OPTIONS_KNOWNHOSTS, settings.known_hosts->c_str())) {
        return refused();
    }
    const int on = 1;  // whatever the configuration says: an unknown key is never taken
    return set(SSH_OPTIONS_STRICTHOSTKEYCHECK, &on) ? Result<void>() : refused();
}

}  // namespace

Result<std::unique_ptr<Session>> Session::prepare(const Target& target, const Settings& settings,
                                                  const Identity* identity) {
    auto state = std::make_unique<State>();
    state->session.reset(::ssh_new());
    if (!state->session) return fail(ErrorCode::kSystem, "libssh gives no session");
    ssh_session session = state->session.get();
    if (auto done = configure(session, target, settings); !done) {
        return std::unexpected(done.error());
    }
    ::ssh_set_blocking(session, 0);
    (void)::ssh_options_get_port(session, &state->port);
    state->identity = identity;
    state->host = option(session, SSH_OPTIONS_HOST).value_or(target.host);
    state->user = option(session, SSH_OPTIONS_USER).value_or(target.user);
    state->has_proxy = option(session, SSH_OPTIONS_PROXYCOMMAND).has_value();
    return std::unique_ptr<Session>(new Session(std::move(state)));
}

const std::string& Session::host() const noexcept {
    return state_->host;
}

std::uint16_t Session::port() const noexcept {
    return static_cast<std::uint16_t>(state_->port);
}

bool Session::has_proxy() const noexcept {
    return state_->has_proxy;
}

void Session::use(Descriptor socket) {
    state_->socket = std::move(socket);
}

Result<Session::Progress> Session::open() {
    while (state_->step < Step::kReady) {
        const auto progress = state_->step == Step::kConnect ? connect() : log_in();
        if (!progress || *progress == Progress::kWaiting) return progress;
    }
    return Progress::kDone;
}

Result<Session::Progress> Session::connect() {
    ssh_session session = state_->session.get();
    if (state_->socket.number() >= 0) {
        socket_t socket = state_->socket.release();
        (void)::ssh_options_set(session, SSH_OPTIONS_FD, &socket);
    }
    const int done = ::ssh_connect(session);
    if (done == SSH_AGAIN) return Progress::kWaiting;
    if (done != SSH_OK) return state_->failed("cannot exchange keys");
    const HostPlace place{
        .host = state_->host, .port = state_->port, .is_behind_proxy = state_->has_proxy};
    if (auto known = verify_host_key(session, place); !known) {
        return std::unexpected(known.error());
    }
    state_->step = Step::kLogIn;
    return Progress::kDone;
}

Result<Session::Progress> Session::log_in() {
    ssh_session session = state_->session.get();
    const Identity* const identity = state_->identity;
    const int done = identity != nullptr
                         ? ::ssh_userauth_publickey(session, nullptr, identity->key())
                         : ::ssh_userauth_publickey_auto(session, nullptr, kNoPassphrase);
    const std::string keys = identity != nullptr
                                 ? "the key " + identity->file().string()
                                 : "every key of the agent, the configuration and ~/.ssh";
    switch (done) {
        case SSH_AUTH_SUCCESS:
            state_->step = Step::kReady;
            return Progress::kDone;
        case SSH_AUTH_AGAIN:
            return Progress::kWaiting;
        case SSH_AUTH_DENIED:
            return fail(ErrorCode::kInvalid,
                        fmt::format("the host refuses {}{}", keys,
                                    state_->user.empty() ? "" : " for user " + state_->user));
        case SSH_AUTH_PARTIAL:
            return fail(ErrorCode::kUnsupported,
                        "the host wants more than a key, which nobody is here to give");
        default:
            return state_->failed("cannot log in");
    }
}

void Session::start(std::string_view command) {
    state_->command = command;
    state_->output.clear();
    state_->complaint.clear();
    state_->complained_bytes = 0;
    state_->channel.reset(::ssh_channel_new(state_->session.get()));
    state_->step = Step::kOpenChannel;
}

Result<Session::Progress> Session::run() {
    while (state_->step > Step::kReady) {
        const auto progress = state_->step == Step::kOpenChannel ? open_channel()
                              : state_->step == Step::kRequest   ? request()
                                                                 : read();
        if (!progress || *progress == Progress::kWaiting) return progress;
    }
    return Progress::kDone;
}

Result<Session::Progress> Session::open_channel() {
    if (!state_->channel) return state_->failed("cannot open a channel");
    const int done = ::ssh_channel_open_session(state_->channel.get());
    if (done == SSH_AGAIN) return Progress::kWaiting;
    if (done != SSH_OK) return state_->failed("cannot open a channel");
    state_->step = Step::kRequest;
    return Progress::kDone;
}

Result<Session::Progress> Session::request() {
    const int done = ::ssh_channel_request_exec(state_->channel.get(), state_->command.c_str());
    if (done == SSH_AGAIN) return Progress::kWaiting;
    if (done != SSH_OK) return state_->failed("the host does not run the command");
    state_->step = Step::kRead;
    return Progress::kDone;
}

// Takes what has come; how much that is, or nothing more for now, or SSH_ERROR.
int Session::State::take_some() {
    std::array<char, kReadBytes> buffer;
    const int complained =
        ::ssh_channel_read_nonblocking(channel.get(), buffer.data(), buffer.size(), 1);
    if (complained > 0) {
        const auto size = static_cast<std::size_t>(complained);
        complained_bytes += size;
        complaint.append(buffer.data(), std::min(size, kComplaintBytesMax - complaint.size()));
    }
    const int printed =
        ::ssh_channel_read_nonblocking(channel.get(), buffer.data(), buffer.size(), 0);
    if (printed > 0) output.append(buffer.data(), static_cast<std::size_t>(printed));
    if (complained == SSH_ERROR || printed == SSH_ERROR) return SSH_ERROR;
    return std::max(complained, 0) + std::max(printed, 0);
}

// Done as soon as all is there: whatever the command left running may keep the channel open.
Result<Session::Progress> Session::read() {
    int count = 0;
    do {
        count = state_->take_some();
        if (count == SSH_ERROR) return state_->failed("the session broke off");
        if (state_->output.size() + state_->complained_bytes > kCaptureBytesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("the command printed more than {} bytes", kCaptureBytesMax));
        }
    } while (count > 0);
    ssh_channel channel = state_->channel.get();
    const bool has_ended =
        ::ssh_channel_is_eof(channel) != 0 || ::ssh_channel_is_closed(channel) != 0;
    if (!has_ended && !is_complete(state_->output)) return Progress::kWaiting;
    if (state_->output.empty() && !state_->complaint.empty()) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("the command printed nothing, but complained '{}'",
                                printable(state_->complaint, kReasonBytesMax)));
    }
    state_->channel.reset();
    state_->step = Step::kReady;
    return Progress::kDone;
}

const std::string& Session::output() const noexcept {
    return state_->output;
}

Result<void> Session::serve() {
    ssh_session session = state_->session.get();
    const ssh_event event = ::ssh_event_new();
    if (event == nullptr) return state_->failed("libssh gives no event");
    int done = ::ssh_event_add_session(event, session);
    if (done == SSH_OK) done = ::ssh_event_dopoll(event, 0);
    (void)::ssh_event_remove_session(event, session);
    ::ssh_event_free(event);
    if (done == SSH_ERROR || ::ssh_is_connected(session) == 0) {
        return state_->failed("the session broke off");
    }
    return {};
}

int Session::descriptor() const noexcept {
    return ::ssh_get_fd(state_->session.get());
}

short Session::events() const noexcept {
    const bool writes = (::ssh_get_poll_flags(state_->session.get()) & SSH_WRITE_PENDING) != 0;
    return static_cast<short>(writes ? POLLIN | POLLOUT : POLLIN);
}

}  // namespace kurabe::collectors::ssh
