// Perl scripts as Kurado's, run with its arguments and environment.
#include "collectors/kurado/script_runner.hpp"

#include <filesystem>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/kurado_scripts.hpp"
#include "server/told_definitions.hpp"
#include "tests/collectors/kurado/kurado_plugins.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::collectors::kurado {
namespace {

using store::Seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Pair;

using Texts = std::map<std::string, std::string, std::less<>>;

class KuradoScripts : public testing::Test {
  protected:
    KuradoScripts() { tests::write_kurado_plugins(directory_); }

    ScriptRunner runner(const std::string& name, const std::string& host = "10.0.0.1") {
        const auto scripts = server::find_scripts({directory_.path() / "plugins"}, name);
        EXPECT_TRUE(scripts) << name;
        return ScriptRunner(scripts.value_or(Scripts{}),
                            {.host = host,
                             .hostname = "web1",
                             .comments = "-a comment; $(touch x)",
                             .plugin = name + ":11211",
                             .name = name,
                             .arguments = {"11211"},
                             .config_json = config_json({{"Cache", {{"factor", "7"}}}}),
                             .meta = [this] { return meta_; }},
                            std::chrono::seconds{timeout_}, [this] { return now_; });
    }
    static Texts meta_of(const Report& report) {
        Texts texts;
        for (const Meta& meta : report.meta) texts[meta.key] = meta.value;
        return texts;
    }
    static Texts warnings_of(const Report& report) {
        Texts texts;
        for (const Warning& warning : report.warnings) texts[warning.key] = warning.text;
        return texts;
    }

    tests::TemporaryDirectory directory_;
    Texts meta_;
    store::Time now_{Seconds{1'700'000'000}};
    int timeout_ = 30;
};

TEST_F(KuradoScripts, FetchAndView) {
    ScriptRunner cache = runner("cache");
    const auto report = cache.run({});
    ASSERT_TRUE(report) << report.error().message;
    std::vector<std::string> keys;
    for (const store::Sample& sample : report->batch.samples) {
        EXPECT_EQ(sample.plugin, "cache:11211");
        keys.push_back(sample.key);
    }
    EXPECT_THAT(keys, ElementsAre("items.gauge", "reads.derive", "missing.gauge"));
    EXPECT_TRUE(report->batch.samples[1].value.integer == 700) << "from metrics_config";
    EXPECT_EQ(report->batch.samples[2].value.kind, store::RawValue::Kind::kMissing);
    const Texts meta = meta_of(*report);
    EXPECT_EQ(meta.at("version"), "1.4.11211");
    EXPECT_EQ(meta.at("seen"), "nothing");
    EXPECT_EQ(warnings_of(*report).at("full"), "nearly full");
    EXPECT_THAT(warnings_of(*report), testing::SizeIs(1));
    EXPECT_TRUE(report->is_sign_of_life);

    server::ToldDefinitions told;
    const auto pages = told.pages(meta);
    EXPECT_THAT(pages.mistakes, IsEmpty());
    ASSERT_EQ(pages.groups.size(), 1U);
    EXPECT_EQ(pages.groups[0].label, "Cache (11211)");
    EXPECT_THAT(pages.groups[0].graphs, ElementsAre("items", "reads"));
    ASSERT_EQ(pages.groups[0].badges.size(), 2U);
    EXPECT_EQ(pages.groups[0].badges[0].key, "version");
    EXPECT_EQ(pages.groups[0].badges[0].value, "1.4.11211");
    EXPECT_EQ(pages.groups[0].badges[1].value, "up 3 days");
    const auto graph = told.graph("reads", meta);
    ASSERT_TRUE(graph);
    EXPECT_EQ(graph->vertical_label, "Count");
    EXPECT_THAT(graph->arguments,
                ElementsAre("DEF:a=reads.derive:n:AVERAGE", "LINE1:a#00C000:reads of web1",
                            "GPRINT:a:LAST:Cur\\:%6.2lf%s\\l"));
    meta_ = meta;
    EXPECT_EQ(meta_of(cache.run({}).value()).at("seen"), "1.4.11211") << "it reads its meta";
}

TEST_F(KuradoScripts, AreAskedForGraphsAgainWhenTheirListChanges) {
    ScriptRunner pushed = runner("pushed");
    const auto log = (directory_.path() / "log").string();
    const auto write = [&](const std::string& list) {
        directory_.write("plugins/view/pushed.pl",
                         "open my $log, '>>', '" + log +
                             "'; print $log 'x'; print +(grep { $_ eq "
                             "'--graph' } @ARGV) ? \"LINE1:1#000000\\n\" : \"" +
                             list + "\";\n");
    };
    write("a\\nb\\n");
    const auto runs = [&] {
        const auto report = pushed.run({});
        EXPECT_TRUE(report) << report.error().message;
        EXPECT_FALSE(report->is_sign_of_life) << "agents push it";
        const auto seen = tests::read_file(log).size();
        std::filesystem::remove(log);
        return seen;
    };
    EXPECT_EQ(runs(), 3U);
    EXPECT_EQ(runs(), 1U);
    write("a\\nb\\nc\\n");
    EXPECT_EQ(runs(), 4U);
    now_ += kViewInterval;
    EXPECT_EQ(runs(), 4U);
}

TEST_F(KuradoScripts, FailInPlainWords) {
    EXPECT_EQ(runner("cache", "10.0.0.9").run({}).error().message, "exit_code: 1: cannot connect");
    directory_.write("plugins/view/cache.pl", "die 'broken view';\n");
    const auto report = runner("cache").run({});
    ASSERT_TRUE(report);
    EXPECT_EQ(report->batch.samples.size(), 3U);
    EXPECT_THAT(warnings_of(*report).at("view"), HasSubstr("broken view"));
    directory_.write("plugins/view/cache.pl",
                     "print $ARGV[-2] eq '--graph' ? \"--font\\n\" : \"a\\n\";\n");
    const auto odd = runner("cache").run({});
    ASSERT_TRUE(odd);
    server::ToldDefinitions told;
    EXPECT_THAT(told.pages(meta_of(*odd)).mistakes, IsEmpty());
    timeout_ = 1;
    directory_.write("plugins/fetch/cache.pl", "sleep 1000;\n");
    EXPECT_THAT(runner("cache").run({}).error().message, HasSubstr("not done after 1 seconds"));
    std::filesystem::permissions(directory_.path() / "plugins/fetch/cache.pl",
                                 std::filesystem::perms{0666});
    EXPECT_THAT(runner("cache").run({}).error().message, HasSubstr("so it is not run"));
    EXPECT_FALSE(std::filesystem::exists(directory_.path() / "plugins/fetch/x"));
}

TEST_F(KuradoScripts, AreFoundInTheirDirectoriesOnly) {
    const std::vector<std::filesystem::path> directories{directory_.path() / "none",
                                                         directory_.path() / "plugins"};
    directory_.write("evil.pl", "");
    for (const char* name :
         {"", ".", "../../evil", "x", "cache.pl", "ca che", ".cache", "cache\n"}) {
        EXPECT_FALSE(server::find_scripts(directories, name)) << name;
    }
    const auto cache = server::find_scripts(directories, "cache");
    ASSERT_TRUE(cache);
    EXPECT_TRUE(cache->fetch && cache->view);
    EXPECT_THAT(cache->libraries, Contains(directory_.path() / "lib"));
    EXPECT_FALSE(server::find_scripts(directories, "pushed")->fetch);
}

}  // namespace
}  // namespace kurabe::collectors::kurado
