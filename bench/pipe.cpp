// Updates through a pipe: files that get a value each per minute, from one process of kurabe called
// as rrdtool, and from rrdtool's. Updates per CPU second of that process, its start and its first
// look at each file not counted; once a minute's commands sent together, and once each after the
// answer to the last.
//
//   pipe [--files 1000] [--minutes 120] [--rrdtool-minutes 20] [--directory DIR]
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/child.hpp"
#include "bench/measuring.hpp"

namespace {

using namespace kurabe::bench;
namespace fs = std::filesystem;

constexpr const char* kRrdtool = "/usr/bin/rrdtool";
constexpr std::int64_t kBegin_s = 1'700'001'600;
// Commands sent together: their answers must fit into a pipe, for rrdtool does not read while it
// waits for room to answer.
constexpr std::size_t kTogether = 500;

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

struct Measured {
    CpuSeconds cpu;
    double updates = 0;

    [[nodiscard]] double rate() const { return updates / cpu.total(); }
};

// After a minute that is not counted.
Measured measure(const std::string& program, const Options& options, std::size_t minutes,
                 std::size_t together) {
    const fs::path directory = options.fresh_directory();
    const std::size_t files = options["--files"];
    fs::create_directories(directory);
    make_files(directory, files);
    Talk talk({program, "-", directory.string()});
    send(talk, commands_of(0, files), together);
    const CpuSeconds begin = talk.cpu_seconds();
    for (std::size_t minute = 1; minute <= minutes; ++minute) {
        send(talk, commands_of(minute, files), together);
    }
    const CpuSeconds cpu = talk.cpu_seconds() - begin;
    talk.finish();
    fs::remove_all(directory);
    return {cpu, static_cast<double>(minutes * files)};
}

void compare(const char* manner, const std::string& program, const Options& options,
             std::size_t together) {
    const Measured ours = measure(program, options, options["--minutes"], together);
    const Measured theirs = measure(kRrdtool, options, options["--rrdtool-minutes"], together);
    std::printf(
        "%-14s kurabe %8.0f updates/CPU s, %3.0f %% of it in the kernel   "
        "rrdtool %8.0f, %3.0f %%   ratio %.1f\n",
        manner, ours.rate(), ours.cpu.kernel_percent(), theirs.rate(), theirs.cpu.kernel_percent(),
        ours.rate() / theirs.rate());
}

}  // namespace

int main(int count, char** arguments) {
    const Options options("pipe",
                          {{"--files", 1000}, {"--minutes", 120}, {"--rrdtool-minutes", 20}}, count,
                          arguments);
    const fs::path link = fs::temp_directory_path() / "kurabe-bench-bin" / "rrdtool";
    fs::create_directories(link.parent_path());
    fs::remove(link);
    fs::create_symlink(KURABE_PROGRAM, link);
    compare("sent together", link.string(), options, kTogether);
    compare("one by one", link.string(), options, 1);
    fs::remove_all(link.parent_path());
    return 0;
}
