// Who reads the log that a command writes to a descriptor.
#pragma once

#include "cli/rrdtool/journal.hpp"
#include "server/log.hpp"

namespace kurabe::cli {

[[nodiscard]] inline server::LogReader log_reader(int descriptor) noexcept {
    return rrdtool::is_journal(descriptor) ? server::LogReader::kJournal
                                           : server::LogReader::kAnybody;
}

}  // namespace kurabe::cli
