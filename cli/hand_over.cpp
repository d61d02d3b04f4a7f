// Finds the whole program beside this one and executes it.
#include "cli/hand_over.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include <limits.h>
#include <unistd.h>

#include "cli/rrdtool/carried_pipe.hpp"
#include "cli/rrdtool/pipe.hpp"

namespace kurabe::cli {

namespace {

// In a build directory, and where `cmake --install` puts the two.
constexpr std::array<std::string_view, 2> kPlaces{"/libexec/kurabe-full",
                                                  "/../libexec/kurabe-full"};

constexpr const char* kOwnFile = "/proc/self/exe";

Error cannot(const std::string& action, int reason) {
    return {ErrorCode::kSystem, "this command needs the whole program: cannot " + action + ": " +
                                    std::strerror(reason)};
}

// The directory of this program's file, whatever link it was called by.
Result<std::string> own_directory() {
    std::array<char, PATH_MAX> path{};
    const ssize_t size = ::readlink(kOwnFile, path.data(), path.size());
    if (size <= 0) return std::unexpected(cannot(std::string("read ") + kOwnFile, errno));
    const std::string_view file(path.data(), static_cast<std::size_t>(size));
    return std::string(file.substr(0, file.rfind('/')));
}

// Returns when it cannot.
Error execute(char* const* argv) {
    const auto directory = own_directory();
    if (!directory) return directory.error();
    for (const std::string_view place : kPlaces) {
        const std::string program = *directory + std::string(place);
        ::execv(program.c_str(), argv);
        if (errno != ENOENT) return cannot("execute '" + program + "'", errno);
    }
    return {ErrorCode::kNotFound, "this command needs the whole program, and there is neither '" +
                                      *directory + std::string(kPlaces[0]) + "' nor '" +
                                      *directory + std::string(kPlaces[1]) + "'"};
}

}  // namespace

// A directory among the arguments has been entered already.
Error HandOver::carry_pipe() {
    if (auto flushed = pipe_->out.flush(); !flushed) return flushed.error();
    if (auto left = rrdtool::leave(pipe_->in.from_last_line(), pipe_->started); !left) {
        return left.error();
    }
    const std::array<char*, 3> arguments{argv_[0], argv_[1], nullptr};
    const Error error = execute(arguments.data());
    rrdtool::forget_left();
    return error;
}

Error HandOver::become_whole_program() {
    return pipe_ != nullptr ? carry_pipe() : execute(argv_);
}

Result<void> HandOver::run(std::string_view command, rrdtool::Words arguments,
                           rrdtool::Session& session) {
    if (command != "-") return std::unexpected(become_whole_program());
    pipe_ = &session;
    auto done = rrdtool::run_pipe(arguments, session);
    pipe_ = nullptr;
    return done;
}

Result<store::FetchedSeries> HandOver::fetch(const SeriesPlace& /*place*/,
                                             std::string_view /*series*/,
                                             const store::FetchRequest& /*request*/) {
    return std::unexpected(become_whole_program());
}

Result<store::rrd::Archive> HandOver::open_series(const SeriesPlace& /*place*/,
                                                  std::string_view /*series*/) {
    return std::unexpected(become_whole_program());
}

Result<std::vector<rrdcached::SocketAddress>> HandOver::look_up(
    const rrdcached::NetworkAddress& /*address*/) {
    return std::unexpected(become_whole_program());
}

}  // namespace kurabe::cli
