// What other stores take to store a sample a minute of many series: rrdcached with a journal, and
// VictoriaMetrics by its import of text lines; CPU seconds of their processes from the start to the
// end, so with all that they write behind. Those that are not installed are passed over. For ours
// see append.cpp; run both on the same machine.
//
//   append_rivals [--rrd-files 1000] [--hosts 1000] [--metrics 60] [--minutes 20] [--directory DIR]
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/kurado_rrds.hpp"
#include "bench/measuring.hpp"

namespace {

using namespace kurabe::bench;

constexpr std::int64_t kBegin = 1'700'001'600;

// A server that this ends; its output is thrown away.
class ServerProcess {
  public:
    explicit ServerProcess(const std::vector<std::string>& words) {
        std::fflush(stdout);  // or the child prints it again
        pid_ = ::fork();
        if (pid_ != 0) return;
        std::vector<char*> arguments;
        for (const std::string& word : words) {
            arguments.push_back(const_cast<char*>(word.c_str()));
        }
        arguments.push_back(nullptr);
        if (std::freopen("/dev/null", "w", stdout) == nullptr ||
            std::freopen("/dev/null", "w", stderr) == nullptr) {
            ::_exit(1);
        }
        ::execvp(arguments.front(), arguments.data());
        ::_exit(127);
    }
    // Asks it to end, which writes what it holds. Its CPU seconds.
    double finish() const {
        ::kill(pid_, SIGTERM);
        int status = 0;
        rusage used{};
        ::wait4(pid_, &status, 0, &used);
        const auto seconds = [](const timeval& time) {
            return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
        };
        return seconds(used.ru_utime) + seconds(used.ru_stime);
    }

  private:
    pid_t pid_ = -1;
};

// A connection, tried until the server listens.
template <typename Address>
int connect_to(int family, const Address& address) {
    for (int attempt = 0; attempt < 1000; ++attempt) {
        const int socket = ::socket(family, SOCK_STREAM, 0);
        sockaddr_storage storage{};
        std::memcpy(&storage, &address, sizeof address);
        if (::connect(socket, reinterpret_cast<const sockaddr*>(&storage), sizeof address) == 0) {
            return socket;
        }
        ::close(socket);
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    stop("a server does not listen");
}

void send_all(int socket, const std::string& text) {
    for (std::size_t sent = 0; sent < text.size();) {
        const ssize_t count = ::send(socket, &text[sent], text.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) stop("a server closed its connection");
        sent += static_cast<std::size_t>(count);
    }
}

// What comes until it ends in `end`.
std::string receive_until(int socket, std::string_view end) {
    std::string text;
    while (!text.ends_with(end)) {
        char bytes[4096];
        const ssize_t count = ::recv(socket, bytes, sizeof bytes, 0);
        if (count <= 0) stop("a server closed its connection");
        text.append(bytes, static_cast<std::size_t>(count));
    }
    return text;
}

bool is_installed(const char* program) {
    return std::system((std::string("command -v ") + program + " >/dev/null").c_str()) == 0;
}

void print(const char* name, double values, double cpu) {
    std::printf("%-16s %9.0f values in %7.3f CPU s = %9.0f values/CPU s\n", name, values, cpu,
                values / cpu);
}

void measure_rrdcached(const Options& options, const std::filesystem::path& directory) {
    const std::size_t files = options["--rrd-files"];
    std::filesystem::create_directories(directory / "journal");
    (void)create_kurado_rrds(directory, files, kBegin - 10);
    const std::string socket_path = (directory / "socket").string();
    const ServerProcess server({"rrdcached", "-g", "-l", "unix:" + socket_path, "-b",
                                directory.string(), "-j", (directory / "journal").string(), "-w",
                                "300"});
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int socket = connect_to(AF_UNIX, address);
    for (std::size_t minute = 0; minute < options["--minutes"]; ++minute) {
        send_all(socket, "BATCH\n");
        (void)receive_until(socket, "\n");
        std::string updates;
        for (std::size_t i = 0; i < files; ++i) {
            const auto time = kBegin + static_cast<std::int64_t>(60 * minute + i % 60);
            updates += "UPDATE " + std::to_string(i) + ".rrd " + std::to_string(time) + ':' +
                       std::to_string(minute * (1000 + i)) + '\n';
        }
        send_all(socket, updates + ".\n");
        if (!receive_until(socket, "\n").starts_with("0 ")) stop("rrdcached refused updates");
    }
    send_all(socket, "FLUSHALL\n");
    (void)receive_until(socket, "\n");
    ::close(socket);
    print("rrdcached", static_cast<double>(files * options["--minutes"]), server.finish());
}

// A port that was free a moment ago.
std::uint16_t free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        stop("no port is free");
    }
    ::close(socket);
    return ntohs(address.sin_port);
}

void measure_victoria_metrics(const Options& options, const std::filesystem::path& directory) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(free_port());
    const ServerProcess server({"victoria-metrics", "-storageDataPath", directory.string(),
                                "-retentionPeriod", "100y", "-httpListenAddr",
                                "127.0.0.1:" + std::to_string(ntohs(address.sin_port))});
    const int socket = connect_to(AF_INET, address);
    constexpr std::size_t kHostsPerRequest = 100;
    for (std::size_t minute = 0; minute < options["--minutes"]; ++minute) {
        for (std::size_t host = 0; host < options["--hosts"];) {
            std::string body;
            for (std::size_t n = 0; n < kHostsPerRequest && host < options["--hosts"];
                 ++n, ++host) {
                const auto time = std::to_string(
                    1000 * (kBegin + static_cast<std::int64_t>(60 * minute + host % 60)));
                for (std::size_t i = 0; i < options["--metrics"]; ++i) {
                    body += "metric_" + std::to_string(i) + "{host=\"host" + std::to_string(host) +
                            "\",plugin=\"plugin" + std::to_string(i / 10) + "\"} " +
                            std::to_string(minute * (1000 + 7 * i) + host) + ' ' + time + '\n';
                }
            }
            send_all(socket,
                     "POST /api/v1/import/prometheus HTTP/1.1\r\nHost: x\r\n"
                     "Content-Length: " +
                         std::to_string(body.size()) + "\r\n\r\n" + body);
            if (receive_until(socket, "\r\n\r\n").find(" 204 ") == std::string::npos) {
                stop("VictoriaMetrics refused an import");
            }
        }
    }
    ::close(socket);
    print("VictoriaMetrics",
          static_cast<double>(options["--hosts"] * options["--metrics"] * options["--minutes"]),
          server.finish());
}

}  // namespace

int main(int count, char** arguments) {
    const Options options(
        "append-rivals",
        {{"--rrd-files", 1000}, {"--hosts", 1000}, {"--metrics", 60}, {"--minutes", 20}}, count,
        arguments);
    const auto directory = options.fresh_directory();
    if (is_installed("rrdcached")) measure_rrdcached(options, directory / "rrdcached");
    if (is_installed("victoria-metrics")) {
        measure_victoria_metrics(options, directory / "victoria-metrics");
    }
    std::filesystem::remove_all(directory);
    return 0;
}
