// The built-in plugins hold every graph of Kurado's, as kurado_graphs.txt has them, and each can be
// drawn.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <regex>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "render/graph_parser.hpp"
#include "render/renderer.hpp"
#include "server/graph_service.hpp"
#include "server/plugin_definition.hpp"
#include "server/term.hpp"

namespace kurabe::server {
namespace {

using testing::AnyOf;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::StartsWith;
using testing::UnorderedElementsAreArray;

std::vector<std::string> split(const std::string& text, const std::string& separator) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (true) {
        const std::size_t end = text.find(separator, begin);
        parts.push_back(text.substr(begin, end - begin));
        if (end == std::string::npos) return parts;
        begin = end + separator.size();
    }
}

// A graph in the table's words. `texts` are "VARIABLE CF FORMAT".
struct TabledGraph {
    std::string plugin;
    std::string key;
    std::string label;
    std::vector<std::string> sources;
    std::vector<std::string> computed;
    std::vector<std::string> drawn;
    std::vector<std::string> texts;
};

std::vector<std::string> in_backticks(const std::string& cell) {
    std::vector<std::string> words;
    const auto parts = split(cell, "`");
    for (std::size_t i = 1; i < parts.size(); i += 2) words.push_back(parts[i]);
    return words;
}

// "`%6.2lf` Cur/Ave/Max: my1 ; `%6.0lf` Cur: my2; Max: my3".
std::vector<std::string> texts_of(const std::string& cell) {
    static const std::map<std::string, std::string> kCf{
        {"Cur", "LAST"}, {"Ave", "AVERAGE"}, {"Max", "MAX"}};
    std::vector<std::string> texts;
    for (const std::string& part : split(cell, " ; ")) {
        const std::size_t end = part.find("` ");
        const std::string format = part.substr(1, end - 1);
        for (const std::string& item : split(part.substr(end + 2), "; ")) {
            const auto sides = split(item, ": ");
            for (const std::string& variable : split(sides[1], ",")) {
                for (const std::string& name : split(sides[0], "/")) {
                    texts.push_back(fmt::format("{} {} {}", variable, kCf.at(name), format));
                }
            }
        }
    }
    return texts;
}

std::vector<TabledGraph> read_table() {
    std::ifstream stream(std::filesystem::path(KURABE_SOURCE_DIR) /
                         "tests/server/kurado_graphs.txt");
    std::vector<TabledGraph> table;
    for (std::string line; std::getline(stream, line);) {
        if (line.starts_with('#')) continue;
        const auto cells = split(line, " | ");
        EXPECT_EQ(cells.size(), 7U) << line;
        table.push_back({cells[0], cells[1], cells[2], in_backticks(cells[3]),
                         in_backticks(cells[4]), split(cells[5], " -> "), texts_of(cells[6])});
    }
    return table;
}

// "AREA:my1#00C000:Busy" as `AREA my1#00C000 "Busy"`.
std::string drawn_text(const std::string& argument) {
    static const std::regex pattern(R"((\w+):([^:]*)(?::(.*))?)");
    std::smatch match;
    EXPECT_TRUE(std::regex_match(argument, match, pattern)) << argument;
    const std::string legend = match[3];
    return fmt::format("{} {}{}", match[1].str(), match[2].str(),
                       legend.empty() ? "" : " \"" + legend + "\"");
}

// "GPRINT:my1:LAST:  Cur\:%6.1lf\l" as "my1 LAST %6.1lf".
std::string printed_text(const std::string& argument) {
    static const std::regex pattern(R"(GPRINT:([^:]+):([^:]+): *(Cur|Ave|Max)\\:(.*?)(\\l)?)");
    std::smatch match;
    EXPECT_TRUE(std::regex_match(argument, match, pattern)) << argument;
    return fmt::format("{} {} {}", match[1].str(), match[2].str(), match[4].str());
}

TabledGraph tabled(const std::string& plugin, const std::string& key, const GraphTemplate& graph) {
    TabledGraph row{plugin, key, graph.vertical_label, {}, {}, {}, {}};
    for (const std::string& argument : graph.arguments) {
        if (argument.starts_with("DEF:")) {
            row.sources.push_back(split(split(argument, "=")[1], ":")[0]);
        } else if (argument.starts_with("CDEF:")) {
            row.computed.push_back(argument.substr(5));
        } else if (argument.starts_with("GPRINT:")) {
            row.texts.push_back(printed_text(argument));
        } else if (!argument.starts_with("COMMENT:")) {
            row.drawn.push_back(drawn_text(argument));
        }
    }
    return row;
}

class KuradoGraphs : public testing::Test {
  protected:
    [[nodiscard]] const PluginDefinition& plugin(const std::string& name) const {
        const PluginDefinition* const found = catalogue_.find(name);
        EXPECT_NE(found, nullptr) << name;
        return *found;
    }

