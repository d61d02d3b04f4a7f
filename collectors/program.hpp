// Runs a program to its end within limits: plugins that are programs, on servers and in agents.
// Rule: our own, see docs/plugins.md. Linux only (pidfd, process groups).
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <sys/types.h>

#include "store/result.hpp"

namespace kurabe::collectors {

inline constexpr std::size_t kComplaintBytesMax = 4096;

// Whom a program runs as.
struct Account {
    uid_t user;
    gid_t group;
    std::vector<gid_t> groups;
};

// kNotFound when there is no such user.
[[nodiscard]] Result<Account> find_account(const std::string& name);

struct Program {
    // The file and its arguments; no shell. Without a slash it is looked for along PATH of
    // `environment`.
    std::vector<std::string> words;
    std::vector<std::string> environment;  // "NAME=VALUE", all that it gets
    std::filesystem::path directory = "/";
    std::optional<Account> account = {};  // none: as this process
    bool shares_complaints = false;       // standard error is this process's, and not kept
};

struct ProgramLimits {
    std::chrono::milliseconds time{30'000};
    std::size_t output_bytes = 1 << 20;
};

struct ProgramEnd {
    int status = 0;          // as exit(3) had it
    std::string output;      // standard output
    std::string complaints;  // standard error, its first kComplaintBytesMax bytes
};

// As ProgramEnd, but with what there was of its output when there is no status.
struct ProgramRun {
    Result<int> status;
    std::string output = {};
    std::string complaints = {};
};

// Waits for the program's end and for nobody whom it left behind: its process group is killed when
// it ends, by itself or by a limit. It has no input and no descriptor of this process but the pipes
// of its output, and it ends with this process. An error says why there is no end with a status: no
// such program, a signal, a limit (kLimit), or that `stop` was requested, which is looked at ten
// times a second. One that cannot be killed, since it waits for a dead file system, is left after a
// second, which the error says; a thread of its own waits for its end. From any number of threads.
[[nodiscard]] ProgramRun watch_program(const Program& program, const ProgramLimits& limits,
                                       const std::stop_token& stop = {});
// The same for those to whom output without an end is nothing.
[[nodiscard]] Result<ProgramEnd> run_program(const Program& program, const ProgramLimits& limits,
                                             const std::stop_token& stop = {});

}  // namespace kurabe::collectors
