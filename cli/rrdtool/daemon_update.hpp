// The arguments of `update` as rrdcached wants them: readings of all data sources, and no times but
// seconds.
// Rule: rrdcached(1), UPDATE; order of the checks and messages measured on rrdtool 1.7.2.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"
#include "store/rrd/header.hpp"
#include "store/types.hpp"

namespace kurabe::cli::rrdtool {

// Which of an argument's readings, if any, belongs to each data source.
class DaemonTemplate {
  public:
    // `text` must outlive this. COMPUTE takes no readings and is left out.
    DaemonTemplate(std::string_view text, const store::rrd::Header& header);

    // "TIME:VALUE..." in the order of the template -> in the file's order, "U" for those not given.
    // kInvalid with rrdtool's message.
    [[nodiscard]] Result<std::string> map(std::string_view argument) const;

  private:
    [[nodiscard]] Result<void> check(std::size_t given) const;

    std::string_view text_;
    std::vector<std::string_view> names_;  // of the template
    std::vector<std::string> sources_;     // of the file
};

// "N:1:2" with the time that it is now; others as they are, because the daemon judges them.
[[nodiscard]] std::string with_time(std::string_view argument, store::SampleTime now);

}  // namespace kurabe::cli::rrdtool
