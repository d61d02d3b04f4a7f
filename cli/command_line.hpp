// The arguments of `kurabe` as plain data: one struct per command.
// The command line is a public contract; `kurabe --help` describes it. The one wrapper of CLI11.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "store/result.hpp"

namespace kurabe::cli {

inline constexpr const char* kDefaultServer = "http://127.0.0.1:5434";
inline constexpr const char* kDefaultListen = "127.0.0.1:5434";

// `kurabe serve`
struct ServeCommand {
    std::filesystem::path config;
    std::optional<std::filesystem::path> data;  // none: the configuration's data_dir
    std::string listen = kDefaultListen;
};

// `kurabe demo DIR`
struct DemoCommand {
    std::filesystem::path directory;
    int hosts = 120;
    int days = 2;
    std::uint64_t seed = 1;
};

// Where a command finds series: a running server, or a data directory that no server owns.
struct SeriesPlace {
    std::string server = kDefaultServer;
    std::optional<std::filesystem::path> data;
};

// `kurabe fetch SERIES CF`
struct FetchCommand {
    SeriesPlace place;
    std::string series;
    std::string cf;
    std::string start = "end-24h";
    std::string end = "now";
    std::string resolution = "1";
    bool align_start = false;
};

// `kurabe graph FILE ...`: options and elements go to render::parse_graph as they are.
struct GraphCommand {
    SeriesPlace place;
    std::string file;  // "-" is standard output
    std::vector<std::string> arguments;
};

// `kurabe --help`, `kurabe COMMAND --help`, `kurabe --version`: a text to print.
struct TextCommand {
    std::string text;
};

using Command = std::variant<ServeCommand, DemoCommand, FetchCommand, GraphCommand, TextCommand>;

// kInvalid with one line for anything that is not understood.
[[nodiscard]] Result<Command> parse_command_line(int argc, const char* const* argv);

}  // namespace kurabe::cli
