// The built-in plugin `base`: its page, its units, and that rrdtool itself draws every graph of it.
#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/plugin_definition.hpp"
#include "tests/support/files.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::server {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::StartsWith;

const std::string kProgram = tests::kRrdtool;

const MetaMap kMeta{
    {"uptime", "273930"},
    {"version", "Linux version 6.1"},
    {"traffic-interfaces", "eth0,eth1"},
    {"disk-usage-devices", "sda1,mapper_vg-home"},
    {"disk-usage-sda1-mount", "/"},
    {"disk-usage-mapper_vg-home-mount", "/home"},
    {"disk-io-devices", "sda,mapper_swap"},
    {"disk-swap-devices", "mapper_swap"},
};

PluginCatalogue built_in() {
    auto catalogue = PluginCatalogue::load({});
    EXPECT_TRUE(catalogue.has_value()) << catalogue.error().message;
    return *std::move(catalogue);
}

class BasePlugin : public testing::Test {
  protected:
    [[nodiscard]] std::vector<std::string> arguments(const std::string& graph) const {
        auto found = base_.graph(graph, kMeta);
        EXPECT_TRUE(found.has_value()) << graph;
        return found ? found->arguments : std::vector<std::string>{};
    }

    PluginCatalogue catalogue_ = built_in();
    const PluginDefinition& base_ = *catalogue_.find("base");
};

TEST_F(BasePlugin, ShowsKuradosGroupsInItsOrder) {
    std::vector<std::string> shown;
    for (const GraphGroup& group : base_.groups(kMeta)) {
        std::string line = group.label + ":";
        for (const std::string& graph : group.graphs) line += " " + graph;
        shown.push_back(line);
    }
    EXPECT_THAT(shown, ElementsAre("Traffic(eth0): traffic-eth0", "Traffic(eth1): traffic-eth1",
                                   "CPU Memory: cpu loadavg-1 memory-usage tcp-established",
                                   "Disk Usage(/): disk-usage-sda1",
                                   "Disk Usage(/home): disk-usage-mapper_vg-home",
                                   "Disk IO(sda): disk-io-byte-sda disk-io-count-sda",
                                   "Disk IO(mapper_swap-swap): disk-io-byte-mapper_swap "
                                   "disk-io-count-mapper_swap"));
}

TEST_F(BasePlugin, SaysWhatAHostWithoutMetaLacks) {
    std::vector<std::string> shown;
    for (const GraphGroup& group : base_.groups({})) {
        shown.push_back(group.label + (group.badges.empty() ? "" : ": " + group.badges[0].value));
    }
    EXPECT_THAT(shown, ElementsAre("Traffic: no interfaces", "CPU Memory", "Disk Usage: no devices",
                                   "Disk IO: no devices"));
}

TEST_F(BasePlugin, HasVersionAndUptime) {
    const auto groups = base_.groups(kMeta);
    ASSERT_EQ(groups[2].badges.size(), 2U);
    EXPECT_EQ(groups[2].badges[0].value, "Linux version 6.1");
    EXPECT_EQ(groups[2].badges[1].value, "up 3 days,  4:05");
}

TEST_F(BasePlugin, CountsBytesWhereKuradoCountedBlocks) {
    EXPECT_THAT(arguments("disk-io-byte-sda"), Contains("CDEF:my1=my1a,0,2000000000,LIMIT,512,*"));
    EXPECT_THAT(arguments("disk-usage-sda1"), Contains("CDEF:used_b=used,1024,*"));
}

TEST_F(BasePlugin, DrawsTrafficAsKuradoDoes) {
    EXPECT_THAT(
        arguments("traffic-eth0"),
        ElementsAre("DEF:ind=traffic-eth0-rxbytes.derive:n:AVERAGE",
                    "DEF:outd=traffic-eth0-txbytes.derive:n:AVERAGE",
                    "CDEF:in=ind,0,5000000000,LIMIT,8,*", "CDEF:out=outd,0,5000000000,LIMIT,8,*",
                    "AREA:in#00C000:Inbound", "GPRINT:in:LAST: Cur\\:%6.2lf%sbps",
                    "GPRINT:in:AVERAGE:Ave\\:%6.2lf%sbps", "GPRINT:in:MAX:Max\\:%6.2lf%sbps\\l",
                    "LINE1:out#0000FF:Outbound", "GPRINT:out:LAST:Cur\\:%6.2lf%sbps",
                    "GPRINT:out:AVERAGE:Ave\\:%6.2lf%sbps", "GPRINT:out:MAX:Max\\:%6.2lf%sbps\\l"));
}

// The key that a DEF names: "DEF:in=KEY:n:AVERAGE".
std::string key_of(const std::string& def) {
    const std::size_t begin = def.find('=') + 1;
    return def.substr(begin, def.find(':', begin) - begin);
}

std::string shell_word(const std::string& word) {
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

// Kurado's archive of one key, with an hour of data.
void make_archive(const std::filesystem::path& file, const std::string& key) {
    const std::string type = key.substr(key.rfind('.') + 1) == "gauge" ? "GAUGE" : "DERIVE";
    std::string update = kProgram + " update " + shell_word(file.native());
    for (int minute = 1; minute <= 60; ++minute) {
        update += " " + std::to_string(1'800'000'000 + minute * 60) + ":" +
                  std::to_string(1'000'000 + minute * 4321);
    }
    const std::string create = kProgram + " create " + shell_word(file.native()) +
                               " --start 1800000000 --step 60 DS:n:" + type +
                               ":120:U:U RRA:AVERAGE:0.5:1:2880";
    ASSERT_EQ(std::system((create + " && " + update).c_str()), 0) << key;
}

TEST_F(BasePlugin, RrdtoolDrawsEveryGraph) {
    if (!tests::RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    const tests::TemporaryDirectory directory;
    std::set<std::string> kinds;
    for (const GraphGroup& group : base_.groups(kMeta)) {
        for (const std::string& graph : group.graphs) {
            const auto definition = base_.graph(graph, kMeta);
            ASSERT_TRUE(definition.has_value()) << graph;
            const auto picture = directory.path() / (graph + ".png");
            const auto errors = directory.path() / (graph + ".txt");
            std::string command = kProgram + " graph " + shell_word(picture.native()) +
                                  " -w 460 -h 100 -l 0 -u 2 -s 1800000000 -e 1800003600 -v " +
                                  shell_word(definition->vertical_label);
            for (std::string argument : definition->arguments) {
                if (argument.starts_with("DEF:")) {
                    const std::string key = key_of(argument);
                    const auto file = directory.path() / (key + ".rrd");
                    if (!std::filesystem::exists(file)) make_archive(file, key);
                    argument.replace(argument.find('=') + 1, key.size(), file.native());
                }
                command += " " + shell_word(argument);
            }
            command += " >/dev/null 2>" + shell_word(errors.native());
            EXPECT_EQ(std::system(command.c_str()), 0) << graph << ": " << tests::read_file(errors);
            EXPECT_THAT(tests::read_file(picture), StartsWith("\x89PNG")) << graph;
            kinds.insert(definition->vertical_label);
        }
    }
    EXPECT_EQ(kinds.size(), 8U);
}

}  // namespace
}  // namespace kurabe::server
