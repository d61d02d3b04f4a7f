// Starting rrdtool and speaking its pipe protocol.
#include "tests/support/rrdtool_process.hpp"

#include <array>
#include <stdexcept>

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/child_process.hpp"

extern char** environ;

namespace kurabe::tests {
namespace {

std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) == -1) throw std::runtime_error("pipe2");
    return ends;
}

}  // namespace

bool is_kurabe(const std::string& program) {
    return run({program, "--help"}).out.find("kurabe") != std::string::npos;
}

bool RrdtoolProcess::is_installed() {
    if (::access(kRrdtool, X_OK) != 0) return false;
    static const bool is_other = !is_kurabe(kRrdtool);
    if (!is_other) throw std::runtime_error(std::string(kRrdtool) + " is kurabe");
    return true;
}

RrdtoolProcess::RrdtoolProcess(std::string program) {
    const auto to_child = make_pipe();
    const auto from_child = make_pipe();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, to_child[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, from_child[1], STDOUT_FILENO);
    std::string dash = "-";
    std::array<char*, 3> arguments{program.data(), dash.data(), nullptr};
    const int error =
        ::posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(to_child[0]);
    ::close(from_child[1]);
    if (error != 0) throw std::runtime_error("cannot start rrdtool");
    input_ = ::fdopen(to_child[1], "w");
    output_ = ::fdopen(from_child[0], "r");
}

RrdtoolProcess::~RrdtoolProcess() {
    std::fclose(input_);
    std::fclose(output_);
    ::waitpid(process_, nullptr, 0);
}

RrdtoolProcess::Answer RrdtoolProcess::run(std::string_view command) {
    std::fwrite(command.data(), 1, command.size(), input_);
    std::fputc('\n', input_);
    std::fflush(input_);

    Answer answer{false, {}};
    char* line = nullptr;
    std::size_t capacity = 0;
    for (ssize_t size = ::getline(&line, &capacity, output_); size > 0;
         size = ::getline(&line, &capacity, output_)) {
        const std::string_view text(line, static_cast<std::size_t>(size));
        if (text.starts_with("OK u:")) {
            answer.ok = true;
            break;
        }
        if (text.starts_with("ERROR: ")) {
            answer.text += text.substr(7, text.size() - 8);
            break;
        }
        answer.text += text;
    }
    std::free(line);
    return answer;
}

}  // namespace kurabe::tests
