// One thread that goes through the agents in the order of their moments.
#include "bench/held_agents.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "bench/held_peers.hpp"
#include "bench/pushing_agent.hpp"

namespace kurabe::bench {
namespace {

using Clock = std::chrono::system_clock;
constexpr std::chrono::minutes kRound{1};
constexpr int kSpreadPercent = 80;  // of a round

std::string message(std::size_t agent, std::size_t lines, std::int64_t epoch) {
    const std::string host = address_of(Block::kMachines, agent);
    std::string text = fmt::format("{}\tapp.metrics.users.gauge\t0.42\t{}\n", host, epoch);
    for (std::size_t i = 1; i < lines; ++i) {
        text += fmt::format("{}\tapp.metrics.requests-{}.derive\t{}\t{}\n", host, i,
                            epoch * static_cast<std::int64_t>(i), epoch);
    }
    return push_of(text);
}

}  // namespace

HeldAgents::HeldAgents(int port, std::size_t agents, std::size_t lines)
    : thread_([=, this](const std::stop_token& stop) { push(stop, port, agents, lines); }) {}

void HeldAgents::push(const std::stop_token& stop, int port, std::size_t agents,
                      std::size_t lines) {
    std::vector<PushingAgent> pushing;
    for (std::size_t i = 0; i < agents; ++i) pushing.emplace_back(port);
    while (!stop.stop_requested()) {
        const auto round = std::chrono::floor<std::chrono::minutes>(Clock::now()) + kRound;
        for (std::size_t i = 0; i < agents && !stop.stop_requested(); ++i) {
            const auto share = kRound * kSpreadPercent / 100.0 * static_cast<double>(i) /
                               static_cast<double>(agents);
            const Clock::time_point moment =
                round + std::chrono::duration_cast<Clock::duration>(share);
            while (Clock::now() < moment && !stop.stop_requested()) {
                std::this_thread::sleep_for(std::min<Clock::duration>(
                    moment - Clock::now(), std::chrono::milliseconds{500}));
            }
            pushing[i].send(message(i, lines, Clock::to_time_t(moment)));
            pushing[i].expect_taken();
            const auto waited =
                std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - moment);
            if (waited > longest_.load()) longest_ = waited;
        }
    }
}

}  // namespace kurabe::bench
