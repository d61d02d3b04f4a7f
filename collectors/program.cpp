// Watches what start_program() started: what it says, and until when it may.
#include "collectors/program.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collectors/descriptor.hpp"
#include "collectors/program_start.hpp"

namespace kurabe::collectors {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kProgramLook{100};
constexpr std::chrono::milliseconds kPatience{1'000};  // with what was killed
constexpr std::chrono::milliseconds kBetweenLooks{10};
constexpr std::string_view kDefaultPath = "/usr/local/bin:/usr/bin:/bin";

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
        for (const Pipe* pipe : {&pipes.output, &pipes.complaints, &pipes.failure}) {
            ::fcntl(pipe->reading.number(), F_SETFL, O_NONBLOCK);
        }
        return pipes;
    }

    // `shares_complaints`: those of the child go where this process's do.
    [[nodiscard]] ChildEnds take_ends_of_child(bool shares_complaints) {
        ChildEnds ends{.input = std::move(input),
                       .output = std::move(output.writing),
                       .complaints = std::move(complaints.writing),
                       .failure = std::move(failure.writing)};
        if (shares_complaints) ends.complaints = Descriptor();
        return ends;
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

// The C library's header (2.36) declares its function for C only.
int open_process(pid_t process) {
    return static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
}

// A child whose group is killed and that is waited for, unless it cannot be killed.
class Child {
  public:
    explicit Child(pid_t process) : process_(process), ended_(open_process(process)) {}
    ~Child() { (void)end(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    [[nodiscard]] const Descriptor& ended() const noexcept { return ended_; }

    // Kills whoever is left of the group while its leader still holds the number; the status as
    // waitpid(2) gives it. None when it cannot be killed.
    std::optional<int> end() {
        if (process_ <= 0) return std::nullopt;
        ::kill(-process_, SIGKILL);
        ::kill(process_, SIGKILL);  // before it leads a group
        const Clock::time_point until = Clock::now() + kPatience;
        pollfd ended{.fd = ended_.number(), .events = POLLIN, .revents = 0};
        (void)::poll(&ended, 1, ended.fd < 0 ? 0 : static_cast<int>(kPatience.count()));
        do {
            int status = 0;
            const pid_t got = ::waitpid(process_, &status, WNOHANG);
            if (got == process_) {
                process_ = -1;
                return status;
            }
            if (got < 0 && errno != EINTR) break;
            std::this_thread::sleep_for(kBetweenLooks);
        } while (Clock::now() < until);
        leave();
        return std::nullopt;
    }

  private:
    // Else its number would stay taken when it has ended at last.
    void leave() noexcept {
        try {
            std::thread([process = process_] {
                while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
                }
            }).detach();
        } catch (const std::exception&) {
            // The number stays taken until this process ends.
        }
        process_ = -1;
    }

    pid_t process_;
    Descriptor ended_;
};

// Where the child says the errno that it could not begin with; it says nothing when it began.
class Beginning {
  public:
    explicit Beginning(Descriptor pipe) : pipe_(std::move(pipe)) {}

    [[nodiscard]] pollfd polled() const noexcept {
        return {.fd = pipe_.number(), .events = POLLIN, .revents = 0};
    }
    [[nodiscard]] int error() const noexcept { return error_; }
    void read() {
        if (pipe_.number() < 0) return;
        const ssize_t got = ::read(pipe_.number(), &error_, sizeof error_);
        if (got >= 0 || (errno != EAGAIN && errno != EINTR)) pipe_ = Descriptor();
    }

  private:
    Descriptor pipe_;
    int error_ = 0;
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

// What a running program says, and until when it may.
class Watch {
  public:
    Watch(Pipes pipes, const Program& program, const ProgramLimits& limits)
        : program_(program),
          limits_(limits),
          beginning_(std::move(pipes.failure.reading)),
          output_(std::move(pipes.output.reading), limits.output_bytes),
          complaints_(std::move(pipes.complaints.reading), kComplaintBytesMax) {}

    [[nodiscard]] Clock::time_point deadline() const noexcept { return deadline_; }
    // Why there is no child, with the limit when it is that.
    [[nodiscard]] std::unexpected<Error> not_begun(const Error& reason) const;
    // Returns when the child has ended, or with the reason why it has to.
    [[nodiscard]] Result<void> listen(const Child& child, const std::stop_token& stop);
    void read() {
        beginning_.read();
        output_.read();
        complaints_.read();
    }
    // `listened` and what the child ended with, and all that was read.
    [[nodiscard]] ProgramRun end(const Result<void>& listened, std::optional<int> ended);

  private:
    [[nodiscard]] std::string lateness() const {
        return fmt::format("not done after {} seconds",
                           std::chrono::duration<double>(limits_.time).count());
    }
    // What is wrong with it now, but not with its end.
    [[nodiscard]] Result<void> check() const;

    const Program& program_;
    const ProgramLimits& limits_;
    Clock::time_point deadline_ = Clock::now() + limits_.time;
    Beginning beginning_;
    Stream output_;
    Stream complaints_;
};

std::unexpected<Error> Watch::not_begun(const Error& reason) const {
    if (reason.code != ErrorCode::kLimit) return std::unexpected(reason);
    return fail(ErrorCode::kLimit, fmt::format("{}: {}", lateness(), reason.message));
}

Result<void> Watch::check() const {
    if (beginning_.error() != 0) {
        return fail(ErrorCode::kSystem, fmt::format("cannot run {}: {}", program_.words.front(),
                                                    reason_of(beginning_.error())));
    }
    if (output_.is_over()) {
        return fail(ErrorCode::kLimit,
                    fmt::format("more than {} bytes of output", limits_.output_bytes));
    }
    return {};
}

Result<void> Watch::listen(const Child& child, const std::stop_token& stop) {
    if (child.ended().number() < 0) return fail(ErrorCode::kSystem, "no descriptor of a process");
    while (true) {
        std::array<pollfd, 4> polled{
            beginning_.polled(), output_.polled(), complaints_.polled(),
            pollfd{.fd = child.ended().number(), .events = POLLIN, .revents = 0}};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now());
        if (left.count() <= 0) {
            return fail(ErrorCode::kLimit, lateness());
        }
        if (stop.stop_requested()) return fail(ErrorCode::kSystem, "stopped");
        (void)::poll(polled.data(), polled.size(),
                     static_cast<int>(std::min(left, kProgramLook).count()));
        read();
        if (auto checked = check(); !checked) return checked;
        if (polled[3].revents != 0) return {};
    }
}

ProgramRun Watch::end(const Result<void>& listened, std::optional<int> ended) {
    read();
    Result<int> status = ended.value_or(0);
    if (!listened) {
        status = std::unexpected(listened.error());
    } else if (auto checked = check(); !checked) {
        status = std::unexpected(checked.error());
    } else if (ended && WIFSIGNALED(*ended)) {
        status = fail(ErrorCode::kSystem, fmt::format("ended by signal {} ({})", WTERMSIG(*ended),
                                                      ::strsignal(WTERMSIG(*ended))));
    } else if (ended) {
        status = WEXITSTATUS(*ended);
    }
    if (!ended) {
        const std::string before = status ? "" : status.error().message + "; ";
        status = fail(ErrorCode::kSystem, before + "it cannot be killed and is left behind");
    }
    return {
        .status = std::move(status), .output = output_.take(), .complaints = complaints_.take()};
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

ProgramRun watch_program(const Program& program, const ProgramLimits& limits,
                         const std::stop_token& stop) {
    auto file = find_file(program);
    if (!file) return {std::unexpected(file.error())};
    auto pipes = Pipes::open();
    if (!pipes) return {std::unexpected(pipes.error())};
    auto start = ProgramStart::begin(program, *std::move(file),
                                     pipes->take_ends_of_child(program.shares_complaints));
    if (!start) return {std::unexpected(start.error())};
    Watch watch(*std::move(pipes), program, limits);
    const auto process = start->wait(watch.deadline(), stop);
    if (!process) return {watch.not_begun(process.error())};
    Child child(*process);
    const Result<void> listened = watch.listen(child, stop);
    return watch.end(listened, child.end());
}

Result<ProgramEnd> run_program(const Program& program, const ProgramLimits& limits,
                               const std::stop_token& stop) {
    ProgramRun run = watch_program(program, limits, stop);
    if (!run.status) return std::unexpected(std::move(run.status).error());
    return ProgramEnd{.status = *run.status,
                      .output = std::move(run.output),
                      .complaints = std::move(run.complaints)};
}

}  // namespace kurabe::collectors
