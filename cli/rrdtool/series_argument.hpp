// Series of the store where a file is expected, for kurabe's own command line.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/rrdtool/invocation.hpp"
#include "cli/rrdtool/option_parser.hpp"
#include "store/result.hpp"

namespace kurabe::cli {

inline constexpr const char* kDefaultServer = "http://127.0.0.1:5434";

// Where series are: on a running server, or in a data directory that no server owns.
struct SeriesPlace {
    std::string server = kDefaultServer;
    // What the server knows this program by, as of --token-file; none: nothing is needed.
    std::optional<std::filesystem::path> token_file = {};
    std::optional<std::filesystem::path> data;
    bool is_given = false;  // by --server or --data
};

namespace rrdtool {

// Options of every command that takes a series; only kurabe has them.
inline constexpr OptionSpec kServerOption{'\0', "server", true};
inline constexpr OptionSpec kTokenFileOption{'\0', "token-file", true};
inline constexpr OptionSpec kDataOption{'\0', "data", true};

// HOST/PLUGIN/KEY with a key of a type ("10.0.0.1/base/loadavg-1.gauge").
[[nodiscard]] bool looks_like_a_series(std::string_view text);

// Whether `text` names a series: with --server or --data always, else when no file has that name
// and it looks like one.
[[nodiscard]] bool is_series(std::string_view text, const SeriesPlace& place);

// What --server, --token-file and --data say. kInvalid when a directory is given with another.
[[nodiscard]] Result<SeriesPlace> series_place(const ParsedArguments& parsed);
// The same for a command whose other words are read elsewhere: takes them out of `words`.
[[nodiscard]] Result<SeriesPlace> take_series_place(std::vector<std::string>& words);

// kInvalid when a command that takes no series is given one of them.
[[nodiscard]] Result<void> check_works_without_series(std::string_view command,
                                                      std::span<const std::string> arguments);

// The options of a command that ends its list with --server, --token-file and --data: without them
// for rrdtool.
[[nodiscard]] std::span<const OptionSpec> offered_options(std::span<const OptionSpec> options,
                                                          CalledAs called_as) noexcept;

}  // namespace rrdtool
}  // namespace kurabe::cli
