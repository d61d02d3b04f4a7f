// Between fork and exec the child calls only what is safe in a copy of a process with threads:
// everything that needs memory is prepared before.
#include "collectors/program.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collectors/descriptor.hpp"

namespace kurabe::collectors {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{100};
constexpr std::string_view kDefaultPath = "/usr/local/bin:/usr/bin:/bin";
constexpr int kCannotRun = 127;

std::string reason_of(int error) {
    return std::generic_category().message(error);
}

struct Pipe {
    Descriptor reading;
    Descriptor writing;

    static Result<Pipe> open() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            return fail(ErrorCode::kSystem, "no pipe: " + reason_of(errno));
        }
        return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
    }
};

struct Pipes {
    Descriptor input;
    Pipe output;
    Pipe complaints;
    Pipe failure;

    static Result<Pipes> open() {
        Pipes pipes;
        pipes.input = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        for (Pipe* pipe : {&pipes.output, &pipes.complaints, &pipes.failure}) {
            auto opened = Pipe::open();
            if (!opened) return std::unexpected(opened.error());
            *pipe = *std::move(opened);
        }
        for (const Pipe* pipe : {&pipes.output, &pipes.complaints}) {
            ::fcntl(pipe->reading.number(), F_SETFL, O_NONBLOCK);
        }
        return pipes;
    }

    void close_ends_of_child() {
        for (Pipe* pipe : {&output, &complaints, &failure}) pipe->writing = Descriptor();
    }
};

std::string_view path_of(const std::vector<std::string>& environment) {
    constexpr std::string_view kBegins = "PATH=";
    for (const std::string& entry : environment) {
        if (entry.starts_with(kBegins)) return std::string_view(entry).substr(kBegins.size());
    }
    return kDefaultPath;
}

bool is_executable(const std::string& file) {
    std::error_code unknown;
    return std::filesystem::is_regular_file(file, unknown) && ::access(file.c_str(), X_OK) == 0;
}

Result<std::string> find_file(const Program& program) {
    if (program.words.empty()) return fail(ErrorCode::kInvalid, "no program is named");
    const std::string& name = program.words.front();
    if (name.find('/') != std::string::npos) return name;
    for (std::string_view rest = path_of(program.environment); !rest.empty();) {
        const std::string_view folder = rest.substr(0, rest.find(':'));
        rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
        if (folder.empty()) continue;
        std::string file = fmt::format("{}/{}", folder, name);
        if (is_executable(file)) return file;
    }
    return fail(ErrorCode::kNotFound, fmt::format("there is no program '{}' along PATH ({})", name,
                                                  path_of(program.environment)));
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

// What the child needs, in the form that the kernel takes.
struct Prepared {
    std::string file;
    std::string directory;
    std::vector<std::string> words;
    std::vector<std::string> environment;
    std::vector<char*> word_pointers = {};
    std::vector<char*> environment_pointers = {};
    std::optional<Account> account;
    pid_t parent;
    int input;
    int output;
    int complaints;
    int failure;  // takes an errno when there is no program
};

bool become(const Account& account) {
    return ::setgroups(account.groups.size(), account.groups.data()) == 0 &&
           ::setresgid(account.group, account.group, account.group) == 0 &&
           ::setresuid(account.user, account.user, account.user) == 0;
}

void forget_signals() {
    struct sigaction standard{};
    standard.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &standard, nullptr);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// False with errno.
bool set_up(const Prepared& prepared) {
    ::setpgid(0, 0);
    forget_signals();
    if (::dup2(prepared.input, STDIN_FILENO) < 0 || ::dup2(prepared.output, STDOUT_FILENO) < 0 ||
        ::dup2(prepared.complaints, STDERR_FILENO) < 0) {
        return false;
    }
    ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    if (prepared.account && !become(*prepared.account)) return false;
    // After becoming another, which makes the kernel forget it.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != prepared.parent) return false;
    return ::chdir(prepared.directory.c_str()) == 0;
}

[[noreturn]] void be_the_child(const Prepared& prepared) {
    if (set_up(prepared)) {
        ::execve(prepared.file.c_str(), prepared.word_pointers.data(),
                 prepared.environment_pointers.data());
    }
    const int error = errno;
    (void)!::write(prepared.failure, &error, sizeof error);
    ::_exit(kCannotRun);
}

pid_t fork_child(const Program& program, std::string file, const Pipes& pipes) {
    Prepared prepared{.file = std::move(file),
                      .directory = program.directory.string(),
                      .words = program.words,
                      .environment = program.environment,
                      .account = program.account,
                      .parent = ::getpid(),
                      .input = pipes.input.number(),
                      .output = pipes.output.writing.number(),
                      .complaints = pipes.complaints.writing.number(),
                      .failure = pipes.failure.writing.number()};
    prepared.word_pointers = pointers_to(prepared.words);
    prepared.environment_pointers = pointers_to(prepared.environment);
    const pid_t process = ::fork();
    if (process == 0) be_the_child(prepared);
    return process;
}

// The C library's header (2.36) declares its function for C only.
int open_process(pid_t process) {
    return static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
}

// A child whose group is killed and that is waited for in any case.
class Child {
  public:
    explicit Child(pid_t process) : process_(process), ended_(open_process(process)) {}
    ~Child() {
        if (process_ > 0) (void)wait();
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    [[nodiscard]] const Descriptor& ended() const noexcept { return ended_; }

    // Kills whoever is left of the group while its leader still holds the number; the status as
    // waitpid(2) gives it.
    int wait() {
        ::kill(-process_, SIGKILL);
        ::kill(process_, SIGKILL);  // before it leads a group
        int status = 0;
        while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
        }
        process_ = -1;
        return status;
    }

  private:
    pid_t process_;
    Descriptor ended_;
};

// One of the two pipes that the child writes into.
class Stream {
  public:
    Stream(Descriptor pipe, std::size_t bytes_max) : pipe_(std::move(pipe)), max_(bytes_max) {}

    [[nodiscard]] pollfd polled() const noexcept {
        return {.fd = pipe_.number(), .events = POLLIN, .revents = 0};
    }
    [[nodiscard]] bool is_over() const noexcept { return text_.size() > max_; }
    [[nodiscard]] std::string take() { return std::move(text_).substr(0, max_); }

    // What is there, up to one byte more than the limit; what comes after that is read and dropped.
    void read() {
        std::array<char, 16384> bytes{};
        while (pipe_.number() >= 0) {
            const ssize_t got = ::read(pipe_.number(), bytes.data(), bytes.size());
            if (got < 0 && errno == EINTR) continue;
            if (got < 0 && errno == EAGAIN) return;
            if (got <= 0) {
                pipe_ = Descriptor();
                return;
            }
            const std::size_t room = max_ + 1 - std::min(text_.size(), max_ + 1);
            text_.append(bytes.data(), std::min(static_cast<std::size_t>(got), room));
        }
    }

  private:
    Descriptor pipe_;
    std::size_t max_;
    std::string text_;
};

Result<ProgramEnd> end_of(int status, Stream& output, Stream& complaints) {
    if (WIFSIGNALED(status)) {
        return fail(ErrorCode::kSystem, fmt::format("ended by signal {} ({})", WTERMSIG(status),
                                                    ::strsignal(WTERMSIG(status))));
    }
    return ProgramEnd{
        .status = WEXITSTATUS(status), .output = output.take(), .complaints = complaints.take()};
}

Result<ProgramEnd> listen(Child& child, Stream& output, Stream& complaints,
                          const ProgramLimits& limits, const std::stop_token& stop) {
    const Clock::time_point deadline = Clock::now() + limits.time;
    while (true) {
        std::array<pollfd, 3> polled{
            output.polled(), complaints.polled(),
            pollfd{.fd = child.ended().number(), .events = POLLIN, .revents = 0}};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0) {
            return fail(ErrorCode::kLimit,
                        fmt::format("not done after {} seconds",
                                    std::chrono::duration<double>(limits.time).count()));
        }
        if (stop.stop_requested()) return fail(ErrorCode::kSystem, "stopped");
        (void)::poll(polled.data(), polled.size(), static_cast<int>(std::min(left, kLook).count()));
        output.read();
        complaints.read();
        if (output.is_over()) {
            return fail(ErrorCode::kLimit,
                        fmt::format("more than {} bytes of output", limits.output_bytes));
        }
        if (polled[2].revents == 0) continue;
        const int status = child.wait();
        output.read();
        complaints.read();
        return end_of(status, output, complaints);
    }
}

