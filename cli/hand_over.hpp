// The small image's side of "One program, two images" (docs/architecture.md): what it cannot do, it
// leaves to the whole program by becoming it.
#pragma once

#include "cli/rrdtool/whole_program.hpp"

namespace kurabe::cli {

class HandOver : public rrdtool::WholeProgram {
  public:
    // `argv` as main has it; it is handed on unchanged.
    explicit HandOver(char** argv) noexcept : argv_(argv) {}

    // These return only when the whole program is not where it belongs (kNotFound) or cannot be
    // executed (kSystem). Nothing may have been printed before, except in a pipe: that runs here
    // until a command needs more, and goes on there with this command.
    Result<void> run(std::string_view command, rrdtool::Words arguments,
                     rrdtool::Session& session) override;
    Result<store::FetchedSeries> fetch(const SeriesPlace& place, std::string_view series,
                                       const store::FetchRequest& request) override;
    Result<store::rrd::Archive> open_series(const SeriesPlace& place,
                                            std::string_view series) override;
    Result<std::vector<rrdcached::SocketAddress>> look_up(
        const rrdcached::NetworkAddress& address) override;

  private:
    [[nodiscard]] Error become_whole_program();
    [[nodiscard]] Error carry_pipe();

    char** argv_;
    rrdtool::Session* pipe_ = nullptr;  // while one runs
};

}  // namespace kurabe::cli
