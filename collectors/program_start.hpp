// The beginning of a program's process, on a thread of its own: a file or a directory of a file
// system that does not answer holds nobody up but that thread.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include <sys/types.h>

#include "collectors/descriptor.hpp"
#include "collectors/program.hpp"
#include "store/result.hpp"

namespace kurabe::collectors {

// The child's ends of its pipes, which are closed here as soon as it has them.
struct ChildEnds {
    Descriptor input;
    Descriptor output;
    Descriptor complaints;  // none: where this process's go
    Descriptor failure;     // takes the errno, an int, of a child that cannot begin
};

class ProgramStart {
  public:
    // Runs `file` with the words of `program`. kSystem when there is no thread for it.
    [[nodiscard]] static Result<ProgramStart> begin(const Program& program, std::string file,
                                                    ChildEnds ends);
    // The child is killed when this goes, unless it has been waited for. One that has not begun by
    // now is killed and waited for when it does.
    ~ProgramStart();
    ProgramStart(ProgramStart&&) noexcept = default;
    ProgramStart& operator=(ProgramStart&&) = delete;

    // The child, once it has become its program or has failed to, for the caller to wait for with
    // waitpid(2). kLimit at `deadline`, kSystem when `stop` is requested or there is no process.
    [[nodiscard]] Result<pid_t> wait(std::chrono::steady_clock::time_point deadline,
                                     const std::stop_token& stop);

  private:
    struct State;
    ProgramStart(std::shared_ptr<State> state, std::thread thread)
        : state_(std::move(state)), thread_(std::move(thread)) {}

    std::shared_ptr<State> state_;  // the thread's, too
    std::thread thread_;            // the child's parent: it ends with it
};

}  // namespace kurabe::collectors
