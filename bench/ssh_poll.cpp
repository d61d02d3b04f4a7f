// What it costs to watch hosts over SSH: sessions that stay open on one thread, beside one `ssh`
// process per poll, and one per poll over a connection that is kept (ControlMaster), which all run
// the same command on the same server.
//
//   ssh_poll [--hosts 100] [--rounds 20] [--processes 200]
//
// The servers run on this machine too: what is compared is the CPU time of the watching side.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

#include "bench/child.hpp"
#include "collectors/ssh/poller.hpp"
#include "collectors/ssh/remote_command.hpp"
#include "tests/support/ssh_server.hpp"

namespace {

using namespace kurabe;
using namespace kurabe::bench;
namespace ssh = collectors::ssh;
using Clock = std::chrono::steady_clock;

// CPU seconds of processes and of what they have waited for; at ticks of the kernel's clock.
double cpu_of(const std::vector<pid_t>& processes) {
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    double sum = 0;
    for (const pid_t process : processes) {
        std::ifstream file("/proc/" + std::to_string(process) + "/stat");
        std::string text(std::istreambuf_iterator<char>(file), {});
        const std::size_t end = text.rfind(')');
        if (end == std::string::npos) continue;
        long user = 0, kernel = 0, children_user = 0, children_kernel = 0;
        char state = 0;
        if (std::sscanf(text.c_str() + end + 1,
                        " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld %ld %ld", &state,
                        &user, &kernel, &children_user, &children_kernel) == 5) {
            sum += static_cast<double>(user + kernel + children_user + children_kernel) / ticks;
        }
    }
    return sum;
}

double resident_kilobytes() {
    std::ifstream file("/proc/self/statm");
    double size = 0, resident = 0;
    file >> size >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1024;
}

void print(const char* name, std::size_t polls, double cpu, double wall) {
    const double count = static_cast<double>(polls);
    std::printf("%-34s %8.3f CPU ms per poll, %9.0f hosts a minute on one core; %7.0f here\n", name,
                cpu * 1000 / count, 60 * count / cpu, 60 * count / wall);
}

class Watching {
  public:
    Watching(const tests::SshServer& server, std::size_t hosts)
        : poller_(checked(ssh::Poller::create(
              {.identity = server.identity(),
               .known_hosts = server.known_hosts_file(),
               .config = ssh::kNoConfig,
               .deadline = std::chrono::seconds{120}},
              [] {
                  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
              },
              [](const ssh::Target&, const Result<collectors::Report>& outcome) {
                  if (!outcome) stop(outcome.error().message);
              },
              1))) {
        const std::string target = "127.0.0.1:" + std::to_string(server.port());
        for (std::size_t i = 0; i < hosts; ++i) poller_->add(checked(ssh::Target::parse(target)));
    }
    void round() {
        poller_->begin();
        while (poller_->busy() > 0) poller_->work(std::chrono::milliseconds{1000});
    }

  private:
    std::unique_ptr<ssh::Poller> poller_;
};

// Sessions that stay open; returns the CPU time of the watching side per poll.
double measure_ours(const tests::SshServer& server, std::size_t hosts, std::size_t rounds) {
    const double memory_before = resident_kilobytes();
    Watching watching(server, hosts);
    const CpuSeconds before_opening = cpu_seconds();
    const auto began_opening = Clock::now();
    watching.round();
    print("kurabe, sessions opened", hosts, (cpu_seconds() - before_opening).total(),
          std::chrono::duration<double>(Clock::now() - began_opening).count());
    const auto processes = server.session_processes();
    const double watched_before = cpu_of(processes);
    const CpuSeconds before = cpu_seconds();
    const auto began = Clock::now();
    for (std::size_t round = 0; round < rounds; ++round) watching.round();
    const double cpu = (cpu_seconds() - before).total();
    const std::size_t polls = hosts * rounds;
    print("kurabe, sessions kept open", polls, cpu,
          std::chrono::duration<double>(Clock::now() - began).count());
    std::printf("  %.0f KiB per session; on the watched host %.1f CPU ms per poll\n",
                (resident_kilobytes() - memory_before) / static_cast<double>(hosts),
                (cpu_of(processes) - watched_before) * 1000 / static_cast<double>(polls));
    return cpu / static_cast<double>(polls);
}

double measure_processes(const char* name, const Words& words, std::size_t processes) {
    double cpu = 0, wall = 0;
    for (std::size_t i = 0; i < processes; ++i) {
        const Cost cost = run(words);
        cpu += cost.cpu.total();
        wall += cost.wall_seconds;
    }
    print(name, processes, cpu, wall);
    return cpu / static_cast<double>(processes);
}

Words with_command(Words words) {
    words.emplace_back("127.0.0.1");
    words.emplace_back(ssh::remote_command());
    return words;
}

}  // namespace

int main(int count, char** arguments) {
    const Options options("ssh_poll", {{"--hosts", 100}, {"--rounds", 20}, {"--processes", 200}},
                          count, arguments);
    if (!tests::SshServer::is_installed()) stop("openssh-server is not installed");
    raise_open_file_limit();
    const tests::SshServer server;
    const double ours = measure_ours(server, options["--hosts"], options["--rounds"]);

    const Words client = {"/usr/bin/ssh",
                          "-F",
                          "none",
                          "-i",
                          server.identity(),
                          "-p",
                          std::to_string(server.port()),
                          "-o",
                          "BatchMode=yes",
                          "-o",
                          "UserKnownHostsFile=" + server.known_hosts_file().string()};
    const double plain =
        measure_processes("ssh, a process per poll", with_command(client), options["--processes"]);
    Words master = client;
    const std::string socket = server.directory().path() / "master";
    master.insert(master.end(), {"-o", "ControlPath=" + socket});
    Words opening = master;
    opening.insert(opening.end(), {"-o", "ControlMaster=yes", "-fN", "127.0.0.1"});
    (void)run(opening);
    const double kept = measure_processes("ssh, a process per poll, one login",
                                          with_command(master), options["--processes"]);
    Words ending = master;
    ending.insert(ending.end(), {"-O", "exit", "127.0.0.1"});
    (void)run(ending);
    std::printf("ratio %.0f to a process per poll, %.0f to one with ControlMaster\n", plain / ours,
                kept / ours);
    return 0;
}
