// Programs of each protocol, good and bad.
#include "collectors/exec/runner.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/files.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::collectors::exec {
namespace {

using store::Seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

class ExecRunner : public testing::Test {
  protected:
    // A script of sh that is run for host 10.0.0.1, web1.
    void use(Protocol protocol, const std::string& script, std::vector<std::string> arguments = {},
             std::chrono::seconds timeout = std::chrono::seconds{30},
             Seconds interval = Seconds{60}) {
        const auto file = directory_.write("program", "#!/bin/sh\n" + script);
        std::filesystem::permissions(file, std::filesystem::perms{0755});
        Command command;
        command.name = "prog";
        command.words.push_back(TextTemplate::parse(file.string()).value());
        command.protocol = protocol;
        command.timeout = timeout;
        command.environment = {{"OWN", "of the configuration"}, {"LANG", "C"}};
        auto runner = Runner::prepare(command,
                                      {.host = "10.0.0.1",
                                       .hostname = "web1",
                                       .plugin = "exec:prog",
                                       .arguments = std::move(arguments),
                                       .interval = interval},
                                      [this] { return now_; });
        ASSERT_TRUE(runner) << runner.error().message;
        runner_ = *std::move(runner);
    }
    Report run() {
        auto report = runner_->run({});
        EXPECT_TRUE(report) << report.error().message;
        return report.value_or(Report{});
    }
    std::string error() {
        const auto report = runner_->run({});
        return report ? "none" : report.error().message;
    }
    static std::map<std::string, double> values_of(const Report& report) {
        std::map<std::string, double> values;
        for (const store::Sample& sample : report.batch.samples) {
            EXPECT_EQ(sample.plugin, "exec:prog");
            const bool whole = sample.value.kind == store::RawValue::Kind::kInteger;
            values[sample.key] =
                whole ? static_cast<double>(sample.value.integer) : sample.value.number;
        }
        return values;
    }
    static std::map<std::string, std::string> meta_of(const Report& report) {
        std::map<std::string, std::string> texts;
        for (const Meta& meta : report.meta) texts[meta.key] = meta.value;
        return texts;
    }
    static std::map<std::string, std::string> warnings_of(const Report& report) {
        std::map<std::string, std::string> texts;
        for (const Warning& warning : report.warnings) texts[warning.key] = warning.text;
        return texts;
    }

