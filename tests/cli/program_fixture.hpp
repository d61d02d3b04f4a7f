// The program as its users start it: a process, a demo directory, a server on a free port.
#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <regex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "cli/http_client.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {

inline constexpr std::chrono::seconds kDeadline{30};
// Of every host of a demo directory.
inline const std::string kSeries = "/base/loadavg-1.gauge";

// Since 1970, as lines of samples have it.
inline std::int64_t seconds_now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

inline Finished kurabe(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), KURABE_PROGRAM);
    return tests::run(arguments);
}

// A demo directory of three hosts and a day, made once for all tests of a file.
class Demo {
  public:
    Demo() : finished_(kurabe({"demo", path(), "--hosts", "3", "--days", "1", "--seed", "5"})) {}

    [[nodiscard]] const Finished& finished() const { return finished_; }
    [[nodiscard]] std::string path() const { return (directory_.path() / "demo").string(); }
    [[nodiscard]] std::string config() const { return path() + "/kurabe.yml"; }
    [[nodiscard]] std::string data() const { return path() + "/data"; }
    // The address of the first host in the configuration.
    [[nodiscard]] std::string address() const {
        std::ifstream stream(config());
        const std::regex host_line(R"(^\s*- "?(\d+\.\d+\.\d+\.\d+) .*)");
        std::smatch match;
        for (std::string line; std::getline(stream, line);) {
            if (std::regex_match(line, match, host_line)) {
                return match[1];
            }
        }
        return "no host in " + config();
    }

  private:
    TemporaryDirectory directory_;
    Finished finished_;
};

// A server on a free port, found in its log.
class Server {
  public:
    Server(const std::string& config, std::vector<std::string> more = {})
        : Server(arguments(config, std::move(more))) {}
    // Whatever command starts it.
    explicit Server(const std::vector<std::string>& command) : process_(command) {
        const auto deadline = std::chrono::steady_clock::now() + kDeadline;
        const std::regex listening("address=\"?(127\\.0\\.0\\.1:[0-9]+)");
        std::smatch match;
        std::string log = process_.err();
        while (!std::regex_search(log, match, listening)) {
            if (!process_.running() || std::chrono::steady_clock::now() > deadline) {
                ADD_FAILURE() << "the server did not start: " << log;
                return;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
            log = process_.err();
        }
        url_ = "http://" + match[1].str();
    }

    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] cli::HttpReply get(const std::string& path) const {
        const auto reply = cli::http_get(url_ + path, kDeadline);
        EXPECT_TRUE(reply) << (reply ? "" : reply.error().message);
        return reply.value_or(cli::HttpReply{});
    }
    void signal(int number) { process_.signal(number); }
    Finished stop() {
        process_.signal(SIGTERM);
        return process_.finish();
    }
    Finished kill() {
        process_.signal(SIGKILL);
        return process_.finish();
    }
    [[nodiscard]] std::string log() const { return process_.err(); }

  private:
    static std::vector<std::string> arguments(const std::string& config,
                                              std::vector<std::string> more) {
        std::vector<std::string> words = {KURABE_PROGRAM, "serve",    "--config",
                                          config,         "--listen", "127.0.0.1:0"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    ChildProcess process_;
    std::string url_;
};

}  // namespace kurabe::tests
