// kurabe, and rrdtool by a link: the small image, which starts for every update of every script.
#include <cstdlib>
#include <exception>

#include "cli/hand_over.hpp"
#include "cli/rrdtool/carried_pipe.hpp"
#include "cli/rrdtool/process.hpp"
#include "cli/rrdtool/standard_streams.hpp"

int main(int argc, char** argv) {
    using namespace kurabe;
    try {
        cli::rrdtool::forget_left();  // only the whole program is left anything
        cli::HandOver whole(argv);
        const auto done = cli::rrdtool::run_process(argc, argv, whole);
        if (done) return EXIT_SUCCESS;
        cli::rrdtool::report(done.error());
    } catch (const std::exception& exception) {  // out of memory
        cli::rrdtool::report({ErrorCode::kSystem, exception.what()});
    }
    return EXIT_FAILURE;
}
