// Thousands of hosts of each kind, watched by one `kurabe serve` for ten rounds of a minute: does
// it hold, how late does the last host's turn come, and what does it take.
//
//   held_hosts [--hosts 3000] [--ports 8] [--lines 60] [--warm-up 3] [--rounds 10] [--directory
//   DIR]
//
// Three blocks of hosts: machines by SSH with nginx, a program and an agent that pushes, switches
// by SNMP, and exporters of Prometheus with a munin-node. The peers run on this machine too, so
// that what is measured is an upper limit of the lateness. The store's rings are short.
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "bench/child.hpp"
#include "bench/held_agents.hpp"
#include "bench/held_peers.hpp"
#include "bench/measuring.hpp"
#include "store/store.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/loopback.hpp"

namespace {

using namespace kurabe;
using namespace kurabe::bench;

constexpr const char* kOwnHost = "127.0.0.1";
constexpr const char* kRings = "60:2h,5m:10h";

// One way of watching, and a series of each host that tells whether it came.
struct Kind {
    const char* name;
    Block block;
    const char* plugin;  // what the series' plugin begins with
    const char* key;     // and its key
    const char* polls;   // whose counts are the kind's, as the server names them; none: pushed
};
constexpr std::array kKinds = {
    Kind{"SSH", Block::kMachines, "base", "loadavg-1.gauge", "ssh"},
    Kind{"fetched from nginx", Block::kMachines, "nginx", "", "plugins"},
    Kind{"a program", Block::kMachines, "exec", "", "exec"},
    Kind{"SNMP", Block::kSwitches, "base", "traffic-", "snmp"},
    Kind{"Prometheus exporter", Block::kExporters, "prom", "", "plugins"},
    Kind{"its base metrics", Block::kExporters, "base", "loadavg-1.gauge", "plugins"},
    Kind{"munin-node", Block::kExporters, "munin", "load.", "munin"},
    Kind{"pushed by an agent", Block::kMachines, "app", "", nullptr},
};

store::Time now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

void sleep_until(store::Time time) {
    while (now() < time) std::this_thread::sleep_for(std::chrono::milliseconds{200});
}

// ---- What the server is given ----

void write_file(const std::filesystem::path& file, std::string_view text) {
    std::ofstream(file) << text;
    std::filesystem::permissions(file, std::filesystem::perms{0600});
}

std::string entry_of(Block block, const char* roll, std::size_t hosts) {
    std::string text = fmt::format("- roll: {}.yml\n  label: {}\n  hosts:\n", roll, roll);
    for (std::size_t i = 0; i < hosts; ++i) text += "  - " + address_of(block, i) + '\n';
    return text;
}

std::filesystem::path write_configuration(const std::filesystem::path& directory,
                                          const HeldPeers& peers, std::size_t hosts) {
    write_file(directory / "known_hosts", peers.known_hosts(Block::kMachines));
    write_file(
        directory / "snmp.yml",
        fmt::format("all: {{ hosts: '*', community: public, port: {} }}\n", peers.snmp_port()));
    write_file(directory / "program", "#!/bin/sh\nprintf 'answer\\t42\\n'\n");
    std::filesystem::permissions(directory / "program", std::filesystem::perms{0700});
    write_file(directory / "machines.yml",
               fmt::format("metrics: [ 'ssh::{}', 'nginx:{}:/nginx_status', 'exec:answer', app ]\n",
                           peers.ssh_port(), peers.http_port()));
    write_file(directory / "switches.yml", "metrics: [ 'snmp:if' ]\n");
    write_file(directory / "exporters.yml",
               fmt::format("metrics: [ base, 'prom:{}', 'munin:{}' ]\n", peers.http_port(),
                           peers.munin_port()));
    write_file(directory / "own.yml", "metrics: [ kurabe ]\n");
    const auto file = directory / "kurabe.yml";
    write_file(
        file,
        fmt::format("config:\n  data_dir: data\n  rolls_dir: .\n"
                    "  ssh: {{ identity: {0}, known_hosts: known_hosts, ssh_config: none }}\n"
                    "  snmp: {{ credentials: snmp.yml }}\n"
                    "  commands: {{ answer: {{ command: [ {1} ], protocol: kurado }} }}\n"
                    "---\nservice: bench\nservers:\n"
                    "- {{ roll: own.yml, label: own, hosts: [ {2} ] }}\n",
                    peers.ssh_identity().string(), (directory / "program").string(), kOwnHost) +
            entry_of(Block::kMachines, "machines", hosts) +
            entry_of(Block::kSwitches, "switches", hosts) +
            entry_of(Block::kExporters, "exporters", hosts));
    return file;
}

// Archives of short rings for all hosts.
void make_archives(const std::filesystem::path& data, std::size_t hosts) {
    const auto store =
        checked(store::Store::open(data, {.retention = checked(store::Retention::parse(kRings))}));
    const store::Sample sample{
        .plugin = "bench", .key = "made.gauge", .value = store::RawValue::of(1), .time = now()};
    for (const Block block : {Block::kMachines, Block::kSwitches, Block::kExporters}) {
        for (std::size_t i = 0; i < hosts; ++i) {
            (void)checked(store->append({.host = address_of(block, i), .samples = {sample}}));
        }
    }
    checked(store->close());
}

std::unique_ptr<tests::ChildProcess> serve(const std::filesystem::path& configuration,
                                           int resp_port) {
    auto server = std::make_unique<tests::ChildProcess>(
        std::vector<std::string>{KURABE_PROGRAM, "serve", "--config", configuration, "--listen",
                                 fmt::format("127.0.0.1:{}", tests::free_port()), "--resp",
                                 fmt::format("127.0.0.1:{}", resp_port)});
    while (!tests::listens(resp_port)) {
        if (!server->running()) stop("kurabe serve ends: " + server->err());
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    return server;
}

// ---- What came of it ----

double resident_megabytes(pid_t process) {
    std::ifstream file(fmt::format("/proc/{}/smaps_rollup", process));
    double anonymous = 0;
    for (std::string word; file >> word;) {
        if (word == "Anonymous:" && file >> anonymous) break;
    }
    return anonymous / 1024;
}

struct Period {
    store::Time begin;
    store::Time end;  // multiples of a minute
};

std::size_t known_minutes(const store::Store& store, const store::SeriesName& series,
                          const Period& period) {
    const auto fetched = checked(store.fetch(
        series, {.start = period.begin, .end = period.end, .resolution = store::Seconds{60}}));
    std::size_t known = 0;
    for (store::Time end = fetched.start + fetched.step;
         const store::Value value : fetched.values) {
        if (end > period.begin && end <= period.end && !store::is_unknown(value)) ++known;
        end += fetched.step;
    }
    return known;
}

// Of the first series of a host that is the kind's; 0 when it has none.
std::size_t known_minutes_of(const store::Store& store, const Kind& kind, const std::string& host,
                             const Period& period) {
    for (const store::SeriesInfo& info : checked(store.series(host))) {
        if (info.name.plugin.starts_with(kind.plugin) && info.name.key.starts_with(kind.key)) {
            return known_minutes(store, info.name, period);
        }
    }
    return 0;
}

double greatest(const store::Store& store, const std::string& key, const Period& period) {
    const auto fetched =
        store.fetch({.host = kOwnHost, .plugin = "kurabe", .key = key},
                    {.start = period.begin, .end = period.end, .resolution = store::Seconds{60}});
    if (!fetched) stop(fetched.error().message);
    double found = 0;
    for (const store::Value value : fetched->values) {
        if (!store::is_unknown(value)) found = std::max(found, value);
    }
    return found;
}

void print(const store::Store& store, std::size_t hosts, const Period& period) {
    const auto minutes = static_cast<std::size_t>((period.end - period.begin).count() / 60);
    for (const Kind& kind : kKinds) {
        std::size_t known = 0;
        for (std::size_t i = 0; i < hosts; ++i) {
            known += known_minutes_of(store, kind, address_of(kind.block, i), period);
        }
        std::printf("%-20s %zu of %zu minutes known", kind.name, known, hosts * minutes);
        if (kind.polls != nullptr) {
            const std::string polls = fmt::format("polls-{}-", kind.polls);
            std::printf(
                "; the last host of a round at most %.0f s late, a poll at most %.2f s, "
                "%.0f failures a minute at most",
                greatest(store, polls + "lateness.gauge", period),
                greatest(store, polls + "duration.gauge", period),
                60 * greatest(store, polls + "failed.derive", period));
        }
        std::puts("");
    }
}

Period hold(const Options& options, const HeldPeers& peers,
            const std::filesystem::path& configuration) {
    const int resp_port = tests::free_port();
    const auto server = serve(configuration, resp_port);
    auto agents = std::make_unique<HeldAgents>(resp_port, options["--hosts"], options["--lines"]);
    const store::Time began = std::chrono::floor<std::chrono::minutes>(now());
    const Period period{
        .begin = began + std::chrono::minutes(options["--warm-up"]),
        .end = began + std::chrono::minutes(options["--warm-up"] + options["--rounds"])};
    sleep_until(period.begin);
    const CpuSeconds before = cpu_seconds_of(server->number());
    (void)agents->longest_wait();
    sleep_until(period.end);
    const double cpu = (cpu_seconds_of(server->number()) - before).total();
    const auto waited = agents->longest_wait();
    std::printf(
        "%.1f CPU s of the server a minute, %.0f MB without mapped files, %zu sessions of "
        "SSH open; an agent's push is answered at most %.0f ms behind its moment\n",
        cpu / static_cast<double>(options["--rounds"]), resident_megabytes(server->number()),
        peers.ssh_sessions(), static_cast<double>(waited.count()) / 1000);
    // The last minute is known with the next sample.
    sleep_until(period.end + store::Seconds{75});
    agents.reset();
    if (!server->running()) stop("kurabe serve ended: " + server->err());
    server->signal(SIGTERM);
    const auto finished = server->finish();
    if (finished.status != 0) stop("kurabe serve fails: " + finished.err);
    return period;
}

}  // namespace

int main(int count, char** arguments) {
    const Options options(
        "held_hosts",
        {{"--hosts", 3000}, {"--ports", 8}, {"--lines", 60}, {"--warm-up", 3}, {"--rounds", 10}},
        count, arguments);
    if (!tests::SshServer::is_installed()) stop("openssh-server is not installed");
    raise_open_file_limit();
    const auto directory = std::filesystem::absolute(options.fresh_directory());
    std::filesystem::create_directories(directory);
    {
        const HeldPeers peers(directory, options["--hosts"],
                              static_cast<unsigned>(options["--ports"]));
        make_archives(directory / "data", options["--hosts"]);
        const auto configuration = write_configuration(directory, peers, options["--hosts"]);
        const Period period = hold(options, peers, configuration);
        const auto store = checked(
            store::Store::open(directory / "data", {.access = store::StoreOptions::Access::kRead}));
        print(*store, options["--hosts"], period);
    }
    std::filesystem::remove_all(directory);
    return 0;
}
