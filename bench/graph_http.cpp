// A graph through HTTP: CPU of the server for a picture that it has, for one that the client has
// already (304), and for one that it draws; beside nginx that sends the same bytes from a file.
//
//   graph_http [--requests 20000] [--drawn 2000] [--directory DIR]
//
// One connection that is kept alive, one request after the other. Times are those of the servers'
// processes alone, in microseconds for each request.
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "bench/child.hpp"
#include "bench/measuring.hpp"
#include "collectors/descriptor.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/waiting.hpp"

namespace {

using namespace kurabe;
using namespace kurabe::bench;

struct Answer {
    std::string head;
    std::string body;

    [[nodiscard]] std::string_view header(std::string_view name) const {
        const std::size_t at = head.find("\r\n" + std::string(name) + ": ");
        if (at == std::string::npos) return {};
        const std::size_t begin = at + 4 + name.size();
        return std::string_view(head).substr(begin, head.find('\r', begin) - begin);
    }
};

// A client that keeps its connection for as long as the server does.
class Client {
  public:
    explicit Client(int port) : port_(port) { connect(); }

    Answer get(const std::string& target, const std::string& headers = "") {
        const std::string request =
            fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n{}\r\n", target, headers);
        if (::send(socket_.number(), request.data(), request.size(), MSG_NOSIGNAL) < 0) {
            stop("cannot send");
        }
        Answer answer = receive();
        if (answer.header("Connection") == "Close" || answer.header("Connection") == "close") {
            connect();
        }
        return answer;
    }

  private:
    void connect() {
        socket_ = collectors::Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        received_.clear();
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port_));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_.number(), reinterpret_cast<const sockaddr*>(&address),
                      sizeof address) != 0) {
            stop("cannot connect");
        }
    }

    Answer receive() {
        std::size_t end = 0;
        while ((end = received_.find("\r\n\r\n")) == std::string::npos) receive_more();
        Answer answer{.head = received_.substr(0, end + 2), .body = {}};
        std::size_t length = 0;
        const std::string_view digits = answer.header("Content-Length");
        std::from_chars(digits.data(), digits.data() + digits.size(), length);
        while (received_.size() < end + 4 + length) receive_more();
        answer.body = received_.substr(end + 4, length);
        received_.erase(0, end + 4 + length);
        return answer;
    }

    void receive_more() {
        std::array<char, 65536> part{};
        const auto got = ::recv(socket_.number(), part.data(), part.size(), 0);
        if (got <= 0) stop("the server closed");
        received_.append(part.data(), static_cast<std::size_t>(got));
    }

    int port_;
    collectors::Descriptor socket_;
    std::string received_;
};

// Microseconds of the process for each request.
double cost(pid_t process, std::size_t requests, const std::function<void(std::size_t)>& request) {
    const CpuSeconds before = cpu_seconds_of(process);
    for (std::size_t i = 0; i < requests; ++i) request(i);
    return (cpu_seconds_of(process) - before).total() * 1e6 / static_cast<double>(requests);
}

void expect_status(const Answer& answer, std::string_view status) {
    if (!answer.head.starts_with(fmt::format("HTTP/1.1 {}", status))) {
        stop("unexpected answer: " + answer.head);
    }
}

void wait_until_listening(tests::ChildProcess& process, int port) {
    const bool listens =
        tests::wait_for([&] { return tests::listens(port) || !process.running(); });
    if (!listens || !process.running()) stop("the server does not run: " + process.err());
}

struct Costs {
    double kept = 0;
    double unchanged = 0;
    double drawn = 0;
    std::string picture;
};

Costs measure_kurabe(const std::filesystem::path& directory, const Options& options) {
    const std::string demo = directory / "demo";
    (void)run({KURABE_PROGRAM, "demo", demo, "--hosts", "5", "--days", "2", "--seed", "1"});
    const int port = tests::free_port();
    tests::ChildProcess server({KURABE_PROGRAM, "serve", "--config", demo + "/kurabe.yml",
                                "--listen", fmt::format("127.0.0.1:{}", port)});
    wait_until_listening(server, port);
    Client client(port);
    // Long over, so that it stays the same for as long as the benchmark takes.
    const std::string hosts = client.get("/api/servers").body;
    const std::string address = hosts.substr(0, hosts.find(' '));
    const std::string target =
        fmt::format("/graph?address={}&plugin_identifier=base&graph=cpu&term=year", address);
    Costs costs;
    const Answer first = client.get(target);
    expect_status(first, "200");
    costs.picture = first.body;
    costs.kept = cost(server.number(), options["--requests"],
                      [&](std::size_t) { expect_status(client.get(target), "200"); });
    const std::string known = fmt::format("If-None-Match: {}\r\n", first.header("ETag"));
    costs.unchanged = cost(server.number(), options["--requests"],
                           [&](std::size_t) { expect_status(client.get(target, known), "304"); });
    const auto now = std::int64_t{std::time(nullptr)};
    costs.drawn = cost(server.number(), options["--drawn"], [&](std::size_t i) {
        const std::string other = fmt::format(
            "/graph?address={}&plugin_identifier=base&graph=cpu&term=custom&from=end-33h&to={}",
            address, now - static_cast<std::int64_t>(i));
        expect_status(client.get(other), "200");
    });
    return costs;
}

double measure_nginx(const std::filesystem::path& directory, const std::string& picture,
                     std::size_t requests) {
    if (!std::filesystem::exists(tests::kNginx)) stop("nginx-light is not installed");
    const std::filesystem::path own = directory / "nginx";
    std::filesystem::create_directory(own);
    std::ofstream(own / "cpu.png", std::ios::binary) << picture;
    const int port = tests::free_port();
    std::ofstream(own / "nginx.conf") << tests::nginx_configuration(
        own, fmt::format("keepalive_requests 100000000;\nsendfile on;\ntypes {{ image/png png; }}\n"
                         "server {{ listen 127.0.0.1:{}; root {}; }}\n",
                         port, own.string()));
    tests::ChildProcess server({tests::kNginx, "-c", own / "nginx.conf", "-e", own / "early.log"});
    wait_until_listening(server, port);
    Client client(port);
    return cost(server.number(), requests,
                [&](std::size_t) { expect_status(client.get("/cpu.png"), "200"); });
}

}  // namespace

int main(int argument_count, char** arguments) {
    const Options options("graph_http", {{"--requests", 20000}, {"--drawn", 2000}}, argument_count,
                          arguments);
    const std::filesystem::path directory = options.fresh_directory();
    std::filesystem::create_directories(directory);
    const Costs ours = measure_kurabe(directory, options);
    const double nginx = measure_nginx(directory, ours.picture, options["--requests"]);
    std::filesystem::remove_all(directory);
    fmt::print("CPU of the server, us for each request; a picture of {} bytes\n",
               ours.picture.size());
    const auto line = [nginx](const char* what, double us) {
        fmt::print("{:<34}{:9.1f}{:8.2f}\n", what, us, us / nginx);
    };
    fmt::print("{:<34}{:>9}{:>8}\n", "", "us", "/ nginx");
    line("nginx, the same bytes from a file", nginx);
    line("kurabe, a picture that it has", ours.kept);
    line("kurabe, 304", ours.unchanged);
    line("kurabe, a picture that it draws", ours.drawn);
}
