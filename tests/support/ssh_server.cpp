// sshd(8) in the foreground.
#include "tests/support/ssh_server.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <utility>

#include <unistd.h>

#include "tests/support/files.hpp"
#include "tests/support/loopback.hpp"

namespace kurabe::tests {
namespace {

constexpr const char* kSshProgram = "/usr/sbin/sshd";
constexpr std::chrono::seconds kSshPatience{30};
constexpr int kSshAttempts = 10;

// The parent of a process, from the field after its name in parentheses.
pid_t parent_of(pid_t process) {
    const std::string stat = read_file("/proc/" + std::to_string(process) + "/stat");
    const std::size_t end = stat.rfind(") ");
    return end == stat.npos ? 0 : static_cast<pid_t>(std::atoi(stat.c_str() + end + 4));
}

std::vector<pid_t> children_of(pid_t parent) {
    std::vector<pid_t> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const pid_t process = std::atoi(entry.path().filename().c_str());
        if (process > 0 && parent_of(process) == parent) found.push_back(process);
    }
    return found;
}

}  // namespace

bool SshServer::is_installed() {
    return ::access(kSshProgram, X_OK) == 0;
}

SshServer::SshServer(SshServerOptions options) : options_(std::move(options)) {
    // What the service's start makes, and sshd of root wants.
    if (::geteuid() == 0) std::filesystem::create_directories("/run/sshd");
    make_key("host");
    make_key("user");
    directory_.write("authorized_keys", options_.key_options +
                                            (options_.key_options.empty() ? "" : " ") +
                                            read_file(directory_.path() / "user.pub"));
    for (int attempt = 0; attempt < kSshAttempts; ++attempt) {
        port_ = free_port();
        if (!start()) continue;
        directory_.write("known_hosts", known_hosts());
        return;
    }
    throw std::runtime_error("sshd does not start: " + (process_ ? process_->err() : ""));
}

SshServer::~SshServer() {
    stop();
}

void SshServer::make_key(const std::string& name) const {
    const std::filesystem::path file = directory_.path() / name;
    std::filesystem::remove(file);
    const auto finished =
        run({"/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file});
    if (finished.status != 0) throw std::runtime_error("ssh-keygen: " + finished.err);
}

bool SshServer::start() {
    std::string text = "Port " + std::to_string(port_) + '\n';
    for (const std::string& address : options_.addresses) text += "ListenAddress " + address + '\n';
    text += "HostKey " + (directory_.path() / "host").string() + '\n';
    text += "AuthorizedKeysFile " + (directory_.path() / "authorized_keys").string() + '\n';
    text +=
        "PidFile none\nUsePAM no\nStrictModes no\nPasswordAuthentication no\n"
        "KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nUseDNS no\n"
        "PrintMotd no\nPrintLastLog no\nMaxStartups 1000\nMaxSessions 100\n"
        // Deep enough for bash to leave the account's .bashrc alone.
        "SetEnv SHLVL=9\n";
    text += options_.configuration;
    const std::filesystem::path file = directory_.write("sshd_config", text);
    process_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{kSshProgram, "-D", "-e", "-f", file.string()});
    const auto deadline = std::chrono::steady_clock::now() + kSshPatience;
    const auto until = [&](const std::function<bool()>& holds) {
        while (process_->running() && std::chrono::steady_clock::now() < deadline) {
            if (holds()) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        return false;
    };
    const bool listens_everywhere = until([this] {
        return std::ranges::all_of(options_.addresses, [this](const std::string& address) {
            return listens(port_, address);
        });
    });
    // Each look was a connection; later ones are the test's own.
    return listens_everywhere && until([this] { return session_processes().empty(); });
}

std::string SshServer::known_hosts() const {
    const std::string key = read_file(directory_.path() / "host.pub");
    std::string lines;
    for (const std::string& address : options_.addresses) {
        lines += "[" + address + "]:" + std::to_string(port_) + ' ' + key;
    }
    return lines;
}

std::vector<pid_t> SshServer::session_processes() const {
    return children_of(process_->number());
}

void SshServer::signal_sessions(int number) const {
    std::vector<pid_t> processes = session_processes();
    for (std::size_t i = 0; i < processes.size(); ++i) {
        std::ranges::copy(children_of(processes[i]), std::back_inserter(processes));
    }
    for (const pid_t process : processes) ::kill(process, number);
}

void SshServer::stop() {
    signal_sessions(SIGTERM);
    process_->signal(SIGTERM);
    (void)process_->finish();
}

void SshServer::start_again() {
    for (int attempt = 0; attempt < kSshAttempts; ++attempt) {
        if (start()) return;
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
    throw std::runtime_error("sshd does not start again: " + process_->err());
}

void SshServer::change_host_key() {
    stop();
    make_key("host");
    start_again();
}

void SshServer::forget_user_key() {
    directory_.write("authorized_keys", "");
}

}  // namespace kurabe::tests
