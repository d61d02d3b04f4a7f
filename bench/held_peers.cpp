// Configurations of sshd and nginx, and a munin-node of a few lines.
#include "bench/held_peers.hpp"

#include <cstdio>
#include <fstream>
#include <map>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/measuring.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/snmp_answerer.hpp"

namespace kurabe::bench {
namespace {

constexpr std::uint64_t kOctets = 1'000'000'000'000;

void answer_snmp(const Forked::Announce& announce, std::size_t hosts, unsigned ports) {
    tests::SnmpAnswerer answerer;
    const tests::SnmpObjects objects = tests::switch_objects(ports, kOctets);
    for (std::size_t i = 0; i < hosts; ++i) {
        answerer.add(address_of(Block::kSwitches, i), {.objects = objects});
    }
    announce(answerer.port());
    while (true) ::pause();
}

// ---- munin-nodes ----

const std::map<std::string, std::string, std::less<>>& munin_replies() {
    static const std::map<std::string, std::string, std::less<>> replies = {
        {"cap multigraph dirtyconfig spool", "cap multigraph\n"},
        {"list", "load cpu\n"},
        {"config load", "graph_title Load average\nload.label load\n.\n"},
        {"fetch load", "load.value 0.42\n.\n"},
        {"config cpu",
         "graph_title CPU usage\nuser.label user\nuser.type DERIVE\nsystem.label system\n"
         "system.type DERIVE\n.\n"},
        {"fetch cpu", "user.value 123456\nsystem.value 23456\n.\n"},
    };
    return replies;
}

void say(int socket, const std::string& text) {
    (void)::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
}

void speak_as_node(int socket) {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    say(socket, "# munin node at bench\n");
    std::string received;
    char bytes[1024];
    for (ssize_t got = 0; (got = ::recv(socket, bytes, sizeof bytes, 0)) > 0;) {
        received.append(bytes, static_cast<std::size_t>(got));
        for (std::size_t end = 0; (end = received.find('\n')) != std::string::npos;) {
            const auto reply = munin_replies().find(received.substr(0, end));
            received.erase(0, end + 1);
            if (reply == munin_replies().end()) return;  // quit
            say(socket, reply->second);
        }
    }
}

// One connection after another: each is short.
void answer_munin(const Forked::Announce& announce) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    socklen_t size = sizeof address;
    auto* const system = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener, system, size) != 0 || ::listen(listener, 1024) != 0 ||
        ::getsockname(listener, system, &size) != 0) {
        return;
    }
    announce(ntohs(address.sin_port));
    while (true) {
        const int socket = ::accept(listener, nullptr, nullptr);
        if (socket < 0) continue;
        speak_as_node(socket);
        ::close(socket);
    }
}

// ---- nginx ----

// Of the length and form of a small node_exporter's answer.
std::string exporter_answer() {
    std::string text =
        "# TYPE node_load1 gauge\nnode_load1 0.42\n# TYPE node_cpu_seconds_total counter\n";
    for (int cpu = 0; cpu < 8; ++cpu) {
        for (const char* mode : {"idle", "iowait", "irq", "nice", "softirq", "system", "user"}) {
            text += fmt::format("node_cpu_seconds_total{{cpu=\"{}\",mode=\"{}\"}} {}.25\n", cpu,
                                mode, 1000 * (cpu + 1));
        }
    }
    text += "# TYPE node_memory_bytes gauge\n";
    for (int i = 0; i < 40; ++i) text += fmt::format("node_memory_{}_bytes {}e+06\n", i, 10 + i);
    return text;
}

std::unique_ptr<tests::ChildProcess> start_nginx(const std::filesystem::path& directory, int port) {
    if (!std::filesystem::exists(tests::kNginx)) stop("nginx-light is not installed");
    std::ofstream(directory / "metrics") << exporter_answer();
    std::ofstream(directory / "nginx.conf") << tests::nginx_configuration(
        directory, fmt::format("server {{\nlisten {0} backlog=1024;\nroot {1};\n"
                               "location = /nginx_status {{ stub_status; }}\n"
                               "location = /metrics {{ default_type text/plain; }}\n}}\n",
                               port, directory.string()));
    auto process = std::make_unique<tests::ChildProcess>(std::vector<std::string>{
        tests::kNginx, "-c", directory / "nginx.conf", "-e", directory / "early.log"});
    while (!tests::listens(port)) {
        if (!process->running()) stop("nginx does not run: " + process->err());
        ::usleep(20'000);
    }
    return process;
}

}  // namespace

std::string address_of(Block block, std::size_t host) {
    return fmt::format("127.{}.{}.{}", std::to_underlying(block), host / 250, host % 250 + 1);
}

HeldPeers::HeldPeers(const std::filesystem::path& directory, std::size_t hosts, unsigned ports)
    : switches_([=](const auto& announce) { answer_snmp(announce, hosts, ports); }),
      munin_(answer_munin),
      ssh_({.addresses = {"0.0.0.0"}}),
      http_port_(tests::free_port()),
      nginx_(start_nginx(directory, http_port_)) {}

std::string HeldPeers::known_hosts(Block block) const {
    std::string lines = ssh_.known_hosts();
    const std::string_view everywhere = "0.0.0.0";
    return lines.replace(lines.find(everywhere), everywhere.size(),
                         fmt::format("127.{}.*", std::to_underlying(block)));
}

}  // namespace kurabe::bench
