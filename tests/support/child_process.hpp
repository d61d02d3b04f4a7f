// Starts a program, and gives back its exit status and what it wrote.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace kurabe::tests {

struct Finished {
    int status = -1;  // exit status, or -SIGNAL
    std::string out;
    std::string err;
};

// A running program whose output goes to files. Killed at the end if it still runs.
class ChildProcess {
  public:
    // `arguments[0]` is the program's path.
    explicit ChildProcess(const std::vector<std::string>& arguments);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    void signal(int number) const;
    [[nodiscard]] pid_t number() const noexcept { return pid_; }
    // What it has written to standard output and standard error so far.
    [[nodiscard]] std::string out() const;
    [[nodiscard]] std::string err() const;
    [[nodiscard]] bool running();
    // Waits for its end, at most a minute, then kills it.
    [[nodiscard]] Finished finish();

  private:
    void poll(bool wait);

    std::filesystem::path out_file_;
    std::filesystem::path err_file_;
    pid_t pid_ = -1;
    bool ended_ = false;
    int status_ = -1;
};

[[nodiscard]] Finished run(const std::vector<std::string>& arguments);

}  // namespace kurabe::tests
