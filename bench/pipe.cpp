// Updates through a pipe: files that get a value each per minute, from one process of kurabe called
// as rrdtool, and from rrdtool's. Updates per CPU second of that process, its start and its first
// look at each file not counted; once a minute's commands sent together, and once each after the
// answer to the last.
//
//   pipe [--files 1000] [--minutes 120] [--rrdtool-minutes 20]
#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bench/child.hpp"

namespace {

using namespace kurabe::bench;
namespace fs = std::filesystem;

constexpr const char* kRrdtool = "/usr/bin/rrdtool";
constexpr std::int64_t kBegin_s = 1'700'001'600;
// Commands sent together: their answers must fit into a pipe, for rrdtool does not read while it
// waits for room to answer.
constexpr std::size_t kTogether = 500;

struct Settings {
    std::map<std::string, std::size_t, std::less<>> numbers{
        {"--files", 1000}, {"--minutes", 120}, {"--rrdtool-minutes", 20}};

    [[nodiscard]] std::size_t operator[](std::string_view name) const {
        return numbers.find(name)->second;
    }
};

Settings parse_arguments(int count, char** arguments) {
    Settings settings;
    if (count % 2 == 0) stop("every option takes a value");
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view value = arguments[i + 1];
        const auto number = settings.numbers.find(std::string_view(arguments[i]));
        if (number == settings.numbers.end()) stop(std::string("unknown option ") + arguments[i]);
        const auto end = value.data() + value.size();
        if (std::from_chars(value.data(), end, number->second).ptr != end || number->second == 0) {
            stop("not a number: " + std::string(value));
        }
    }
    return settings;
}

// Kurado's archives.
void make_files(const fs::path& directory, std::size_t files) {
    Talk talk({kRrdtool, "-", directory.string()});
    for (std::size_t i = 0; i < files; ++i) {
        talk.ask("create " + std::to_string(i) + ".rrd -s 60 -b " + std::to_string(kBegin_s - 10) +
                     " DS:n:DERIVE:120:U:U RRA:AVERAGE:0.5:1:2880 RRA:AVERAGE:0.5:5:2880"
                     " RRA:AVERAGE:0.5:60:960 RRA:AVERAGE:0.5:1440:1100 RRA:MAX:0.5:5:2880"
                     " RRA:MAX:0.5:60:960 RRA:MAX:0.5:1440:1100\n",
                 1);
    }
    talk.finish();
}

// Updates of one minute, at different seconds of it.
std::vector<std::string> commands_of(std::size_t minute, std::size_t files) {
    std::vector<std::string> commands;
    for (std::size_t i = 0; i < files; ++i) {
        const std::int64_t time = kBegin_s + static_cast<std::int64_t>(60 * minute + i % 60);
        commands.push_back("update " + std::to_string(i) + ".rrd " + std::to_string(time) + ":" +
                           std::to_string(minute * (1000 + i)) + "\n");
    }
    return commands;
}

void send(Talk& talk, const std::vector<std::string>& commands, std::size_t together) {
    for (std::size_t first = 0; first < commands.size(); first += together) {
        const std::size_t end = std::min(first + together, commands.size());
        std::string text;
        for (std::size_t i = first; i < end; ++i) text += commands[i];
        talk.ask(text, end - first);
    }
}

// Updates per CPU second, after a minute that is not counted.
double measure(const std::string& program, const Settings& settings, std::size_t minutes,
               std::size_t together) {
    const fs::path directory = fs::temp_directory_path() / "kurabe-bench-pipe";
    fs::remove_all(directory);
    fs::create_directories(directory);
    make_files(directory, settings["--files"]);
    Talk talk({program, "-", directory.string()});
    send(talk, commands_of(0, settings["--files"]), together);
    const double begin = talk.cpu_seconds();
    for (std::size_t minute = 1; minute <= minutes; ++minute) {
        send(talk, commands_of(minute, settings["--files"]), together);
    }
    const double seconds = talk.cpu_seconds() - begin;
    talk.finish();
    fs::remove_all(directory);
    return static_cast<double>(minutes * settings["--files"]) / seconds;
}

}  // namespace

int main(int count, char** arguments) {
    const Settings settings = parse_arguments(count, arguments);
    const fs::path link = fs::temp_directory_path() / "kurabe-bench-bin" / "rrdtool";
    fs::create_directories(link.parent_path());
    fs::remove(link);
    fs::create_symlink(KURABE_PROGRAM, link);
    struct Manner {
        const char* name;
        std::size_t together;
    };
    for (const Manner& manner : {Manner{"sent together", kTogether}, Manner{"one by one", 1}}) {
        const double ours =
            measure(link.string(), settings, settings["--minutes"], manner.together);
        const double theirs =
            measure(kRrdtool, settings, settings["--rrdtool-minutes"], manner.together);
        std::printf("%-14s kurabe %8.0f updates/CPU s   rrdtool %8.0f   ratio %.1f\n", manner.name,
                    ours, theirs, ours / theirs);
    }
    fs::remove_all(link.parent_path());
    return 0;
}