    PluginCatalogue catalogue_ = PluginCatalogue::load({}).value();
    std::vector<TabledGraph> table_ = read_table();
};

TEST_F(KuradoGraphs, AreDefinedAsTheTableSays) {
    ASSERT_EQ(table_.size(), 65U);
    for (const TabledGraph& expected : table_) {
        SCOPED_TRACE(expected.plugin + " " + expected.key);
        const auto graph = plugin(expected.plugin).graph(expected.key, {});
        ASSERT_TRUE(graph.has_value()) << graph.error().message;
        const TabledGraph actual = tabled(expected.plugin, expected.key, *graph);
        EXPECT_EQ(actual.label, expected.label);
        EXPECT_THAT(actual.sources, ElementsAreArray(expected.sources));
        EXPECT_THAT(actual.computed, ElementsAreArray(expected.computed));
        EXPECT_THAT(actual.drawn, ElementsAreArray(expected.drawn));
        EXPECT_THAT(actual.texts, UnorderedElementsAreArray(expected.texts));
    }
}

// Where a text's first number begins: columns line up when it is the same in each line.
std::size_t column_of(const std::string& drawn, const std::string& first_text) {
    const auto parts = split(drawn, ":");
    const std::string legend = drawn.starts_with("COMMENT:") ? parts[1].substr(2) : parts[2];
    return legend.size() + first_text.find("Cur") - first_text.find(":LAST:") - 6;
}

TEST_F(KuradoGraphs, HaveTheirNumbersInColumns) {
    for (const TabledGraph& row : table_) {
        const auto graph = plugin(row.plugin).graph(row.key, {}).value();
        std::vector<std::size_t> columns;
        for (std::size_t i = 1; i < graph.arguments.size(); ++i) {
            if (!graph.arguments[i].starts_with("GPRINT:")) continue;
            if (graph.arguments[i - 1].starts_with("GPRINT:")) continue;
            columns.push_back(column_of(graph.arguments[i - 1], graph.arguments[i]));
        }
        ASSERT_FALSE(columns.empty());
        EXPECT_THAT(columns, testing::Each(columns.front())) << row.plugin << " " << row.key;
    }
}

// Whatever the meta says, in the groups' order.
std::vector<std::string> shown(const PluginDefinition& plugin, const MetaMap& meta) {
    std::vector<std::string> lines;
    for (const GraphGroup& group : plugin.groups(meta, {{"port", "80"}})) {
        std::string line = group.label + ":";
        for (const std::string& graph : group.graphs) line += " " + graph;
        lines.push_back(line);
    }
    return lines;
}

TEST_F(KuradoGraphs, AreShownWhereThereIsSomethingToShow) {
    EXPECT_THAT(shown(plugin("http"), {}), ElementsAre("HTTP (80): worker"));
    EXPECT_THAT(shown(plugin("http"), {{"has-reqs", "1"}}), ElementsAre("HTTP (80): worker reqs"));
    EXPECT_THAT(shown(plugin("mysql"), {{"replication", "0"}}),
                ElementsAre("MySQL (80): rate count slow select-type sort tmp-obj thread"));
    EXPECT_THAT(
        shown(plugin("mysql"),
              {{"replication", "1"}, {"innodb", "1"}, {"innodb-rows", "1"}, {"innodb-mutex", "1"}}),
        ElementsAre("MySQL (80): rate count slow select-type sort tmp-obj thread",
                    "Replication: replication-second replication-position",
                    "InnoDB: row-ops-rate row-pos-speed cache-rate bp-usage dirty-rate page-io "
                    "innodb-io innodb-mutex"));
    EXPECT_THAT(shown(plugin("jolokia"), {{"has-metaspace", "1"}}).back(),
                "Memory pools: mp_eden_s mp_surv_s mp_old_s mp_meta_s");
}

// Each series goes its own random way, with gaps.
class RandomSource final : public render::SeriesSource {
  public:
    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const render::SeriesReference&, const store::FetchRequest& request) const override {
        using std::chrono::minutes;
        store::FetchedSeries rows{std::chrono::floor<minutes>(request.start),
                                  std::chrono::floor<minutes>(request.end) + minutes{1},
                                  minutes{1},
                                  {}};
        std::lognormal_distribution<double> value(3, 2);
        const auto count = static_cast<std::size_t>((rows.end - rows.start) / rows.step);
        for (std::size_t i = 0; i < count; ++i) {
            rows.values.push_back(random_() % 50 == 0 ? store::kUnknown : value(random_));
        }
        return rows;
    }

  private:
    mutable std::mt19937 random_{20261130};
};

TEST_F(KuradoGraphs, AreDrawn) {
    const store::Time now{std::chrono::seconds{1'790'000'000}};
    const store::TimeZone& zone = store::TimeZone::utc();
    const RandomSource source;
    render::Renderer renderer;
    table_.push_back({"jolokia", "mp_meta_s", "", {}, {}, {}, {}});  // our own
    for (const TabledGraph& row : table_) {
        SCOPED_TRACE(row.plugin + " " + row.key);
        const auto graph = plugin(row.plugin).graph(row.key, {}).value();
        const auto arguments =
            graph_arguments(graph, window_until(Term::kDay, now), {.width_px = 460}, "host", {});
        const auto definition = render::parse_graph(arguments, now, zone);
        ASSERT_TRUE(definition.has_value()) << definition.error().message;
        const auto rendered = renderer.render(*definition, source, now, zone);
        ASSERT_TRUE(rendered.has_value()) << rendered.error().message;
        EXPECT_THAT(rendered->bytes, StartsWith("\x89PNG"));
        const std::size_t lines = row.texts.empty() ? 1 : row.texts.size() / 3;
        EXPECT_GE(rendered->legend.size(), lines);
    }
}

}  // namespace
}  // namespace kurabe::server
