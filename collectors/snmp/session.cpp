// A session of net-snmp's, and what its callbacks told.
#include "collectors/snmp/session.hpp"

#include <cstring>
#include <exception>
#include <new>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "collectors/snmp/handles.hpp"
#include "collectors/snmp/pdu.hpp"
#include "collectors/snmp/session_access.hpp"

namespace kurabe::collectors::snmp {

using Clock = std::chrono::steady_clock;

struct Session::State {
    SessionHandle handle;
    Patience patience;
    bool is_v3 = false;
    bool is_probing = false;
    usmUser* user = nullptr;  // one that this session added to the library's list
    PduHandle waiting;        // for the engine ID

    // Of the request under way.
    bool is_waiting = false;
    bool is_answered = false;
    Time sent_at;
    std::optional<std::string> failure;
    int report = 0;  // what an SNMPv3 device reported instead of an answer
    const TakeAnswer* take = nullptr;
    std::exception_ptr thrown;

    [[nodiscard]] netsnmp_session& session() const { return *::snmp_sess_session(handle.get()); }
};

namespace {

std::string report_text(int report) {
    switch (report) {
        case SNMPERR_UNKNOWN_USER_NAME:
            return "the device does not know the user";
        case SNMPERR_AUTHENTICATION_FAILURE:
            return "the device refuses the auth passphrase or its protocol";
        case SNMPERR_DECRYPTION_ERR:
            return "the device refuses the priv passphrase or its protocol";
        case SNMPERR_UNSUPPORTED_SEC_LEVEL:
            return "the device does not offer the user this level";
        case SNMPERR_NOT_IN_TIME_WINDOW:
            return "the device's clock of SNMPv3 cannot be followed";
        case SNMPERR_UNKNOWN_ENG_ID:
            return "the device has another engine ID than it said";
        default:
            return fmt::format("the device reports {}", ::snmp_api_errstring(report));
    }
}

void take_message(Session::State& state, netsnmp_pdu& pdu) {
    if (pdu.command == SNMP_MSG_REPORT) {
        state.report = ::snmpv3_get_report_type(&pdu);
        return;
    }
    state.is_answered = true;
    if (state.is_probing) return;  // which no device should answer so; it asked for nothing
    try {
        give_answer(pdu, *state.take);
    } catch (...) {
        state.thrown = std::current_exception();
    }
}

// Devices answer a wrong community with silence, and a wrong user with a report.
std::string silence_text(const Session::State& state) {
    const int requests = state.patience.retries + 1;
    return fmt::format("no answer to {} request{} of {} s each{}", requests,
                       requests == 1 ? "" : "s",
                       std::chrono::duration<double>(state.patience.timeout).count(),
                       state.is_v3 ? "" : " (a wrong community is answered with silence, too)");
}

// The library's callback; 1 says that the request has come to its end.
int on_event(int operation, netsnmp_session*, int, netsnmp_pdu* pdu, void* pointer) noexcept {
    auto& state = *static_cast<Session::State*>(pointer);
    switch (operation) {
        case NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE:
            if (pdu->command != SNMP_MSG_RESPONSE && pdu->command != SNMP_MSG_REPORT) return 0;
            take_message(state, *pdu);
            break;
        case NETSNMP_CALLBACK_OP_TIMED_OUT:
            state.failure = silence_text(state);
            break;
        case NETSNMP_CALLBACK_OP_RESEND:
            state.sent_at = Clock::now();
            return 0;
        case NETSNMP_CALLBACK_OP_SEC_ERROR:
            // In answer to the probe it is what was hoped for.
            if (pdu->command == SNMP_MSG_REPORT) take_message(state, *pdu);
            if (!state.is_probing) state.failure = report_text(state.report);
            break;
        default:
            state.failure = "cannot send";
            break;
    }
    return 1;
}

Error sending_failed(const Session::State& state) {
    const netsnmp_session& session = state.session();
    return {ErrorCode::kSystem,
            fmt::format("cannot send: {}", session.s_errno != 0
                                               ? std::generic_category().message(session.s_errno)
                                               : ::snmp_api_errstring(session.s_snmp_errno))};
}

Result<void> send_pdu(Session::State& state, PduHandle pdu) {
    state.is_answered = false;
    state.failure.reset();
    state.report = 0;
    state.sent_at = Clock::now();
    if (::snmp_sess_async_send(state.handle.get(), pdu.get(), on_event, &state) == 0) {
        state.is_waiting = false;
        return std::unexpected(sending_failed(state));
    }
    (void)pdu.release();  // the library's now
    state.is_waiting = true;
    return {};
}

// Asks for the engine ID by what RFC 3414, 4, calls discovery: a request without one and without a
// user, to which the device answers with a report that has it.
Result<void> probe(Session::State& state) {
    PduHandle pdu(::snmp_pdu_create(SNMP_MSG_GET));
    if (!pdu) throw std::bad_alloc();
    pdu->version = SNMP_VERSION_3;
    pdu->securityModel = SNMP_SEC_MODEL_USM;
    pdu->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
    pdu->securityName = ::strdup("");
    state.is_probing = true;
    return send_pdu(state, std::move(pdu));
}

// Makes the user's keys those of the device whose engine ID is known now.
Result<void> go_on_with_engine(Session::State& state) {
    state.is_probing = false;
    netsnmp_session& session = state.session();
    if (session.securityEngineIDLen == 0) {
        return fail(ErrorCode::kSystem, "the device does not tell its engine ID");
    }
    const auto find = [&session] {
        return ::usm_get_user(session.securityEngineID, session.securityEngineIDLen,
                              session.securityName);
    };
    const usmUser* const known = find();
    if (known != nullptr && !has_same_keys(*known, session)) {
        return fail(ErrorCode::kSystem,
                    "the device has the engine ID of another one, where the user has other "
                    "passphrases");
    }
    if (::usm_create_user_from_session(&session) != SNMPERR_SUCCESS) {
        return fail(ErrorCode::kSystem, "cannot make keys for the device's engine ID");
    }
    if (known == nullptr) state.user = find();
    return send_pdu(state, std::move(state.waiting));
}

// What the library keeps of a device with SNMPv3: users with the device's own keys, and its clock.
// After a failure that is learnt anew, because a device that forgets how often it was started (its
// engine boots) would be taken for a replay of old messages for good.
void forget_engine(Session::State& state) noexcept {
    if (!state.handle || !state.is_v3) return;
    const netsnmp_session& session = state.session();
    ::free_enginetime(session.securityEngineID, session.securityEngineIDLen);
    if (state.user == nullptr) return;
    ::usm_remove_user(state.user);
    ::usm_free_user(state.user);
    state.user = nullptr;
}

}  // namespace

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}

