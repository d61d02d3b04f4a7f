// kurabe-full: the whole program, which the small image becomes when a command needs it.
#include <cstdlib>
#include <exception>

#include "cli/full_program.hpp"
#include "cli/rrdtool/carried_pipe.hpp"
#include "cli/rrdtool/process.hpp"
#include "cli/rrdtool/standard_streams.hpp"

int main(int argc, char** argv) {
    using namespace kurabe;
    try {
        cli::FullProgram whole;
        const auto done = cli::rrdtool::run_process(argc, argv, whole, cli::rrdtool::take_left());
        if (done) return EXIT_SUCCESS;
        cli::rrdtool::report(done.error());
        return whole.exit_status();
    } catch (const std::exception& exception) {  // out of memory, and what a library throws
        cli::rrdtool::report({ErrorCode::kSystem, exception.what()});
    }
    return EXIT_FAILURE;
}
