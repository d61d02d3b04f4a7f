// posix_spawn, wait4 and /proc.
#include "bench/child.hpp"

#include <array>
#include <chrono>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace kurabe::bench {
namespace {

double seconds_of(const timeval& time) noexcept {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

pid_t spawn(const Words& words, const posix_spawn_file_actions_t& actions) {
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t pid = -1;
    const int error =
        ::posix_spawn(&pid, arguments.front(), &actions, nullptr, arguments.data(), environ);
    if (error != 0) stop("cannot start " + words.front() + ": " + std::strerror(error));
    return pid;
}

std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) == -1) stop("pipe2");
    return ends;
}

}  // namespace

Cost run(const Words& words) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const auto begin = std::chrono::steady_clock::now();
    const pid_t pid = spawn(words, actions);
    int status = 0;
    rusage used{};
    ::wait4(pid, &status, 0, &used);
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    posix_spawn_file_actions_destroy(&actions);
    if (status != 0) stop(words.front() + " " + words.at(1) + " failed");
    return {{seconds_of(used.ru_utime), seconds_of(used.ru_stime)}, wall.count()};
}

Talk::Talk(const Words& words) {
    const auto to = make_pipe();
    const auto from = make_pipe();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
    pid_ = spawn(words, actions);
    posix_spawn_file_actions_destroy(&actions);
    ::close(to[0]);
    ::close(from[1]);
    to_ = ::fdopen(to[1], "w");
    from_ = ::fdopen(from[0], "r");
}

// The answers to much more text than this wait for room in a pipe: nobody reads them yet.
void Talk::ask(std::string_view text, std::size_t commands) {
    std::fwrite(text.data(), 1, text.size(), to_);
    std::fflush(to_);
    std::array<char, 4096> line{};
    while (commands > 0) {
        if (std::fgets(line.data(), line.size(), from_) == nullptr) stop("the pipe ended");
        const std::string_view answer = line.data();
        if (answer.starts_with("ERROR")) stop(std::string(answer));
        if (answer.starts_with("OK")) --commands;
    }
}

// In clock ticks of ten milliseconds.
CpuSeconds cpu_seconds_of(pid_t process) {
    std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
    std::string field;
    for (int i = 0; i < 13; ++i) stat >> field;
    double user = 0;
    double system = 0;
    stat >> user >> system;
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    return {user / ticks, system / ticks};
}

CpuSeconds Talk::cpu_seconds() const {
    return cpu_seconds_of(pid_);
}

void Talk::finish() {
    std::fclose(to_);
    std::fclose(from_);
    ::waitpid(pid_, nullptr, 0);
}

}  // namespace kurabe::bench
