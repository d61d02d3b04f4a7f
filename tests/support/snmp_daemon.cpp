// snmpd(8) in the foreground.
#include "tests/support/snmp_daemon.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/files.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/snmp_codec.hpp"

namespace kurabe::tests {
namespace {

constexpr const char* kSnmpProgram = "/usr/sbin/snmpd";
constexpr std::chrono::seconds kSnmpPatience{30};
constexpr int kSnmpAttempts = 10;

std::string configuration(int port) {
    const std::string auth = SnmpDaemon::kAuthPassphrase;
    const std::string priv = SnmpDaemon::kPrivPassphrase;
    return "agentAddress udp:" + std::to_string(port) + "\nrocommunity " + SnmpDaemon::kCommunity +
           "\ncreateUser aes SHA-256 " + auth + " AES " + priv + "\ncreateUser strong SHA-512 " +
           auth + " AES-256 " + priv + "\ncreateUser open SHA-256 " + auth +
           "\ncreateUser other SHA-256 " + auth + " AES " + priv +
           "\nrouser aes priv\nrouser strong priv\nrouser open auth\nrouser other priv\n";
}

std::string credentials_text() {
    const std::string auth = std::string(", auth_passphrase: ") + SnmpDaemon::kAuthPassphrase;
    const std::string priv = std::string(", priv_passphrase: ") + SnmpDaemon::kPrivPassphrase;
    return std::string("plain: { hosts: 127.0.0.1, community: ") + SnmpDaemon::kCommunity +
           " }\naes: { hosts: 127.0.0.2, user: aes" + auth + priv +
           " }\nstrong: { hosts: 127.0.0.3, user: strong, auth: SHA-512, priv: AES-256" + auth +
           priv + " }\nopen: { hosts: 127.0.0.4, user: open, level: authNoPriv" + auth +
           " }\nno-community: { hosts: 127.0.0.5, community: canary-wrong-2b }\n"
           "no-auth: { hosts: 127.0.0.6, user: other, auth_passphrase: canary-wrong-3c" +
           priv + " }\nno-priv: { hosts: 127.0.0.7, user: other, priv_passphrase: canary-wrong-4d" +
           auth + " }\nno-user: { hosts: 127.0.0.8, user: nobody" + auth + priv + " }\n";
}

}  // namespace

bool SnmpDaemon::is_installed() {
    return ::access(kSnmpProgram, X_OK) == 0;
}

SnmpDaemon::SnmpDaemon() {
    std::filesystem::create_directories(directory_.path() / "persistent");
    const auto file = directory_.write("credentials.yml", credentials_text());
    std::filesystem::permissions(file, std::filesystem::perms{0600});
    for (int attempt = 0; attempt < kSnmpAttempts; ++attempt) {
        port_ = free_port();
        if (start()) return;
    }
    throw std::runtime_error("snmpd does not start: " + (process_ ? process_->err() : ""));
}

SnmpDaemon::~SnmpDaemon() {
    stop();
}

std::filesystem::path SnmpDaemon::credentials() const {
    return directory_.path() / "credentials.yml";
}

bool SnmpDaemon::start() {
    directory_.write("snmpd.conf", configuration(port_));
    const auto persistent = directory_.path() / "persistent";
    process_ = std::make_unique<ChildProcess>(std::vector<std::string>{
        "/usr/bin/env", "SNMP_PERSISTENT_DIR=" + persistent.string(),
        "SNMPCONFPATH=" + directory_.path().string(), "MIBS=", kSnmpProgram, "-f", "-Lo"});
    const auto deadline = std::chrono::steady_clock::now() + kSnmpPatience;
    while (process_->running() && std::chrono::steady_clock::now() < deadline) {
        if (answers_snmp(port_, kCommunity)) return true;
    }
    return false;
}

void SnmpDaemon::stop() {
    process_->signal(SIGTERM);
    (void)process_->finish();
}

// What the agent itself would keep across its starts.
void SnmpDaemon::start_again(const std::string& engine_id, int engine_boots) {
    directory_.write("persistent/snmpd.conf", "engineBoots " + std::to_string(engine_boots) +
                                                  "\noldEngineID " + engine_id + '\n');
    for (int attempt = 0; attempt < kSnmpAttempts; ++attempt) {
        if (start()) return;
    }
    throw std::runtime_error("snmpd does not start again: " + process_->err());
}

bool answers_snmp(int port, const std::string& community) {
    constexpr int kMilliseconds = 100;
    const std::string question =
        encode_snmp({.community = community,
                     .kind = SnmpMessage::kGet,
                     .id = 1,
                     .bindings = {{{1, 3, 6, 1, 2, 1, 1, 3, 0}, SnmpValue{}}}});
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    (void)::sendto(socket, question.data(), question.size(), 0,
                   reinterpret_cast<const sockaddr*>(&address), sizeof address);
    pollfd readable{.fd = socket, .events = POLLIN, .revents = 0};
    const bool is_answered = ::poll(&readable, 1, kMilliseconds) == 1;
    ::close(socket);
    return is_answered;
}

}  // namespace kurabe::tests
