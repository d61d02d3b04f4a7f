// The arguments of commands that read one file and have no operands but it.
#pragma once

#include <span>
#include <string_view>

#include "cli/rrdtool/option_parser.hpp"
#include "cli/rrdtool/readable_archive.hpp"
#include "cli/rrdtool/session.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

// Reads the options, of which the last are --server and --data, refuses a daemon and opens the file
// or series for reading. kInvalid with `usage` unless there is exactly one operand.
[[nodiscard]] Result<ReadableArchive> open_file_argument(Words arguments,
                                                         std::span<const OptionSpec> options,
                                                         std::string_view usage, Session& session);

}  // namespace kurabe::cli::rrdtool
