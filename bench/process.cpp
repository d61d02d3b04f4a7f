// What one process per command costs: `update` of a file and `fetch` of a day out of it, for kurabe
// called as rrdtool and for rrdtool, in turns in one run.
//
//   process [--runs 300] [--directory DIR]
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <string>

#include "bench/child.hpp"

namespace {

using namespace kurabe::bench;
namespace fs = std::filesystem;

constexpr const char* kRrdtool = "/usr/bin/rrdtool";
constexpr std::time_t kDay = 86400;

// Two days of one-minute rows of one data source, until now.
void make_file(const std::string& path) {
    const std::time_t begin = std::time(nullptr) / 60 * 60 - 2 * kDay;
    (void)run({kRrdtool, "create", path, "-s", "60", "-b", std::to_string(begin),
               "DS:n:GAUGE:120:U:U", "RRA:AVERAGE:0.5:1:2880", "RRA:AVERAGE:0.5:5:2880",
               "RRA:AVERAGE:0.5:60:960", "RRA:AVERAGE:0.5:1440:1100", "RRA:MAX:0.5:5:2880",
               "RRA:MAX:0.5:60:960", "RRA:MAX:0.5:1440:1100"});
    Words update = {kRrdtool, "update", path};
    for (std::time_t time = begin + 60; time <= begin + 2 * kDay; time += 60) {
        update.push_back(std::to_string(time) + ":" + std::to_string(time / 60 % 997) + ".25");
    }
    (void)run(update);
}

struct Programs {
    Cost ours;
    Cost theirs;
};

void add(Cost& sum, const Cost& cost) {
    sum.cpu += cost.cpu;
    sum.wall_seconds += cost.wall_seconds;
}

// `arguments` after the program; each program has its own file.
Programs measure(std::size_t runs, const std::string& ours, const fs::path& directory,
                 const Words& arguments) {
    Programs sum;
    for (std::size_t i = 0; i < runs; ++i) {
        for (const bool is_ours : {true, false}) {
            Words words = {is_ours ? ours : kRrdtool};
            words.insert(words.end(), arguments.begin(), arguments.end());
            words[2] = (directory / (is_ours ? "ours.rrd" : "theirs.rrd")).string();
            add(is_ours ? sum.ours : sum.theirs, run(words));
        }
    }
    return sum;
}

void print(const char* name, std::size_t runs, const Programs& sum) {
    const auto milliseconds = [&](double seconds) {
        return seconds * 1000 / static_cast<double>(runs);
    };
    std::printf(
        "%-16s kurabe %6.3f CPU ms, %6.3f ms   rrdtool %6.3f CPU ms, %6.3f ms   ratio %.1f\n", name,
        milliseconds(sum.ours.cpu.total()), milliseconds(sum.ours.wall_seconds),
        milliseconds(sum.theirs.cpu.total()), milliseconds(sum.theirs.wall_seconds),
        sum.theirs.cpu.total() / sum.ours.cpu.total());
}

}  // namespace

int main(int count, char** arguments) {
    const Options options("process", {{"--runs", 300}}, count, arguments);
    const std::size_t runs = options["--runs"];
    const fs::path directory = options.fresh_directory();
    fs::create_directories(directory);
    const std::string ours = (directory / "rrdtool").string();
    fs::create_symlink(KURABE_PROGRAM, ours);
    make_file((directory / "ours.rrd").string());
    fs::copy_file(directory / "ours.rrd", directory / "theirs.rrd");
    print("update", runs, measure(runs, ours, directory, {"update", "", "N:42"}));
    print("fetch of a day", runs,
          measure(runs, ours, directory, {"fetch", "", "AVERAGE", "-s", "end-1d", "-e", "now"}));
    fs::remove_all(directory);
    return 0;
}
