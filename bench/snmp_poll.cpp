// What it costs to watch the traffic of switches by SNMP: all of them on one thread, beside one
// `snmpbulkwalk` process per table column and poll, which ask the same devices.
//
//   snmp_poll [--devices 1000] [--ports 48] [--rounds 10] [--processes 100]
//
// The devices are answered by another process on this machine: what is compared is the CPU time of
// the watching side.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "bench/child.hpp"
#include "bench/forked.hpp"
#include "collectors/snmp/poller.hpp"
#include "tests/support/snmp_answerer.hpp"

namespace {

using namespace kurabe;
using namespace kurabe::bench;
namespace snmp = collectors::snmp;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kOctets = 1'000'000'000'000;

std::string address_of(std::size_t device) {
    return fmt::format("127.1.{}.{}", device / 250, device % 250 + 1);
}

// A process that answers for all devices.
Forked answering(std::size_t devices, unsigned ports, bool tells_changes) {
    return Forked([=](const Forked::Announce& announce) {
        tests::SnmpAnswerer answerer;
        tests::SnmpObjects objects = tests::switch_objects(ports, kOctets);
        if (!tells_changes) objects.erase({1, 3, 6, 1, 2, 1, 31, 1, 5, 0});
        for (std::size_t i = 0; i < devices; ++i) {
            answerer.add(address_of(i), {.objects = objects});
        }
        announce(answerer.port());
        while (true) ::pause();
    });
}

void print(const char* name, std::size_t polls, double cpu, double wall) {
    const double count = static_cast<double>(polls);
    std::printf("%-36s %8.3f CPU ms per device, %8.0f devices a minute on one core; %7.0f here\n",
                name, cpu * 1000 / count, 60 * count / cpu, 60 * count / wall);
}

class Watching {
  public:
    Watching(std::size_t devices, int port)
        : poller_(checked(snmp::Poller::create(
              {.credentials = {{.name = "all",
                                .hosts = {"*"},
                                .access = snmp::Community{"public"},
                                .port = static_cast<std::uint16_t>(port)}},
               .patience = {.timeout = std::chrono::seconds{30}},
               .deadline = std::chrono::seconds{120}},
              [] {
                  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
              },
              [this](const snmp::Target& target, const Result<collectors::Report>& outcome) {
                  if (!outcome) stop(target.host + ": " + outcome.error().message);
                  samples_ += outcome->batch.samples.size();
              },
              1))) {
        for (std::size_t i = 0; i < devices; ++i) {
            if (auto added = poller_->add({.host = address_of(i), .wanted = {.interfaces = true}});
                !added) {
                stop(added.error().message);
            }
        }
    }
    void round() {
        poller_->begin();
        while (poller_->busy() > 0) poller_->work(std::chrono::milliseconds{1000});
    }
    [[nodiscard]] std::size_t samples() const { return samples_; }

  private:
    std::size_t samples_ = 0;
    std::unique_ptr<snmp::Poller> poller_;
};

// Returns the CPU time of the watching side per poll.
double measure_ours(int port, std::size_t devices, std::size_t rounds) {
    Watching watching(devices, port);
    const CpuSeconds before_first = cpu_seconds();
    const auto began_first = Clock::now();
    watching.round();
    print("kurabe, first poll of each", devices, (cpu_seconds() - before_first).total(),
          std::chrono::duration<double>(Clock::now() - began_first).count());
    const std::size_t samples_before = watching.samples();
    const CpuSeconds before = cpu_seconds();
    const auto began = Clock::now();
    for (std::size_t round = 0; round < rounds; ++round) watching.round();
    const double cpu = (cpu_seconds() - before).total();
    const std::size_t polls = devices * rounds;
    print("kurabe, each further poll", polls, cpu,
          std::chrono::duration<double>(Clock::now() - began).count());
    std::printf(
        "  %.0f samples a poll\n",
        static_cast<double>(watching.samples() - samples_before) / static_cast<double>(polls));
    return cpu / static_cast<double>(polls);
}

// One poll is the two columns of octets.
double measure_processes(int port, std::size_t devices, std::size_t polls) {
    double cpu = 0, wall = 0;
    for (std::size_t i = 0; i < polls; ++i) {
        const std::string peer = fmt::format("{}:{}", address_of(i % devices), port);
        for (const char* column : {"1.3.6.1.2.1.31.1.1.1.6", "1.3.6.1.2.1.31.1.1.1.10"}) {
            const Cost cost = run(
                {"/usr/bin/snmpbulkwalk", "-v2c", "-c", "public", "-On", "-Cr50", peer, column});
            cpu += cost.cpu.total();
            wall += cost.wall_seconds;
        }
    }
    print("snmpbulkwalk, two processes a poll", polls, cpu, wall);
    return cpu / static_cast<double>(polls);
}

}  // namespace

int main(int count, char** arguments) {
    const Options options(
        "snmp_poll", {{"--devices", 1000}, {"--ports", 48}, {"--rounds", 20}, {"--processes", 100}},
        count, arguments);
    raise_open_file_limit();
    ::setenv("MIBS", "", 1);  // else each process of theirs reads them all
    const std::size_t devices = options["--devices"];
    const auto ports = static_cast<unsigned>(options["--ports"]);
    {
        std::puts(
            "devices that do not tell when their interfaces change, so that names are asked for:");
        const Forked peer = answering(devices, ports, false);
        (void)measure_ours(peer.port(), devices, options["--rounds"]);
    }
    std::puts("devices that do:");
    const Forked peer = answering(devices, ports, true);
    const double ours = measure_ours(peer.port(), devices, options["--rounds"]);
    if (options["--processes"] == 0) return 0;
    if (::access("/usr/bin/snmpbulkwalk", X_OK) != 0) stop("the package snmp is not installed");
    const double theirs = measure_processes(peer.port(), devices, options["--processes"]);
    std::printf("ratio %.0f to processes\n", theirs / ours);
    return 0;
}