// Closing tells on_event() of a request under way, while there is a state to note it in.
Session::~Session() {
    forget_engine(*state_);
    state_->handle.reset();
}

Result<std::unique_ptr<Session>> Session::open(const std::string& peer, const Access& access,
                                               const MasterKeys& keys, Patience patience) {
    netsnmp_session wanted;
    ::snmp_sess_init(&wanted);  // without the library's own probe
    wanted.peername = const_cast<char*>(peer.c_str());
    wanted.timeout =
        std::chrono::duration_cast<std::chrono::microseconds>(patience.timeout).count();
    wanted.retries = patience.retries;
    set_access(wanted, access, keys);
    auto state = std::make_unique<State>();
    state->patience = patience;
    state->is_v3 = wanted.version == SNMP_VERSION_3;
    state->handle.reset(::snmp_sess_open(&wanted));
    if (!state->handle) {
        return fail(
            ErrorCode::kSystem,
            fmt::format("cannot open a socket: {}",
                        wanted.s_errno != 0 ? std::generic_category().message(wanted.s_errno)
                                            : ::snmp_api_errstring(wanted.s_snmp_errno)));
    }
    // Opening has cleared it, and sending would wait for the library's own probe.
    state->session().flags |= SNMP_FLAGS_DONT_PROBE;
    return std::unique_ptr<Session>(new Session(std::move(state)));
}

Result<void> Session::send(const Request& request) {
    PduHandle pdu = pdu_of(request);
    if (!state_->is_v3 || state_->session().securityEngineIDLen > 0) {
        return send_pdu(*state_, std::move(pdu));
    }
    state_->waiting = std::move(pdu);
    return probe(*state_);
}

Result<Session::Progress> Session::read(const TakeAnswer& take) {
    // The library wants to be told which descriptors are ready.
    const int socket = descriptor();
    netsnmp_large_fd_set ready;
    ::netsnmp_large_fd_set_init(&ready, socket + 1);
    NETSNMP_LARGE_FD_ZERO(&ready);
    NETSNMP_LARGE_FD_SET(socket, &ready);
    state_->take = &take;
    ::snmp_sess_read2(state_->handle.get(), &ready);
    state_->take = nullptr;
    ::netsnmp_large_fd_set_cleanup(&ready);
    if (state_->thrown) std::rethrow_exception(std::exchange(state_->thrown, nullptr));
    return outcome();
}

Result<Session::Progress> Session::time_out() {
    ::snmp_sess_timeout(state_->handle.get());
    return outcome();
}

Result<Session::Progress> Session::outcome() {
    State& state = *state_;
    if (state.failure) {
        state.is_waiting = false;
        return fail(ErrorCode::kSystem, *std::exchange(state.failure, std::nullopt));
    }
    if (state.is_waiting && state.is_probing && (state.report != 0 || state.is_answered)) {
        state.is_waiting = false;
        if (const auto sent = go_on_with_engine(state); !sent) {
            return std::unexpected(sent.error());
        }
        return Progress::kWaiting;
    }
    if (!std::exchange(state.is_answered, false)) return Progress::kWaiting;
    state.is_waiting = false;
    return Progress::kAnswered;
}

int Session::descriptor() const noexcept {
    return ::snmp_sess_transport(state_->handle.get())->sock;
}

// A moment later than the library's own time, which it compares with "before".
Session::Time Session::wakes_at() const noexcept {
    constexpr std::chrono::milliseconds kLater{2};
    return state_->is_waiting ? state_->sent_at + state_->patience.timeout + kLater : Time::max();
}

}  // namespace kurabe::collectors::snmp
