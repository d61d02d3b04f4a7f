// posix_spawn into a process group of its own, poll(2) over pipes and pidfds.
#include "collectors/agent/commands.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collectors/descriptor.hpp"

extern "C" {  // which glibc 2.36 forgot in it
#include <sys/pidfd.h>
}

extern char** environ;

namespace kurabe::collectors::agent {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{200};        // at `stop` and at deadlines
constexpr std::chrono::milliseconds kPatience{1'000};  // with what was killed

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

// How a command is started: its output into `output`, no signal blocked or ignored, in a process
// group of its own.
class Start {
  public:
    explicit Start(int output) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        posix_spawnattr_init(&attributes_);
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&attributes_, &none);
        sigset_t all;
        sigfillset(&all);
        posix_spawnattr_setsigdefault(&attributes_, &all);
        posix_spawnattr_setpgroup(&attributes_, 0);
        posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Start() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }
    Start(const Start&) = delete;
    Start& operator=(const Start&) = delete;

    // An errno.
    [[nodiscard]] int run(std::vector<std::string>& words, pid_t& process) const {
        std::vector<char*> arguments;
        for (std::string& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        return ::posix_spawnp(&process, arguments.front(), &actions_, &attributes_,
                              arguments.data(), environ);
    }

  private:
    posix_spawn_file_actions_t actions_;
    posix_spawnattr_t attributes_;
};

// A command that runs; its group is ended with it.
class Running {
  public:
    Running(CommandOutcome& outcome, const CommandLimits& limits)
        : outcome_(&outcome), limits_(&limits), deadline_(Clock::now() + limits.deadline) {}
    Running(Running&& other) noexcept
        : outcome_(other.outcome_),
          limits_(other.limits_),
          deadline_(other.deadline_),
          process_(std::exchange(other.process_, -1)),
          output_(std::move(other.output_)),
          ending_(std::move(other.ending_)) {}
    Running& operator=(Running&&) = delete;
    ~Running() { end(); }

    // False, with the outcome's failure, when it does not run.
    [[nodiscard]] bool start(const std::string& command);
    // What is to be polled: its output, then its end.
    [[nodiscard]] std::array<pollfd, 2> polled() const {
        return {pollfd{output_.number(), POLLIN, 0}, pollfd{ending_.number(), POLLIN, 0}};
    }
    // Takes what there is. False when it is over, for whatever reason.
    [[nodiscard]] bool go_on(bool has_ended);
    void fail(std::string reason) {
        if (!outcome_->failure) outcome_->failure = std::move(reason);
    }

  private:
    // False when there is more than may be.
    [[nodiscard]] bool read_output();
    void end();
    void tell_status(int status);

    CommandOutcome* outcome_;
    const CommandLimits* limits_;
    Clock::time_point deadline_;
    pid_t process_ = -1;
    Descriptor output_;
    Descriptor ending_;  // a pidfd
};

bool Running::start(const std::string& command) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        fail(fmt::format("cannot be started: {}", std::strerror(errno)));
        return false;
    }
    output_ = Descriptor(ends[0]);
    const Descriptor written(ends[1]);
    // Programs do not expect that their output cannot wait.
    ::fcntl(written.number(), F_SETFL, O_WRONLY);
    std::vector<std::string> words = words_of(command);
    int error = words.empty() ? EINVAL : Start(written.number()).run(words, process_);
    if (error != 0) process_ = -1;
    if (error == 0) ending_ = Descriptor(::pidfd_open(process_, 0));
    if (error == 0 && ending_.number() < 0) error = errno;
    if (error != 0) fail(fmt::format("cannot be started: {}", std::strerror(error)));
    return error == 0;
}

bool Running::go_on(bool has_ended) {
    if (!read_output()) {
        fail(fmt::format("printed over {} bytes", limits_->output_bytes_max));
        return false;
    }
    if (has_ended) return false;
    if (Clock::now() < deadline_) return true;
    const std::chrono::duration<double> seconds = limits_->deadline;
    fail(fmt::format("did not end within {} s", seconds.count()));
    return false;
}

bool Running::read_output() {
    std::array<char, 65536> part{};
    while (output_.number() >= 0) {
        const ssize_t got = ::read(output_.number(), part.data(), part.size());
        if (got < 0) return true;
        if (got == 0) {
            output_ = Descriptor();
            return true;
        }
        const auto bytes = static_cast<std::size_t>(got);
        const std::size_t room = limits_->output_bytes_max - outcome_->output.size();
        outcome_->output.append(part.data(), std::min(bytes, room));
        if (bytes > room) return false;
    }
    return true;
}

// The group first, while its leader still holds its number. A process that waits for a dead file
// system does not end; it is left to end_strays().
void Running::end() {
    if (process_ < 0) return;
    ::kill(-process_, SIGKILL);
    pollfd ended{ending_.number(), POLLIN, 0};
    static_cast<void>(::poll(&ended, 1, static_cast<int>(kPatience.count())));
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) == process_) tell_status(status);
    process_ = -1;
}

void Running::tell_status(int status) {
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0) {
        fail(fmt::format("exit_code: {}", WEXITSTATUS(status)));
    } else if (WIFSIGNALED(status)) {
        fail(fmt::format("ended by signal {}", WTERMSIG(status)));
    }
}

// Waits until something happens to one of them, and takes out those that are over.
void wait_for(std::vector<Running>& running) {
    std::vector<pollfd> polled;
    for (const Running& command : running) {
        for (const pollfd& one : command.polled()) polled.push_back(one);
    }
    if (::poll(polled.data(), polled.size(), static_cast<int>(kLook.count())) < 0) return;
    std::vector<Running> others;
    for (std::size_t i = 0; i < running.size(); ++i) {
        if (running[i].go_on(polled[2 * i + 1].revents != 0)) {
            others.push_back(std::move(running[i]));
        }
    }
    running = std::move(others);
}

}  // namespace

std::vector<CommandOutcome> run_commands(std::span<const std::string> commands,
                                         const CommandLimits& limits,
                                         const std::atomic<bool>& stop) {
    std::vector<CommandOutcome> outcomes(commands.size());
    std::vector<Running> running;
    std::size_t next = 0;
    while (!stop && (next < commands.size() || !running.empty())) {
        for (; next < commands.size() && running.size() < limits.at_once; ++next) {
            Running command(outcomes[next], limits);
            if (command.start(commands[next])) running.push_back(std::move(command));
        }
        wait_for(running);
    }
    for (Running& command : running) command.fail("the agent ends");
    for (; next < commands.size(); ++next) outcomes[next].failure = "the agent ends";
    return outcomes;
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
