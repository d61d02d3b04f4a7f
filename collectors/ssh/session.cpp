// Each step is one call of libssh, which says SSH_AGAIN until what it waits for has come.
#include "collectors/ssh/session.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>
#include <poll.h>

#include "collectors/printable.hpp"
#include "collectors/ssh/capture.hpp"
#include "collectors/ssh/failure.hpp"
#include "collectors/ssh/handles.hpp"
#include "collectors/ssh/host_key.hpp"

namespace kurabe::collectors::ssh {
namespace {

constexpr unsigned kUsualPort = 22;
constexpr const char* kNoPassphrase = "";  // for null a library below would ask the terminal

enum class Step : std::uint8_t { kConnect, kLogIn, kReady };

std::optional<std::string> option(ssh_session session, ssh_options_e name) {
    char* text = nullptr;
    if (::ssh_options_get(session, name, &text) != SSH_OK || text == nullptr) return std::nullopt;
    return TextHandle(text).get();
}

}  // namespace

struct Session::State {
    SessionHandle session;
    std::unique_ptr<Conversation> conversation;  // destroyed before its session
    Descriptor socket;                           // until the session has it
    const Identity* identity = nullptr;
    std::string host;
    std::string user;
    unsigned port = kUsualPort;
    bool has_proxy = false;
    Step step = Step::kConnect;
    std::string output;
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

Result<std::unique_ptr<Session>> Session::prepare(const Target& target, const Access& access) {
    auto state = std::make_unique<State>();
    state->session.reset(::ssh_new());
    if (!state->session) return fail(ErrorCode::kSystem, "libssh gives no session");
    ssh_session session = state->session.get();
    if (auto done = configure(session, target, access.settings); !done) {
        return std::unexpected(done.error());
    }
    ::ssh_set_blocking(session, 0);
    (void)::ssh_options_get_port(session, &state->port);
    state->identity = access.identity.get();
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
    if (done != SSH_OK) return failed(session, "cannot exchange keys");
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
            return failed(session, "cannot log in");
    }
}

std::unique_ptr<Conversation> Session::converse(std::string_view command) {
    return std::make_unique<Conversation>(state_->session.get(), command);
}

void Session::start(std::string_view command) {
    state_->output.clear();
    state_->conversation = converse(command);
}

Result<Session::Progress> Session::run() {
    if (!state_->conversation) return Progress::kDone;
    const auto started = state_->conversation->start();
    if (!started || *started == Progress::kWaiting) return started;
    return read();
}

// Done as soon as all is there: whatever the command left running may keep the channel open.
Result<Session::Progress> Session::read() {
    Conversation& conversation = *state_->conversation;
    while (true) {
        const auto count = conversation.read(state_->output);
        if (!count) return std::unexpected(count.error());
        if (state_->output.size() + conversation.complained_bytes() > kCaptureBytesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("the command printed more than {} bytes", kCaptureBytesMax));
        }
        if (*count == 0) break;
    }
    if (!conversation.has_ended() && !is_complete(state_->output)) return Progress::kWaiting;
    if (state_->output.empty() && !conversation.complaint().empty()) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("the command printed nothing, but complained '{}'",
                                printable(conversation.complaint(), kReasonBytesMax)));
    }
    state_->conversation.reset();
    return Progress::kDone;
}

const std::string& Session::output() const noexcept {
    return state_->output;
}

Result<void> Session::serve() {
    ssh_session session = state_->session.get();
    const ssh_event event = ::ssh_event_new();
    if (event == nullptr) return failed(session, "libssh gives no event");
    int done = ::ssh_event_add_session(event, session);
    if (done == SSH_OK) done = ::ssh_event_dopoll(event, 0);
    (void)::ssh_event_remove_session(event, session);
    ::ssh_event_free(event);
    if (done == SSH_ERROR || ::ssh_is_connected(session) == 0) {
        return failed(session, "the session broke off");
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
