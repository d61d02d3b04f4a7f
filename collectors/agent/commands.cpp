// Threads that each run one command after another.
#include "collectors/agent/commands.hpp"

#include <algorithm>
#include <csignal>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stop_token>
#include <string_view>
#include <system_error>
#include <thread>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collectors/program.hpp"

extern char** environ;

namespace kurabe::collectors::agent {
namespace {

constexpr std::chrono::milliseconds kLook{50};  // at `stop`
constexpr std::string_view kAgentEnds = "the agent ends";

// Also "NAME=VALUE program".
bool is_for_the_shell(const std::string& command) {
    constexpr std::string_view kOfTheShell = "$&*(){}[]'\";\\|?<>~`\n";
    if (command.find_first_of(kOfTheShell) != std::string::npos) return true;
    const std::size_t begin = std::min(command.find_first_not_of(" \t"), command.size());
    return command.find('=', begin) < command.find_first_of(" \t", begin);
}

std::vector<std::string> words_of(const std::string& command) {
    if (is_for_the_shell(command)) return {"/bin/sh", "-c", command};
    std::vector<std::string> words;
    for (std::size_t at = command.find_first_not_of(" \t"); at != std::string::npos;) {
        const std::size_t end = std::min(command.find_first_of(" \t", at), command.size());
        words.push_back(command.substr(at, end - at));
        at = command.find_first_not_of(" \t", end);
    }
    return words;
}

std::vector<std::string> own_environment() {
    std::vector<std::string> entries;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        entries.emplace_back(*entry);
    }
    return entries;
}

CommandOutcome run(const std::string& command, const CommandLimits& limits,
                   const std::stop_token& stop) {
    ProgramRun run =
        watch_program({.words = words_of(command),
                       .environment = own_environment(),
                       .directory = ".",
                       .shares_complaints = true},
                      {.time = limits.deadline, .output_bytes = limits.output_bytes_max}, stop);
    CommandOutcome outcome{.output = std::move(run.output), .failure = {}};
    if (!run.status) {
        outcome.failure = std::move(run.status).error().message;
    } else if (*run.status != 0) {
        outcome.failure = fmt::format("exit_code: {}", *run.status);
    }
    return outcome;
}

// The commands, for threads that each take the next one.
class Commands {
  public:
    Commands(std::span<const std::string> commands, const CommandLimits& limits)
        : commands_(commands), limits_(limits), outcomes_(commands.size()) {}

    void work(const std::stop_token& stop) {
        for (std::size_t i = next_++; i < commands_.size(); i = next_++) {
            work_on(i, stop);
            ++done_;
        }
    }
    [[nodiscard]] bool are_done() const noexcept { return done_ == commands_.size(); }
    [[nodiscard]] std::vector<CommandOutcome> take() { return std::move(outcomes_); }

  private:
    // Want of memory for one must not end the agent.
    void work_on(std::size_t i, const std::stop_token& stop) {
        try {
            if (!stop.stop_requested()) outcomes_[i] = run(commands_[i], limits_, stop);
            if (stop.stop_requested()) outcomes_[i].failure = kAgentEnds;
        } catch (const std::exception&) {
            outcomes_[i].failure = "out of memory";
        }
    }

    std::span<const std::string> commands_;
    const CommandLimits& limits_;
    std::vector<CommandOutcome> outcomes_;
    std::atomic<std::size_t> next_{0};
    std::atomic<std::size_t> done_{0};
};

}  // namespace

std::vector<CommandOutcome> run_commands(std::span<const std::string> commands,
                                         const CommandLimits& limits,
                                         const std::atomic<bool>& stop) {
    Commands all(commands, limits);
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(limits.at_once, commands.size()); ++i) {
        threads.emplace_back([&all](const std::stop_token& ends) { all.work(ends); });
    }
    while (!stop && !all.are_done()) std::this_thread::sleep_for(kLook);
    if (stop) {
        for (std::jthread& thread : threads) thread.request_stop();
    }
    for (std::jthread& thread : threads) thread.join();
    return all.take();
}

void adopt_strays() {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

namespace {

std::vector<pid_t> children() {
    std::vector<pid_t> found;
    std::error_code error;
    std::filesystem::directory_iterator threads("/proc/self/task", error);
    for (; !error && threads != std::filesystem::directory_iterator(); threads.increment(error)) {
        std::ifstream list(threads->path() / "children");
        for (pid_t child = 0; list >> child;) found.push_back(child);
    }
    return found;
}

}  // namespace

// One that was ended may have had children, which are this process's then.
std::size_t end_strays() {
    constexpr int kRounds = 50;
    constexpr std::chrono::milliseconds kBetweenRounds{10};
    std::vector<pid_t> left = children();
    for (int i = 0; i < kRounds && !left.empty(); ++i) {
        for (const pid_t child : left) ::kill(child, SIGKILL);
        if (i > 0) std::this_thread::sleep_for(kBetweenRounds);
        for (const pid_t child : left) ::waitpid(child, nullptr, WNOHANG);
        left = children();
    }
    return left.size();
}

}  // namespace kurabe::collectors::agent
