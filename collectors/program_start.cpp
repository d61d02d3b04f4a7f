// vfork(2) and what stands between it and exec. A fork would copy the page tables of a server that
// has the archives of thousands of hosts mapped, and keep its other threads from memory meanwhile.
// The child shares this process's memory until exec: it makes system calls only, from what was
// prepared before.
#include "collectors/program_start.hpp"

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <optional>
#include <system_error>
#include <vector>

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kurabe::collectors {
namespace {

constexpr int kCannotRun = 127;

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

// What the child needs, in the form that the kernel takes.
struct Prepared {
    Prepared(const Program& program, std::string program_file, ChildEnds child_ends)
        : file(std::move(program_file)),
          directory(program.directory.string()),
          words(program.words),
          environment(program.environment),
          account(program.account),
          ends(std::move(child_ends)) {}

    std::string file;
    std::string directory;
    std::vector<std::string> words;
    std::vector<std::string> environment;
    std::vector<char*> word_pointers = pointers_to(words);
    std::vector<char*> environment_pointers = pointers_to(environment);
    std::optional<Account> account;
    ChildEnds ends;
    pid_t parent = ::getpid();
};

// The C library's functions would make all threads of this process another user's.
bool become(const Account& account) {
    return ::syscall(SYS_setgroups, account.groups.size(), account.groups.data()) == 0 &&
           ::syscall(SYS_setresgid, account.group, account.group, account.group) == 0 &&
           ::syscall(SYS_setresuid, account.user, account.user, account.user) == 0;
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
    const ChildEnds& ends = prepared.ends;
    if (::dup2(ends.input.number(), STDIN_FILENO) < 0 ||
        ::dup2(ends.output.number(), STDOUT_FILENO) < 0 ||
        (ends.complaints.number() >= 0 && ::dup2(ends.complaints.number(), STDERR_FILENO) < 0)) {
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
    (void)!::write(prepared.ends.failure.number(), &error, sizeof error);
    ::_exit(kCannotRun);
}

// No signal comes while it lives: the child must not run a handler of this process.
class SignalsHeldBack {
  public:
    SignalsHeldBack() noexcept {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsHeldBack() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsHeldBack(const SignalsHeldBack&) = delete;
    SignalsHeldBack& operator=(const SignalsHeldBack&) = delete;

  private:
    sigset_t before_{};
};

// A child that becomes another user takes this process's core dumps with it: the kernel keeps that
// with the memory that they share, so that the other user cannot look into it. What was is put back
// when there is no such child any more.
class CoreDumpsKept {
  public:
    CoreDumpsKept() {
        const std::lock_guard lock(shared().mutex);
        if (shared().children++ == 0) shared().before = ::prctl(PR_GET_DUMPABLE);
    }
    ~CoreDumpsKept() {
        const std::lock_guard lock(shared().mutex);
        if (--shared().children == 0) ::prctl(PR_SET_DUMPABLE, shared().before);
    }
    CoreDumpsKept(const CoreDumpsKept&) = delete;
    CoreDumpsKept& operator=(const CoreDumpsKept&) = delete;

  private:
    // The process has one such mark.
    struct Shared {
        std::mutex mutex;  // guards both
        unsigned children = 0;
        int before = 1;
    };
    static Shared& shared() {
        static Shared shared;
        return shared;
    }
};

// Returns when the child has become its program, or has ended. Negative: errno, there is none.
pid_t start_child(const Prepared& prepared) {
    std::optional<CoreDumpsKept> kept;
    if (prepared.account) kept.emplace();
    const SignalsHeldBack held_back;
    const pid_t process = ::vfork();
    if (process == 0) be_the_child(prepared);
    return process < 0 ? -errno : process;
}

void kill_and_wait(pid_t process) {
    ::kill(-process, SIGKILL);
    ::kill(process, SIGKILL);  // before it leads a group
    while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
    }
}

}  // namespace

struct ProgramStart::State {
    State(const Program& program, std::string file, ChildEnds ends)
        : prepared(program, std::move(file), std::move(ends)) {}

    // On the thread that is the child's parent, for as long as somebody wants the child.
    void run() {
        const pid_t child = start_child(prepared);
        prepared.ends = {};
        std::unique_lock lock(mutex);
        if (is_over) {
            lock.unlock();
            if (child > 0) kill_and_wait(child);
            return;
        }
        process = child;
        changed.notify_all();
        changed.wait(lock, [this] { return is_over; });
    }

    Prepared prepared;  // the thread's
    std::mutex mutex;   // guards what follows
    std::condition_variable_any changed;
    std::optional<pid_t> process;  // negative: errno
    bool is_over = false;          // nobody waits for it
};

Result<ProgramStart> ProgramStart::begin(const Program& program, std::string file, ChildEnds ends) {
    auto state = std::make_shared<State>(program, std::move(file), std::move(ends));
    try {
        std::thread thread([state] { state->run(); });
        return ProgramStart(std::move(state), std::move(thread));
    } catch (const std::system_error& error) {
        return fail(ErrorCode::kSystem, std::string("no thread: ") + error.what());
    }
}

ProgramStart::~ProgramStart() {
    if (!state_) return;
    bool has_begun = false;
    {
        const std::lock_guard lock(state_->mutex);
        has_begun = state_->process.has_value();
        state_->is_over = true;
    }
    state_->changed.notify_all();
    if (has_begun) {
        thread_.join();
    } else {
        thread_.detach();
    }
}

Result<pid_t> ProgramStart::wait(std::chrono::steady_clock::time_point deadline,
                                 const std::stop_token& stop) {
    std::unique_lock lock(state_->mutex);
    (void)state_->changed.wait_until(lock, stop, deadline,
                                     [this] { return state_->process.has_value(); });
    if (!state_->process) {
        return stop.stop_requested()
                   ? fail(ErrorCode::kSystem, "stopped")
                   : fail(ErrorCode::kLimit, "its file or directory does not answer");
    }
    if (*state_->process < 0) {
        return fail(ErrorCode::kSystem,
                    "no process: " + std::generic_category().message(-*state_->process));
    }
    return *state_->process;
}

}  // namespace kurabe::collectors
