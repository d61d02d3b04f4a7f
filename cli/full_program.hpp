// The whole program's side of "One program, two images" (docs/architecture.md): the commands that
// draw and serve, series of the store, and names of hosts.
#pragma once

#include "cli/drawing.hpp"
#include "cli/rrdtool/whole_program.hpp"

namespace kurabe::cli {

class FullProgram : public rrdtool::WholeProgram {
  public:
    Result<void> run(std::string_view command, rrdtool::Words arguments,
                     rrdtool::Session& session) override;
    Result<store::FetchedSeries> fetch(const SeriesPlace& place, std::string_view series,
                                       const store::FetchRequest& request) override;
    Result<store::rrd::Archive> open_series(const SeriesPlace& place,
                                            std::string_view series) override;
    Result<std::vector<rrdcached::SocketAddress>> look_up(
        const rrdcached::NetworkAddress& address) override;

    // Of the process whose command failed: 2 for a wrong configuration, else 1.
    [[nodiscard]] int exit_status() const noexcept { return exit_status_; }

  private:
    Drawing drawing_;
    int exit_status_ = 1;
};

}  // namespace kurabe::cli