    store::Time now_{Seconds{1'700'000'000}};
    tests::TemporaryDirectory directory_;
    std::unique_ptr<Runner> runner_;
};

TEST_F(ExecRunner, TakesKuradosLines) {
    use(Protocol::kKurado,
        "printf 'users\\t7\\nmetrics.a.b.derive\\t5\\t1699999999\\nmeta.version\\t1.2\\n"
        "warn.disk\\tfull\\n# comment\\nnonsense\\n'");
    const Report report = run();
    EXPECT_EQ(report.batch.host, "10.0.0.1");
    EXPECT_THAT(values_of(report), ElementsAre(Pair("a.b.derive", 5), Pair("users.gauge", 7)));
    EXPECT_EQ(meta_of(report).at("version"), "1.2");
    EXPECT_THAT(meta_of(report).at("definition"), HasSubstr("users.gauge"));
    EXPECT_EQ(warnings_of(report).at("disk"), "full");
    EXPECT_THAT(warnings_of(report).at("output"), HasSubstr("1 wrong line; line 6"));
    now_ += Seconds{60};
    EXPECT_FALSE(meta_of(run()).contains("definition")) << "it is told already";
}

TEST_F(ExecRunner, TakesADefinitionThatTheProgramTells) {
    use(Protocol::kKurado, "printf 'users\\t7\\nmeta.definition\\t{\"own\": 1}\\n'");
    EXPECT_EQ(meta_of(run()).at("definition"), "{\"own\": 1}");
}

TEST_F(ExecRunner, GivesAScrubbedEnvironmentAndArguments) {
    ::setenv("KURABE_TEST_SECRET", "canary", 1);
    use(Protocol::kKurado,
        "/usr/bin/env >" + (directory_.path() / "env").string() + "; echo \"$@\" >" +
            (directory_.path() / "words").string() + "; pwd >>" +
            (directory_.path() / "words").string(),
        {"80", "a@b"});
    (void)run();
    ::unsetenv("KURABE_TEST_SECRET");
    const std::string environment = tests::read_file(directory_.path() / "env");
    EXPECT_THAT(environment, testing::Not(HasSubstr("canary")));
    for (const char* entry : {"KURABE_ADDRESS=10.0.0.1\n", "KURABE_HOSTNAME=web1\n",
                              "OWN=of the configuration\n", "LANG=C\n", "PATH=/usr/local/sbin"}) {
        EXPECT_THAT(environment, HasSubstr(entry));
    }
    EXPECT_EQ(tests::read_file(directory_.path() / "words"), "80 a@b\n/\n");
}

TEST_F(ExecRunner, TakesMackerelsValuesAndGraphs) {
    use(Protocol::kMackerel,
        "if [ \"$MACKEREL_AGENT_PLUGIN_META\" = 1 ]; then echo '# mackerel-agent-plugin'; echo "
        "'{\"graphs\":{\"dice\":{\"label\":\"My "
        "Dice\",\"metrics\":[{\"name\":\"d6\",\"label\":\"Six\"}"
        "]}}}'; echo x >>" +
            (directory_.path() / "asked").string() +
            "; exit; fi\n"
            "printf "
            "'dice.d6\\t3\\t1699999990\\ndice.d20\\t17.5\\t1699999990\\nbad/"
            "name\\t1\\t1\\nshort\\t1\\n'");
    const Report report = run();
    EXPECT_THAT(values_of(report),
                ElementsAre(Pair("dice.d20.gauge", 17.5), Pair("dice.d6.gauge", 3)));
    EXPECT_THAT(meta_of(report).at("definition"), HasSubstr("My Dice"));
    EXPECT_THAT(meta_of(report).at("definition"), HasSubstr(":Six"));
    EXPECT_THAT(warnings_of(report), testing::Contains(testing::Key("output")));
    now_ += Seconds{60};
    (void)run();
    EXPECT_EQ(tests::read_file(directory_.path() / "asked"), "x\n") << "once";
    now_ += kMetaInterval;
    (void)run();
    EXPECT_EQ(tests::read_file(directory_.path() / "asked"), "x\nx\n");
}

TEST_F(ExecRunner, WarnsOfGraphsThatAreNone) {
    use(Protocol::kMackerel, "[ \"$MACKEREL_AGENT_PLUGIN_META\" = 1 ] || echo 'a.b 1 1699999990'");
    const Report report = run();
    EXPECT_THAT(warnings_of(report).at("graphs"), HasSubstr("do not begin with"));
    EXPECT_THAT(meta_of(report).at("definition"), HasSubstr("a.b.gauge"));
}

TEST_F(ExecRunner, TakesSensusValues) {
    use(Protocol::kSensu, "echo 'web1.load.one 1.5 1699999990'; echo; echo '# x y z'");
    EXPECT_THAT(values_of(run()), ElementsAre(Pair("web1.load.one.gauge", 1.5)));
}

TEST_F(ExecRunner, TakesMuninsPlugins) {
    use(Protocol::kMunin,
        "if [ \"$1\" = config ]; then echo graph_title Users; echo u.label users; echo u.critical "
        "5; "
        "else echo u.value 7; fi");
    const Report report = run();
    EXPECT_THAT(values_of(report), ElementsAre(Pair("prog.u.gauge", 7)));
    EXPECT_THAT(meta_of(report).at("definition.prog"), HasSubstr("Users"));
    EXPECT_THAT(warnings_of(report).at("prog.u"), HasSubstr("critical: 7"));
    use(Protocol::kMunin,
        "[ \"$MUNIN_CAP_DIRTYCONFIG\" = 1 ] && [ \"$1\" = config ] || exit 9\n"
        "echo graph_title Dirty; echo u.value 8");
    EXPECT_THAT(values_of(run()), ElementsAre(Pair("prog.u.gauge", 8)));
}

TEST_F(ExecRunner, TakesChecksByTheirStatus) {
    use(Protocol::kCheck, "echo 'OK - fine'");
    Report report = run();
    EXPECT_THAT(values_of(report), ElementsAre(Pair("status.gauge", 0)));
    EXPECT_THAT(report.warnings, IsEmpty());
    EXPECT_EQ(meta_of(report).at("output"), "OK - fine");
    use(Protocol::kCheck, "echo 'CRITICAL - <down>'; echo more; exit 2");
    report = run();
    EXPECT_THAT(values_of(report), ElementsAre(Pair("status.gauge", 2)));
    EXPECT_THAT(warnings_of(report), ElementsAre(Pair("critical", "CRITICAL - <down>")));
    use(Protocol::kCheck, "exit 1");
    EXPECT_THAT(warnings_of(run()), ElementsAre(Pair("warning", "exit_code: 1")));
    use(Protocol::kCheck, "printf 'what\\a\\377' >&2; exit 77");
    report = run();
    EXPECT_THAT(values_of(report), ElementsAre(Pair("status.gauge", 3)));
    EXPECT_THAT(warnings_of(report), ElementsAre(Pair("unknown", "what??")));
}

TEST_F(ExecRunner, FillsBetweenValuesThatComeSeldom) {
    const auto times = [this](const Report& report) {
        std::vector<std::int64_t> seconds;
        for (const store::Sample& sample : report.batch.samples) {
            seconds.push_back(std::chrono::duration_cast<Seconds>(sample.time - now_).count());
        }
        return seconds;
    };
    const Seconds interval{300};
    for (const auto& [protocol, script] :
         {std::pair{Protocol::kKurado, "printf 'a\\t7\\n'"}, {Protocol::kCheck, "exit 1"}}) {
        use(protocol, script, {}, std::chrono::seconds{30}, interval);
        EXPECT_THAT(times(run()), ElementsAre(0));
        now_ += interval;
        EXPECT_THAT(times(run()), ElementsAre(-240, -180, -120, -60, 0));
        now_ += 3 * interval;
        EXPECT_THAT(times(run()), ElementsAre(0)) << "it is not known what was between";
    }
    use(Protocol::kKurado, "printf 'a.derive\\t7\\nb\\t1\\t4102444800\\n'", {},
        std::chrono::seconds{30}, interval);
    EXPECT_EQ(run().batch.samples.size(), 2U);
    now_ += interval;
    EXPECT_EQ(run().batch.samples.size(), 6U) << "nothing before a time far ahead";
}

TEST_F(ExecRunner, DrawsWhatThereIsRoomFor) {
    const std::string more(300, 'x');
    use(Protocol::kKurado,
        "i=0; while [ $i -lt 400 ]; do printf 'a%s" + more + "\\t7\\n' $i; i=$((i+1)); done");
    const Report report = run();
    const std::string text = meta_of(report).at("definition");
    EXPECT_LE(text.size(), kDefinitionBytesMax);
    EXPECT_GT(text.size(), kDefinitionBytesMax / 2);
    EXPECT_THAT(warnings_of(report).at("graphs"), HasSubstr("graphs are left out"));
}

TEST_F(ExecRunner, ForgetsSeriesThatAreNoLongerPrinted) {
    const auto flag = directory_.path() / "flag";
    use(Protocol::kKurado, "printf 'a\\t7\\n'; [ -e " + flag.string() + " ] || printf 'b\\t7\\n'");
    EXPECT_THAT(meta_of(run()).at("definition"), HasSubstr("b.gauge"));
    directory_.write("flag", "");
    now_ += kKeyLifetime;
    EXPECT_THAT(meta_of(run()).at("definition"), HasSubstr("b.gauge"));
    now_ += Seconds{1};
    EXPECT_THAT(meta_of(run()).at("definition"), testing::Not(HasSubstr("b.gauge")));
}

TEST_F(ExecRunner, ARunSaysAllThereIsToWarnOf) {
    use(Protocol::kCheck, "exit 2");
    const Report report = run();
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_EQ(report.plugin, "exec:prog");
    EXPECT_TRUE(report.ends_other_warnings);
}

TEST_F(ExecRunner, FailsInPlainWords) {
    use(Protocol::kKurado, "echo broken >&2; exit 3");
    EXPECT_EQ(error(), "exit_code: 3: broken");
    use(Protocol::kKurado, "sleep 100", {}, std::chrono::seconds{1});
    EXPECT_THAT(error(), HasSubstr("not done after 1 seconds"));
    use(Protocol::kCheck, "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done");
    EXPECT_THAT(error(), HasSubstr("more than 1048576 bytes of output"));
    use(Protocol::kMunin, "exit 1");
    EXPECT_THAT(error(), HasSubstr("exit_code: 1"));
    use(Protocol::kSensu, "true");
    std::filesystem::permissions(directory_.path() / "program", std::filesystem::perms{0777});
    EXPECT_THAT(error(), HasSubstr("so it is not run"));
    std::filesystem::remove(directory_.path() / "program");
    EXPECT_THAT(error(), HasSubstr("No such file"));
}

TEST_F(ExecRunner, RunsAsAnotherUser) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can run programs as others";
    Command command;
    command.name = "id";
    command.words = {TextTemplate::parse("/bin/sh").value(), TextTemplate::parse("-c").value(),
                     TextTemplate::parse("echo users $(id -u)00 | tr ' ' '\\t'").value()};
    command.user = "nobody";
    const Target target{.host = "h", .hostname = "h", .plugin = "exec:prog", .arguments = {}};
    auto runner = Runner::prepare(command, target, [this] { return now_; });
    ASSERT_TRUE(runner) << runner.error().message;
    const auto report = (*runner)->run({});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_THAT(values_of(*report), ElementsAre(Pair("users.gauge", 6553400)));
    command.user = "no such user";
    EXPECT_THAT(Runner::prepare(command, target, [this] { return now_; }).error().message,
                HasSubstr("no such user"));
}

}  // namespace
}  // namespace kurabe::collectors::exec
