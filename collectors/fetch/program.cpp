// posix_spawn(3), two pipes, and a process group that is killed at the end whatever happened.
#include "collectors/fetch/program.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collectors/descriptor.hpp"
#include "collectors/printable.hpp"

namespace kurabe::collectors::fetch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{50};  // for a stop, and for an end without a sign
constexpr std::size_t kComplaintBytesMax = 4096;
constexpr std::size_t kShownBytesMax = 200;

std::unexpected<Error> system_error(std::string_view what, int error) {
    return fail(ErrorCode::kSystem,
                fmt::format("{}: {}", what, std::generic_category().message(error)));
}

// What anybody but root and ourselves could have put there is not run.
Result<void> check_trusted(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return system_error(path, errno);
    const bool is_ours = status.st_uid == 0 || status.st_uid == ::geteuid();
    if (!S_ISREG(status.st_mode) || !is_ours || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return fail(ErrorCode::kInvalid,
                    path + ": must be a file of root or of this user that nobody else can write");
    }
    return {};
}

struct Pipe {
    Descriptor reading;
    Descriptor writing;
};

Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_error("cannot make a pipe", errno);
    Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
    (void)::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return pipe;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return pointers;
}

class SpawnSettings {
  public:
    SpawnSettings(int output, int complaints) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, complaints, STDERR_FILENO);
        ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
        ::posix_spawn_file_actions_addchdir_np(&actions_, "/");
        ::posix_spawnattr_init(&attributes_);
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        ::posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    ~SpawnSettings() {
        ::posix_spawnattr_destroy(&attributes_);
        ::posix_spawn_file_actions_destroy(&actions_);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;

    [[nodiscard]] Result<pid_t> spawn(std::vector<std::string> command) const {
        std::vector<std::string> environment{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"};
        pid_t process = 0;
        const int error =
            ::posix_spawn(&process, command.front().c_str(), &actions_, &attributes_,
                          pointers_to(command).data(), pointers_to(environment).data());
        if (error != 0) return system_error("cannot start " + command.front(), error);
        return process;
    }

  private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

// A program that runs, and its group.
class Running {
  public:
    explicit Running(pid_t process) : process_(process) {}
    ~Running() { end(); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    [[nodiscard]] bool has_ended() const {
        siginfo_t info{};
        const int flags = WEXITED | WNOHANG | WNOWAIT;
        return ::waitid(P_PID, static_cast<id_t>(process_), &info, flags) == 0 && info.si_pid != 0;
    }
    // Kills what is left of the group while its number is still ours; the status as of waitpid(2).
    int end() {
        if (process_ == 0) return status_;
        ::kill(-process_, SIGKILL);
        while (::waitpid(process_, &status_, 0) < 0 && errno == EINTR) {
        }
        process_ = 0;
        return status_;
    }

  private:
    pid_t process_;
    int status_ = 0;
};

// Reads what is there, but not without end, and keeps `keep` bytes of it; false at the end.
bool drain(int descriptor, std::string& text, std::size_t keep) {
    constexpr int kReadsAtOnce = 64;
    std::array<char, 16 << 10> bytes;
    for (int reads = 0; reads < kReadsAtOnce; ++reads) {
        const ssize_t count = ::read(descriptor, bytes.data(), bytes.size());
        if (count < 0) return errno == EAGAIN || errno == EINTR;
        if (count == 0) return false;
        text.append(bytes.data(), std::min(static_cast<std::size_t>(count), keep - text.size()));
    }
    return true;
}

Result<void> verdict(int status, std::string_view complaints) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    const std::string_view line = complaints.substr(0, complaints.find('\n'));
    const std::string how = WIFEXITED(status) ? fmt::format("exit status {}", WEXITSTATUS(status))
                                              : fmt::format("ended by signal {}", WTERMSIG(status));
    if (line.empty()) return fail(ErrorCode::kInvalid, how);
    return fail(ErrorCode::kInvalid, fmt::format("{}: {}", how, printable(line, kShownBytesMax)));
}

// Collects the output until it and the program have ended.
Result<Answer> collect(Running& program, Pipe& output, Pipe& complaints, Clock::time_point deadline,
                       const std::stop_token& stop) {
    Answer answer;
    std::string complaint;
    std::array<pollfd, 2> descriptors{
        pollfd{.fd = output.reading.number(), .events = POLLIN, .revents = 0},
        pollfd{.fd = complaints.reading.number(), .events = POLLIN, .revents = 0}};
    while (descriptors[0].fd >= 0 || !program.has_ended()) {
        if (stop.stop_requested()) return fail(ErrorCode::kSystem, "stopped");
        if (Clock::now() >= deadline) return fail(ErrorCode::kSystem, "did not end in time");
        (void)::poll(descriptors.data(), descriptors.size(), static_cast<int>(kLook.count()));
        if (descriptors[0].fd >= 0 && !drain(descriptors[0].fd, answer.text, kAnswerBytesMax + 1)) {
            descriptors[0].fd = -1;
        }
        if (descriptors[1].fd >= 0 && !drain(descriptors[1].fd, complaint, kComplaintBytesMax)) {
            descriptors[1].fd = -1;
        }
        if (answer.text.size() > kAnswerBytesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("the output has over {} bytes", kAnswerBytesMax));
        }
    }
    (void)drain(complaints.reading.number(), complaint, kComplaintBytesMax);
    if (auto ended = verdict(program.end(), complaint); !ended) {
        return std::unexpected(ended.error());
    }
    return answer;
}

}  // namespace

Result<Answer> run_program(const std::vector<std::string>& command, Clock::time_point deadline,
                           const std::stop_token& stop) {
    if (auto trusted = check_trusted(command.front()); !trusted) {
        return std::unexpected(trusted.error());
    }
    auto output = make_pipe();
    if (!output) return std::unexpected(output.error());
    auto complaints = make_pipe();
    if (!complaints) return std::unexpected(complaints.error());
    const auto process =
        SpawnSettings(output->writing.number(), complaints->writing.number()).spawn(command);
    if (!process) return std::unexpected(process.error());
    Running program(*process);
    output->writing = Descriptor();
    complaints->writing = Descriptor();
    return collect(program, *output, *complaints, deadline, stop);
}

}  // namespace kurabe::collectors::fetch
