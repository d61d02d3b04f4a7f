// The arguments of commands that read one file and have no operands but it.
#pragma once

#include <span>
#include <string_view>

#include "cli/rrdtool/option_parser.hpp"
#include "cli/rrdtool/session.hpp"
#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

struct FileArguments {
    std::string_view file;
    ParsedArguments parsed;
};

// Reads the options, of which the last are --server and --data. kInvalid with `usage` unless there
// is exactly one operand.
[[nodiscard]] Result<FileArguments> parse_file_arguments(Words arguments,
                                                         std::span<const OptionSpec> options,
                                                         std::string_view usage,
                                                         const Session& session);

}  // namespace kurabe::cli::rrdtool
