// Starts the installed rrdtool with a fixed zone, locale and time limit.
#include "tests/render/rrdtool_program.hpp"

#include <array>
#include <cmath>
#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/rrdtool_process.hpp"

namespace kurabe::render::testing {

namespace {

// Standard output and error together.
ProgramOutput run_program(const std::vector<std::string>& arguments, const std::string& zone) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    std::vector<std::string> words = arguments;
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    std::string tz = "TZ=" + zone;
    std::string locale = "LC_ALL=C.UTF-8";
    std::array<char*, 3> environment = {tz.data(), locale.data(), nullptr};
    pid_t child = 0;
    const int failed =
        posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    ProgramOutput output;
    if (failed == 0) {
        std::array<char, 65536> buffer{};
        for (ssize_t n = 0; (n = read(ends[0], buffer.data(), buffer.size())) > 0;) {
            output.text.append(buffer.data(), static_cast<std::size_t>(n));
        }
        int status = 0;
        waitpid(child, &status, 0);
        output.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    close(ends[0]);
    return output;
}

}  // namespace

ProgramOutput run_rrdtool(const std::vector<std::string>& arguments, const std::string& zone) {
    // It never ends for some definitions.
    std::vector<std::string> all = {"/usr/bin/timeout", "20", tests::kRrdtool};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run_program(all, zone);
}

void write_minutes(const std::string& file, Time start, const std::vector<double>& values) {
    const auto begin = start.time_since_epoch().count();
    auto created =
        run_rrdtool({"create", file, "--start", std::to_string(begin), "--step", "60",
                     "DS:n:GAUGE:120:U:U", fmt::format("RRA:AVERAGE:0.5:1:{}", values.size() + 10),
                     fmt::format("RRA:AVERAGE:0.5:5:{}", values.size() / 5 + 10),
                     fmt::format("RRA:AVERAGE:0.5:60:{}", values.size() / 60 + 10)});
    if (created.status != 0) throw std::runtime_error(created.text);
    constexpr std::size_t kUpdatesAtOnce = 400;
    for (std::size_t i = 0; i < values.size();) {
        std::vector<std::string> update = {"update", file};
        for (; i < values.size() && update.size() < kUpdatesAtOnce; ++i) {
            const auto time = begin + 60 * (static_cast<long>(i) + 1);
            update.push_back(std::isnan(values[i]) ? fmt::format("{}:U", time)
                                                   : fmt::format("{}:{:.10g}", time, values[i]));
        }
        auto updated = run_rrdtool(update);
        if (updated.status != 0) throw std::runtime_error(updated.text);
    }
}

}  // namespace kurabe::render::testing
