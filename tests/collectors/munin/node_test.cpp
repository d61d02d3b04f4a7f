// Polls of the installed munin-node, and of peers that are slow, dead, lying or endless.
#include "collectors/munin/node.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <ranges>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/munin/tcp_way.hpp"
#include "tests/collectors/munin/scripted_node.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/munin_node.hpp"

namespace kurabe::collectors::munin {
namespace {

using store::Seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using tests::ScriptedNode;

// A node, and a clock that the test turns.
class Polled {
  public:
    explicit Polled(int port, std::chrono::milliseconds deadline = std::chrono::seconds{20},
                    std::string service = "")
        : node_(
              {.host = "h",
               .plugin = "munin",
               .service = std::move(service),
               .deadline = deadline,
               .stored = [this] { return stored; }},
              std::make_unique<TcpWay>(
                  HostPort{.host = "127.0.0.1", .port = static_cast<std::uint16_t>(port)}),
              [this] { return now; }, 1) {}

    Result<Report> poll(const std::stop_token& stop = {}) { return node_.poll(stop); }
    [[nodiscard]] std::string error() {
        const auto report = poll();
        return report ? "no error" : report.error().message;
    }

    store::Time now{Seconds{1'700'000'000}};
    std::map<std::string, store::SampleTime, std::less<>> stored;

  private:
    Node node_;
};

std::map<std::string, double> values_of(const Report& report) {
    std::map<std::string, double> values;
    for (const store::Sample& sample : report.batch.samples) {
        const bool whole = sample.value.kind == store::RawValue::Kind::kInteger;
        values[sample.key] =
            whole ? static_cast<double>(sample.value.integer) : sample.value.number;
    }
    return values;
}

std::map<std::string, std::string> warnings_of(const Report& report) {
    std::map<std::string, std::string> texts;
    for (const Warning& warning : report.warnings) texts[warning.key] = warning.text;
    return texts;
}

TEST(MuninNodePolls, TakeAllPluginsOfARealNode) {
    if (!tests::MuninNode::can_run()) GTEST_SKIP() << "munin-node needs to be installed, and root";
    tests::MuninNode real;
    real.add_plugin("plain",
                    "if [ \"$1\" = config ]; then echo graph_title Plain; echo a.label A; "
                    "echo b.type DERIVE; exit; fi\necho a.value 5.5; echo b.value 77\n");
    real.add_plugin("dirty",
                    "echo graph_title Dirty; echo a.label A\n"
                    "[ \"$MUNIN_CAP_DIRTYCONFIG\" = 1 ] && echo a.value 6\n");
    real.add_plugin("multi",
                    "for part in multi multi.one; do echo multigraph $part; "
                    "if [ \"$1\" = config ]; then echo graph_title $part; echo a.warning 1; else "
                    "echo a.value 7; fi; done\n");
    real.add_plugin("bad", "exit 3\n");
    real.add_plugin("slow", "[ \"$1\" = config ] && { echo graph_title Slow; exit; }; sleep 30\n");
    real.start();
    Polled node(real.port());
    const auto report = node.poll();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_THAT(
        values_of(*report),
        ElementsAre(testing::Pair("dirty.a.gauge", 6), testing::Pair("multi.a.gauge", 7),
                    testing::Pair("multi.one.a.gauge", 7), testing::Pair("plain.a.gauge", 5.5),
                    testing::Pair("plain.b.derive", 77)));
    const auto warnings = warnings_of(*report);
    EXPECT_EQ(warnings.at("bad"), "Bad exit");
    EXPECT_EQ(warnings.at("slow"), "Timed out");
    EXPECT_THAT(warnings.at("multi.a"), HasSubstr("warning: 7 is outside of 1"));
    std::vector<std::string> keys;
    for (const Meta& meta : report->meta) keys.push_back(meta.key);
    EXPECT_THAT(keys, ElementsAre("definition.dirty", "definition.multi", "definition.plain",
                                  "definition.slow"));
}

// Replies of a node with one plugin each.
std::map<std::string, std::string> replies(std::map<std::string, std::string> more) {
    more.insert({{"", "# munin node at test\n"},
                 {"cap multigraph dirtyconfig spool", "cap multigraph dirtyconfig\n"},
                 {"list", "a b\n"},
                 {"config a", "x.label X\n.\n"},
                 {"config b", "x.label X\n.\n"},
                 {"fetch a", "x.value 1\n.\n"},
                 {"fetch b", "x.value 2\n.\n"}});
    return more;
}

TEST(MuninNodePolls, FailInPlainWords) {
    const std::map<std::string, std::pair<std::string, std::string>> cases = {
        {"", {"HTTP/1.1 400 Bad\n", "this is no munin-node: it says 'HTTP/1.1 400 Bad'"}},
        {"cap multigraph dirtyconfig spool", {ScriptedNode::kClose, "the connection was closed"}},
        {"list", {ScriptedNode::kFlood, "a line of over 65536 bytes"}},
        {"config a", {ScriptedNode::kFloodOfLines, "an answer of over 1048576 bytes"}},
        {"fetch a", {ScriptedNode::kClose, "the connection was closed"}}};
    for (const auto& [command, reply] : cases) {
        ScriptedNode peer(replies({{command, reply.first}}));
        EXPECT_EQ(Polled(peer.port()).error(), reply.second) << command;
    }
    EXPECT_THAT(Polled(tests::free_port()).error(), HasSubstr("Connection refused"));
    ScriptedNode silent(replies({{"", ScriptedNode::kHang}}));
    EXPECT_EQ(Polled(silent.port(), std::chrono::milliseconds{50}).error(), "no answer in time");
    ScriptedNode endless(replies({{"", ScriptedNode::kFlood}}));
    EXPECT_EQ(Polled(endless.port()).error(), "a line of over 4096 bytes");
}

TEST(MuninNodePolls, LeaveANodeAloneThatFailed) {
    ScriptedNode peer(replies({{"", ScriptedNode::kClose}}));
    Polled node(peer.port());
    EXPECT_EQ(node.error(), "the connection was closed");
    EXPECT_THAT(node.error(), HasSubstr("after 1 failure, the last: the connection was closed"));
}

TEST(MuninNodePolls, KeepWhatOtherPluginsSaidWhenOneHangs) {
    ScriptedNode peer(replies({{"fetch b", ScriptedNode::kHang},
                               {"list", "a b c\n"},
                               {"config c", "x.label X\n.\n"},
                               {"fetch c", "x.value 3\n.\n"}}));
    Polled node(peer.port(), std::chrono::milliseconds{500});
    const auto first = node.poll();
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_THAT(values_of(*first), ElementsAre(testing::Pair("a.x.gauge", 1)));
    EXPECT_EQ(warnings_of(*first).at("b"), "no answer in time");
    node.now += Seconds{60};
    const auto second = node.poll();
    ASSERT_TRUE(second);
    EXPECT_THAT(values_of(*second),
                ElementsAre(testing::Pair("a.x.gauge", 1), testing::Pair("c.x.gauge", 3)));
    peer.set("fetch b", "x.value 2\n.\n");
    node.now += Seconds{60};
    EXPECT_EQ(values_of(node.poll().value()).size(), 3U);
}

TEST(MuninNodePolls, AskForGraphsNowAndThenAndForValuesAtTheirRate) {
    ScriptedNode peer(replies({{"config b", "update_rate 300\nx.label X\n.\n"}}));
    Polled node(peer.port());
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(node.poll());
        node.now += Seconds{60};
    }
    const auto commands = peer.commands();
    const auto times = [&](const std::string& command) {
        return std::ranges::count(commands, command);
    };
    EXPECT_EQ(times("config a"), 1);
    EXPECT_EQ(times("fetch a"), 5);
    EXPECT_EQ(times("fetch b"), 1);
    const auto report = node.poll();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->meta.size(), 2U);
    EXPECT_EQ(report->batch.samples.size(), 1U + 5U) << "what lies between is known, too";
}

TEST(MuninNodePolls, TakeNothingThatWasNotAskedFor) {
    ScriptedNode peer(replies(
        {{"list", "a ../b a;b -x a\n"},
         {"fetch a", "x.value 1\ny.value 2\nmultigraph other\nx.value 3\n../z.value 4\n.\n"}}));
    Polled node(peer.port());
    const auto report = node.poll();
    ASSERT_TRUE(report);
    EXPECT_THAT(values_of(*report), ElementsAre(testing::Pair("a.x.gauge", 1)));
    for (const std::string& command : peer.commands()) EXPECT_THAT(command, Not(HasSubstr("b")));
}

TEST(MuninNodePolls, AskForOneServiceOnly) {
    ScriptedNode peer(replies({}));
    const auto report = Polled(peer.port(), std::chrono::seconds{20}, "b").poll();
    ASSERT_TRUE(report);
    EXPECT_THAT(values_of(*report), ElementsAre(testing::Pair("b.x.gauge", 2)));
    EXPECT_FALSE(report->is_history);
    EXPECT_THAT(peer.commands(), Not(Contains("list")));
}

TEST(MuninNodePolls, FillGapsFromASpool) {
    const std::string spool =
        "multigraph a\ngraph_title A\nupdate_rate 60\nx.label X\n"
        "x.value 1699999880:1\nx.value 1699999940:2\nx.value 1700000000:3\nx.value 9:4\n.\n";
    ScriptedNode peer(
        replies({{"cap multigraph dirtyconfig spool", "cap multigraph dirtyconfig spool\n"},
                 {"spoolfetch 1699998980", spool}}));
    Polled node(peer.port());
    node.stored = {{"a.x.gauge", store::Time{Seconds{1'699'999'880}}}};
    const auto report = node.poll();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->batch.samples.size(), 2U) << "what the store has is not handed in again";
    EXPECT_TRUE(report->is_history);
    EXPECT_EQ(report->meta.at(0).key, "definition.a");
    EXPECT_THAT(peer.commands(), Not(Contains("list")));
    node.now += Seconds{60};
    node.stored["a.x.gauge"] = store::Time{Seconds{1'700'000'000}};
    peer.set("spoolfetch 1699999100", "multigraph a\nx.value 1700000060:5\n.\n");
    EXPECT_EQ(node.poll().value().batch.samples.size(), 1U);
    // Of a host of which nothing is known: some days.
    Polled fresh(peer.port());
    peer.set("spoolfetch " + std::to_string(1'700'000'000 - kSpoolFirst.count()), spool);
    EXPECT_EQ(fresh.poll().value().batch.samples.size(), 3U);
}

TEST(MuninNodePolls, AskAgainForWhatTheStoreDidNotTake) {
    ScriptedNode peer(
        replies({{"cap multigraph dirtyconfig spool", "cap multigraph dirtyconfig spool\n"},
                 {"spoolfetch 1699998980",
                  "multigraph a\nx.value 1699999940:2\nx.value 1700000000:3\n.\n"}}));
    Polled node(peer.port());
    node.stored = {{"a.x.gauge", store::Time{Seconds{1'699'999'880}}}};
    for (int i = 0; i < 3; ++i) {
        const auto report = node.poll();
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(report->batch.samples.size(), 2U);
        node.now += Seconds{60};
    }
}

TEST(MuninNodePolls, KeepWhatCameOfASpoolThatIsTooLarge) {
    const std::string begin = "multigraph a\nx.value 1699999940:2\nx.value 1700000000:3\n";
    ScriptedNode peer(
        replies({{"cap multigraph dirtyconfig spool", "cap multigraph dirtyconfig spool\n"},
                 {"spoolfetch 1699827200", begin + ScriptedNode::kFloodOfLines}}));
    Polled node(peer.port());
    const auto report = node.poll();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->batch.samples.size(), 2U);
    EXPECT_THAT(warnings_of(*report).at("spool"), HasSubstr("not all of it could be fetched"));
    node.stored = {{"a.x.gauge", store::Time{Seconds{1'700'000'000}}}};
    peer.set("spoolfetch 1699999100", "multigraph a\nx.value 1700000060:5\n.\n");
    node.now += Seconds{60};
    EXPECT_THAT(values_of(node.poll().value()), ElementsAre(testing::Pair("a.x.gauge", 5)));
}

TEST(MuninNodePolls, WarnOfASpoolThatIsNoLongerFilled) {
    ScriptedNode peer(
        replies({{"cap multigraph dirtyconfig spool", "cap multigraph dirtyconfig spool\n"},
                 {"spoolfetch 1699827200", ".\n"},
                 {"spoolfetch 1699998980", "multigraph a\nx.value 1699999880:2\n.\n"}}));
    Polled node(peer.port());
    EXPECT_EQ(warnings_of(node.poll().value()).at("spool"),
              "it is empty; does munin-asyncd run on the host?");
    node.stored = {{"a.x.gauge", store::Time{Seconds{1'600'000'000}}}};
    EXPECT_THAT(warnings_of(node.poll().value()).at("spool"), HasSubstr("of the last two days"));
    node.stored = {{"a.x.gauge", store::Time{Seconds{1'699'999'880}}}};
    EXPECT_THAT(node.poll().value().warnings, IsEmpty());
    node.now = store::Time{Seconds{1'699'999'880 + 45 * 60}};
    EXPECT_EQ(warnings_of(node.poll().value()).at("spool"),
              "it has nothing new of the last 45 minutes; does munin-asyncd run on the host?");
}

TEST(MuninNodePolls, WarnOfOneServiceThatIsNoLongerSpooled) {
    const std::string spool = "multigraph b\nupdate_rate 1800\nx.value 1699999880:2\n.\n";
    ScriptedNode peer(
        replies({{"cap multigraph dirtyconfig spool", "cap multigraph dirtyconfig spool\n"},
                 {"spoolfetch 1699827200", "multigraph a\nx.value 1699999880:2\n.\n"},
                 {"spoolfetch 1699998980", spool}}));
    Polled node(peer.port(), std::chrono::seconds{20}, "b");
    EXPECT_EQ(warnings_of(node.poll().value()).at("spool"),
              "it has nothing of 'b'; does munin-asyncd run on the host?");
    node.stored = {{"b.x.gauge", store::Time{Seconds{1'699'999'880}}}};
    node.now = store::Time{Seconds{1'699'999'880 + 3600}};
    EXPECT_THAT(node.poll().value().warnings, IsEmpty());
    node.now += Seconds{60};
    EXPECT_EQ(
        warnings_of(node.poll().value()).at("spool"),
        "it has nothing new of 'b' of the last 61 minutes; does munin-asyncd run on the host?");
}

// Each service with the whole of its history, one after another, as munin-async tells them.
TEST(MuninNodePolls, TakeTheOldestOfAllServicesOfALargeSpool) {
    constexpr std::int64_t kServices = 160;
    constexpr std::int64_t kRounds = 2000;
    std::string spool;
    for (std::int64_t service = 0; service < kServices; ++service) {
        for (std::int64_t round = 0; round < kRounds; ++round) {
            spool +=
                fmt::format("multigraph s{}\nupdate_rate 60\nx.label {}\nx.value {}:{}\n", service,
                            std::string(60, 'x'), 1'700'000'000 - (kRounds - round) * 60, round);
        }
    }
    ScriptedNode peer(
        replies({{"cap multigraph dirtyconfig spool", "cap multigraph dirtyconfig spool\n"},
                 {"spoolfetch 1699827200", spool + ".\n"}}));
    ASSERT_GT(spool.size(), 32U << 20);
    Polled node(peer.port());
    const auto report = node.poll();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->batch.samples.size(), kSpoolSamplesMax);
    std::map<std::string, store::SampleTime> newest;
    for (const store::Sample& sample : report->batch.samples) newest[sample.key] = sample.time;
    EXPECT_EQ(newest.size(), kServices);
    const auto [first, last] = std::ranges::minmax(std::views::values(newest));
    EXPECT_LE(last - first, Seconds{60}) << "none is behind the others";
    EXPECT_TRUE(report->has_more);
    EXPECT_THAT(report->warnings, IsEmpty());
    const auto again = node.poll();
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_FALSE(again->has_more) << "nothing of the last was stored";
    EXPECT_THAT(warnings_of(*again).at("spool"), HasSubstr("wait for another poll"));
    for (const auto& [key, time] : newest) node.stored[key] = time;
    peer.set(fmt::format("spoolfetch {}", (last - kSpoolOverlap).time_since_epoch() / Seconds{1}),
             spool + ".\n");
    const auto rest = node.poll();
    ASSERT_TRUE(rest) << rest.error().message;
    EXPECT_TRUE(rest->has_more);
    EXPECT_GT(rest->batch.samples.size(), kSpoolSamplesMax / 2);
}

TEST(MuninNodePolls, KeepWhatCameOfASpoolUntilTheDeadline) {
    ScriptedNode peer(
        replies({{"cap multigraph dirtyconfig spool", "cap multigraph dirtyconfig spool\n"},
                 {"spoolfetch 1699827200", "multigraph a\nx.value 1700000000:3\nx.val"}}));
    Polled node(peer.port(), std::chrono::milliseconds{300});
    const auto report = node.poll();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->batch.samples.size(), 1U);
    EXPECT_THAT(warnings_of(*report).at("spool"), HasSubstr("no answer in time"));
}

TEST(MuninNodePolls, TakeBackGraphsOfServicesThatLeft) {
    ScriptedNode peer(replies({{"config b",
                                "multigraph b\nx.label X\nmultigraph b_two.part\n"
                                "x.label X\nmultigraph a.of_b\nx.label X\n.\n"}}));
    Polled node(peer.port());
    ASSERT_EQ(node.poll().value().meta.size(), 4U);
    peer.set("list", "a\n");
    node.now += Seconds{60};
    const auto report = node.poll();
    ASSERT_TRUE(report);
    std::map<std::string, std::string> texts;
    for (const Meta& meta : report->meta) texts[meta.key] = meta.value;
    EXPECT_THAT(texts, ElementsAre(testing::Pair("definition.b", ""),
                                   testing::Pair("definition.b_two", "")));
    node.now += Seconds{60};
    EXPECT_THAT(node.poll().value().meta, IsEmpty());
}

TEST(MuninNodePolls, GoOnWhenASpoolHasATimeFarAhead) {
    const std::string spool = "multigraph a\nx.value 1700000000:3\nx.value 4102444800:4\n.\n";
    ScriptedNode peer(
        replies({{"cap multigraph dirtyconfig spool", "cap multigraph dirtyconfig spool\n"},
                 {"spoolfetch 1699998980", spool},
                 {"spoolfetch 1699999100", "multigraph a\nx.value 1700000060:5\n.\n"}}));
    Polled node(peer.port());
    node.stored = {{"a.x.gauge", store::Time{Seconds{1'699'999'880}}},
                   {"a.y.gauge", store::Time{Seconds{4'102'444'800}}}};
    ASSERT_EQ(node.poll().value().batch.samples.size(), 1U);
    node.now += Seconds{60};
    node.stored["a.x.gauge"] = store::Time{Seconds{1'700'000'000}};
    EXPECT_EQ(node.poll().value().batch.samples.size(), 1U);
}

TEST(MuninNodePolls, EndSoonWhenStopped) {
    ScriptedNode peer(replies({{"", ScriptedNode::kHang}}));
    std::stop_source stop;
    std::jthread stopper([&stop] {
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
        stop.request_stop();
    });
    Polled node(peer.port(), std::chrono::minutes{10});
    const auto report = node.poll(stop.get_token());
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().message, "stopped");
}

}  // namespace
}  // namespace kurabe::collectors::munin