// The errno that the child could not begin with; 0 when it began.
int failure_of(const Descriptor& failure) {
    int error = 0;
    while (::read(failure.number(), &error, sizeof error) < 0 && errno == EINTR) {
    }
    return error;
}

}  // namespace

Result<Account> find_account(const std::string& name) {
    std::array<char, 16384> room{};
    passwd entry{};
    passwd* found = nullptr;
    ::getpwnam_r(name.c_str(), &entry, room.data(), room.size(), &found);
    if (found == nullptr) {
        return fail(ErrorCode::kNotFound, fmt::format("there is no user '{}'", name));
    }
    Account account{.user = entry.pw_uid, .group = entry.pw_gid, .groups = {}};
    int count = 64;
    account.groups.resize(static_cast<std::size_t>(count));
    if (::getgrouplist(name.c_str(), entry.pw_gid, account.groups.data(), &count) < 0) {
        return fail(ErrorCode::kLimit, fmt::format("user '{}' is in more than 64 groups", name));
    }
    account.groups.resize(static_cast<std::size_t>(count));
    return account;
}

Result<ProgramEnd> run_program(const Program& program, const ProgramLimits& limits,
                               const std::stop_token& stop) {
    auto file = find_file(program);
    if (!file) return std::unexpected(file.error());
    auto pipes = Pipes::open();
    if (!pipes) return std::unexpected(pipes.error());
    const pid_t process = fork_child(program, *std::move(file), *pipes);
    if (process < 0) return fail(ErrorCode::kSystem, "no process: " + reason_of(errno));
    Child child(process);
    pipes->close_ends_of_child();
    if (const int error = failure_of(pipes->failure.reading); error != 0) {
        return fail(ErrorCode::kSystem,
                    fmt::format("cannot run {}: {}", program.words.front(), reason_of(error)));
    }
    Stream output(std::move(pipes->output.reading), limits.output_bytes);
    Stream complaints(std::move(pipes->complaints.reading), kComplaintBytesMax);
    return listen(child, output, complaints, limits, stop);
}

}  // namespace kurabe::collectors
