// What the commands of this folder leave to the whole program: drawing, serving, series of the
// store, and names of hosts. The small image becomes the whole program there (docs/architecture.md,
// "One program, two images"); the whole program does it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/rrdcached/address.hpp"
#include "cli/rrdcached/socket.hpp"
#include "cli/rrdtool/series_argument.hpp"
#include "store/fetch.hpp"
#include "store/result.hpp"
#include "store/rrd/archive.hpp"

namespace kurabe::cli::rrdtool {

struct Session;
using Words = std::span<const std::string>;

class WholeProgram {
  public:
    WholeProgram() = default;
    virtual ~WholeProgram() = default;
    WholeProgram(const WholeProgram&) = delete;
    WholeProgram& operator=(const WholeProgram&) = delete;

    // Runs a command that the table of commands has without a function.
    [[nodiscard]] virtual Result<void> run(std::string_view command, Words arguments,
                                           Session& session) = 0;
    // Rows of a series, which has the one data source "n".
    [[nodiscard]] virtual Result<store::FetchedSeries> fetch(
        const SeriesPlace& place, std::string_view series, const store::FetchRequest& request) = 0;
    // A series as a file in memory.
    [[nodiscard]] virtual Result<store::rrd::Archive> open_series(const SeriesPlace& place,
                                                                  std::string_view series) = 0;
    // The addresses of a host named by a name.
    [[nodiscard]] virtual Result<std::vector<rrdcached::SocketAddress>> look_up(
        const rrdcached::NetworkAddress& address) = 0;
};

}  // namespace kurabe::cli::rrdtool
