// Lines that agents push, per CPU second: received, read, stored and answered by our server, beside
// a Redis that receives the same commands and only keeps them. Kurado needs one, and behind it
// workers that take them out again.
//
//   resp_ingest [--agents 1000] [--lines 60] [--rounds 20] [--rows-percent 5] [--directory DIR]
//
// Each agent keeps its connection and pushes one message per simulated minute: counters and gauges,
// and four descriptions that do not change. Both sides' time is that of the server alone.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

#include "bench/child.hpp"
#include "bench/measuring.hpp"
#include "bench/pushing_agent.hpp"
#include "server/ingest.hpp"
#include "server/line_intake.hpp"
#include "server/metadata.hpp"
#include "server/resp/protocol.hpp"
#include "server/tcp/server.hpp"
#include "store/store.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/loopback.hpp"

namespace {

using namespace kurabe;
using namespace kurabe::bench;

constexpr std::size_t kMetaLines = 4;
constexpr std::int64_t kBegin = 1'700'001'600;
constexpr const char* kRedis = "/usr/bin/redis-server";

// ---- What is sent ----

std::string body(std::size_t agent, std::size_t lines, std::size_t minute) {
    const std::string host =
        "10.0." + std::to_string(agent / 256) + '.' + std::to_string(agent % 256);
    const std::string epoch =
        std::to_string(kBegin + static_cast<std::int64_t>(60 * minute + agent % 60));
    std::string text;
    for (std::size_t i = 0; i < lines - kMetaLines; ++i) {
        const bool is_gauge = i % 3 == 0;
        const std::size_t count = minute * (1000 + 7 * i) + agent;
        text += host + "\tbase.metrics.disk-io-sda" + std::to_string(i) +
                (is_gauge ? "-usage.gauge\t" : "-read-ios.derive\t");
        text += is_gauge ? std::to_string(count % 1000) + ".25" : std::to_string(count);
        text += '\t' + epoch + '\n';
    }
    for (std::size_t i = 0; i < kMetaLines; ++i) {
        text += host + "\tbase.meta.disk-io-devices-" + std::to_string(i) + "\tsda,sdb,sdc\t" +
                epoch + '\n';
    }
    return text;
}

// CPU seconds of this process but for the thread that sends.
double others_cpu() {
    rusage sender{};
    ::getrusage(RUSAGE_THREAD, &sender);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return cpu_seconds().total() - seconds(sender.ru_utime) - seconds(sender.ru_stime);
}

// All agents push at the same moment, minute after minute. How far `server_cpu` goes on meanwhile.
template <typename Cpu>
double measure(int port, const Options& options, Cpu server_cpu) {
    std::vector<std::unique_ptr<PushingAgent>> agents;
    for (std::size_t i = 0; i < options["--agents"]; ++i) {
        agents.push_back(std::make_unique<PushingAgent>(port));
    }
    double before = 0;
    for (std::size_t round = 0; round <= options["--rounds"]; ++round) {
        std::vector<std::string> messages;
        for (std::size_t i = 0; i < agents.size(); ++i) {
            messages.push_back(push_of(body(i, options["--lines"], round)));
        }
        for (std::size_t i = 0; i < agents.size(); ++i) agents[i]->send(messages[i]);
        for (const auto& agent : agents) agent->expect_taken();
        if (round == 0) before = server_cpu();  // the first makes the archives
    }
    return server_cpu() - before;
}

// ---- The two sides ----

double measure_ours(const Options& options, const std::filesystem::path& directory) {
    store::StoreOptions store_options;
    for (store::RingShape& ring : store_options.retention.rings) {
        ring.rows = std::max<std::uint32_t>(
            2, static_cast<std::uint32_t>(ring.rows * options["--rows-percent"] / 100));
    }
    const auto store = checked(store::Store::open(directory / "data", store_options));
    const auto metadata = checked(
        server::Metadata::open(directory / "metadata.sqlite", server::Metadata::Access::kWrite));
    server::Log log(STDERR_FILENO, server::LogLevel::kWarning);
    const auto now = [] {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    };
    server::Ingest ingest(*store, *metadata, log, now);
    const server::SenderRules rules;
    const auto intake = std::make_shared<server::LineIntake>(ingest, rules, log, now);
    const auto server = checked(server::tcp::Server::listen(
        {.listen = {"127.0.0.1", 0}},
        std::make_unique<server::resp::RespProtocol>([intake] { return intake; }), log));
    const std::jthread thread([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) server->work(std::chrono::milliseconds{50});
    });
    return measure(server->port(), options, others_cpu);
}

double measure_redis(const Options& options) {
    const int port = tests::free_port();
    tests::ChildProcess redis({kRedis, "--port", std::to_string(port), "--bind", "127.0.0.1",
                               "--save", "", "--appendonly", "no", "--maxclients", "20000"});
    while (!tests::listens(port)) {
        if (!redis.running()) stop("redis-server does not run: " + redis.out());
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return measure(port, options, [&redis] { return cpu_seconds_of(redis.number()).total(); });
}

void print(const char* name, double lines, double messages, double cpu) {
    std::printf("%-44s %9.0f lines/CPU s, %6.1f us a message\n", name, lines / cpu,
                cpu * 1e6 / messages);
}

}  // namespace

int main(int count, char** arguments) {
    const Options options(
        "resp_ingest",
        {{"--agents", 1000}, {"--lines", 60}, {"--rounds", 20}, {"--rows-percent", 5}}, count,
        arguments);
    if (options["--lines"] <= kMetaLines) stop("--lines must be over 4");
    raise_open_file_limit();
    const auto messages = static_cast<double>(options["--agents"] * options["--rounds"]);
    const double lines = messages * static_cast<double>(options["--lines"]);
    const auto directory = options.fresh_directory();
    std::filesystem::create_directories(directory);
    const double ours = measure_ours(options, directory);
    std::filesystem::remove_all(directory);
    print("kurabe: received, read, stored, answered", lines, messages, ours);
    if (!std::filesystem::exists(kRedis)) {
        std::printf("redis-server is not installed\n");
        return 0;
    }
    const double redis = measure_redis(options);
    print("redis-server: received, kept in memory", lines, messages, redis);
    std::printf("ratio %.2f\n", redis / ours);
    return 0;
}
