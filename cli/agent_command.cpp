// `kurabe agent`: collects this machine at every tick and pushes it to a server.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/agent_collecting.hpp"
#include "cli/agent_delivery.hpp"
#include "cli/agent_name.hpp"
#include "cli/commands.hpp"
#include "cli/log_reader.hpp"
#include "cli/own_address.hpp"
#include "cli/stop_signal.hpp"
#include "store/archive_name.hpp"

namespace kurabe::cli {

namespace {

constexpr std::chrono::milliseconds kClockLook{200};  // so that a changed clock is noticed

// The thread that collects.
class Ticking {
  public:
    Ticking(AgentCollecting& collecting, AgentName& name, AgentDelivery& delivery,
            const Environment& environment, server::Log& log)
        : collecting_(collecting),
          name_(name),
          delivery_(delivery),
          environment_(environment),
          log_(log) {}

    void start() {
        thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
    }
    void stop() {
        stopping_ = true;
        thread_ = {};
    }

  private:
    void work(const std::stop_token& stop) {
        store::Time due = collecting_.next_tick(environment_.now());
        while (!stop.stop_requested()) {
            const store::Time now = environment_.now();
            const store::Time next = collecting_.next_tick(now);
            if (now >= due) tick();
            // Far in the future is a due time only when the clock was set back.
            if (now >= due || next < due) due = next;
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, stop, kClockLook, [] { return false; });
        }
    }
    // Want of memory in one tick must not end the agent.
    void tick() {
        try {
            if (delivery_.was_forbidden()) name_.doubt();
            if (const auto host = name_.get()) collecting_.collect(*host, stopping_);
        } catch (const std::exception& exception) {
            log_.error("task failed", {{"reason", exception.what()}});
        }
    }

    AgentCollecting& collecting_;
    AgentName& name_;
    AgentDelivery& delivery_;
    const Environment& environment_;
    server::Log& log_;
    std::atomic<bool> stopping_{false};
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::jthread thread_;
};

Result<void> check_name(const std::optional<std::string>& host) {
    if (!host) return {};
    if (const auto name = store::archive_name_of(*host); !name) {
        return fail(ErrorCode::kInvalid, fmt::format("'{}': {}", *host, name.error().message));
    }
    return {};
}

void wait_for_the_end(const StopSignal& signal, server::Log& log) {
    std::string_view name = signal.wait();
    while (name == "SIGHUP") name = signal.wait();  // its files are read at every tick anyway
    log.info("stopping", {{"signal", std::string(name)}});
}

}  // namespace

Result<void> run_agent(const AgentCommand& command, const Environment& environment) {
    if (auto checked = check_name(command.host); !checked) return checked;
    auto sender = LineSender::create(command.server, environment.credentials);
    if (!sender) return std::unexpected(sender.error());
    auto spool = collectors::agent::Spool::open(command.spool);
    if (!spool) return std::unexpected(spool.error());
    const StopSignal stop_signal;
    collectors::agent::adopt_strays();
    server::Log log(STDERR_FILENO, server::LogLevel::kInfo, log_reader(STDERR_FILENO));
    std::mt19937_64 random(std::random_device{}());
    const store::Seconds offset(
        std::uniform_int_distribution<std::int64_t>(0, command.max_delay)(random));
    const std::string server = sender->host();
    const std::size_t left = spool->batches();
    AgentDelivery delivery(*std::move(spool), *std::move(sender), log, random());
    AgentCollecting collecting(
        {.conf_d = command.conf_d, .interval = store::Seconds(command.interval), .offset = offset},
        environment, log, [&delivery](std::string lines) { delivery.add(std::move(lines)); });
    AgentName name(command.host, [&server] { return own_address_toward(server); }, log);
    Ticking ticking(collecting, name, delivery, environment, log);
    log.info("collecting", {{"server", server},
                            {"interval", std::to_string(command.interval)},
                            {"offset", std::to_string(offset.count())},
                            {"plugins", std::to_string(collecting.count_plugins())},
                            {"spooled", std::to_string(left)}});
    delivery.start();
    ticking.start();
    wait_for_the_end(stop_signal, log);
    ticking.stop();
    delivery.stop();
    log.info("stopped");
    return {};
}

}  // namespace kurabe::cli
