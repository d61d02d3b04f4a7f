// posix_spawn with output to temporary files, so that no pipe can fill up and block the child.
#include "tests/support/child_process.hpp"

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/files.hpp"

extern char** environ;

namespace kurabe::tests {

namespace {

constexpr std::chrono::seconds kPatience{60};

std::filesystem::path temporary_file() {
    std::string name = (std::filesystem::temp_directory_path() / "kurabe-output-XXXXXX").string();
    const int descriptor = ::mkstemp(name.data());
    if (descriptor < 0) {
        throw std::runtime_error("cannot make a temporary file");
    }
    ::close(descriptor);
    return name;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments)
    : out_file_(temporary_file()), err_file_(temporary_file()) {
    std::vector<char*> words;
    for (const std::string& argument : arguments) {
        words.push_back(const_cast<char*>(argument.c_str()));
    }
    words.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_file_.c_str(), O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err_file_.c_str(), O_WRONLY, 0);
    const int error = ::posix_spawn(&pid_, words.front(), &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        throw std::runtime_error("cannot start " + arguments.front());
    }
}

ChildProcess::~ChildProcess() {
    if (!ended_) {
        ::kill(pid_, SIGKILL);
        poll(true);
    }
    std::filesystem::remove(out_file_);
    std::filesystem::remove(err_file_);
}

void ChildProcess::signal(int number) const {
    ::kill(pid_, number);
}

std::string ChildProcess::out() const {
    return read_file(out_file_);
}

std::string ChildProcess::err() const {
    return read_file(err_file_);
}

bool ChildProcess::running() {
    poll(false);
    return !ended_;
}

Finished ChildProcess::finish() {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (running()) {
        if (std::chrono::steady_clock::now() > deadline) {
            ::kill(pid_, SIGKILL);
            poll(true);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return {status_, read_file(out_file_), read_file(err_file_)};
}

void ChildProcess::poll(bool wait) {
    int status = 0;
    if (!ended_ && ::waitpid(pid_, &status, wait ? 0 : WNOHANG) == pid_) {
        ended_ = true;
        status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
}

Finished run(const std::vector<std::string>& arguments) {
    return ChildProcess(arguments).finish();
}

}  // namespace kurabe::tests
