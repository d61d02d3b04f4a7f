// Where collected lines go: to standard output, or to a server.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/environment.hpp"
#include "cli/line_sender.hpp"
#include "cli/rrdtool/session.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

class LineTarget {
  public:
    // Without a server standard output, which must outlive it.
    [[nodiscard]] static Result<LineTarget> create(const std::optional<LineServer>& server,
                                                   const Environment& environment,
                                                   rrdtool::Output& out);

    void add(std::string_view lines);
    // Hands over what was added since. An error in one line when not all of it was taken; what was
    // not is given up.
    [[nodiscard]] Result<void> deliver();
    // Whether an error of deliver() leaves nothing to go on for: nobody reads standard output.
    [[nodiscard]] bool is_standard_output() const noexcept { return !sender_; }

    // What a host is called that was not named: how the server sees this machine, or its name.
    [[nodiscard]] Result<std::string> own_host() const;

  private:
    LineTarget(std::optional<LineSender> sender, rrdtool::Output& out)
        : sender_(std::move(sender)), out_(&out) {}

    std::optional<LineSender> sender_;
    rrdtool::Output* out_;
    std::string waiting_;  // for a server
};

}  // namespace kurabe::cli
