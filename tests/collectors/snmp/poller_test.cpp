// Devices watched by SNMP: the installed net-snmp agent, and hundreds of devices that a test
// answers for, good and bad.
#include "collectors/snmp/poller.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/local.hpp"
#include "tests/collectors/snmp/conversation.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/snmp_answerer.hpp"
#include "tests/support/snmp_daemon.hpp"

namespace kurabe::collectors::snmp {
namespace {

using namespace test;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using tests::SnmpAnswerer;
using tests::SnmpDaemon;
using tests::SnmpDevice;
using Clock = std::chrono::steady_clock;
using Manner = SnmpDevice::Manner;

constexpr std::chrono::seconds kPatience{60};  // never waited for when all is well

// A poller and what its polls came to.
class Watch {
  public:
    explicit Watch(Settings settings) {
        auto created = Poller::create(
            std::move(settings), [] { return kNow; },
            [this](const Target& target, const Result<Report>& outcome) {
                outcomes_.insert_or_assign(target.host,
                                           outcome ? std::string("good") : outcome.error().message);
                if (outcome) reports_.insert_or_assign(target.host, *outcome);
            },
            7);
        if (!created) throw std::runtime_error(created.error().message);
        poller_ = *std::move(created);
    }

    void add(const std::string& host, int port, Wanted wanted = Wanted::everything()) {
        const auto added = poller_->add(
            {.host = host, .port = static_cast<std::uint16_t>(port), .wanted = wanted});
        if (!added) throw std::runtime_error(added.error().message);
    }
    // Polls every device once; what each came to, "good" or its error.
    std::map<std::string, std::string> round() {
        outcomes_.clear();
        poller_->begin();
        const auto deadline = Clock::now() + kPatience;
        while (poller_->busy() > 0 && Clock::now() < deadline) {
            poller_->work(std::chrono::milliseconds{1000});
        }
        EXPECT_EQ(poller_->busy(), 0u);
        return outcomes_;
    }
    [[nodiscard]] const Report& report(const std::string& host) const { return reports_.at(host); }
    [[nodiscard]] Poller& poller() { return *poller_; }

  private:
    std::map<std::string, std::string> outcomes_;
    std::map<std::string, Report> reports_;
    std::unique_ptr<Poller> poller_;
};

Settings settings_for_all(Patience patience = {}) {
    return {.credentials = {{.name = "all", .hosts = {"*"}, .access = Community{"public"}}},
            .patience = patience};
}

Credential user(const std::string& host, User user) {
    user.auth_passphrase = SnmpDaemon::kAuthPassphrase;
    user.priv_passphrase = SnmpDaemon::kPrivPassphrase;
    return {.name = host, .hosts = {host}, .access = std::move(user)};
}

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator entries("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

class SnmpPollerWithDaemon : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!SnmpDaemon::is_installed()) GTEST_SKIP() << "snmpd is not installed";
    }
};

// Every kind of access shows the same machine as the local collection does, but for times of the
// processor, which the agent counts from its fifth second on.
TEST_F(SnmpPollerWithDaemon, BringsHomeWhatTheLocalCollectionFinds) {
    const SnmpDaemon daemon;
    Watch watch(
        {.credentials = {
             {.name = "plain", .hosts = {"127.0.0.1"}, .access = Community{SnmpDaemon::kCommunity}},
             user("127.0.0.2", {.name = "aes"}),
             user("127.0.0.3",
                  {.name = "strong", .auth = AuthProtocol::kSha512, .priv = PrivProtocol::kAes256}),
             user("127.0.0.4", {.name = "open", .level = Level::kAuth})}});
    for (int i = 1; i <= 4; ++i) watch.add(fmt::format("127.0.0.{}", i), daemon.port());
    for (int round = 0; round < 2; ++round) {
        for (const auto& [host, outcome] : watch.round()) EXPECT_EQ(outcome, "good") << host;
    }
    const std::set<std::string> first = keys_of(watch.report("127.0.0.1"));
    std::set<std::string> local;
    for (const std::string& key : keys_of(collect_local("/", "127.0.0.1", kNow))) {
        // Mounts are known by their place, and the agent caches disks and the processor's time.
        const bool is_same = key.starts_with("memory-") || key.starts_with("loadavg-") ||
                             key.starts_with("traffic-") || key.starts_with("tcp-") ||
                             key.starts_with("processors");
        if (is_same) local.insert(key);
    }
    EXPECT_THAT(first, ::testing::IsSupersetOf(local));
    for (int i = 2; i <= 4; ++i) {
        EXPECT_EQ(keys_of(watch.report(fmt::format("127.0.0.{}", i))), first) << i;
    }
}

TEST_F(SnmpPollerWithDaemon, EachPartAndAPluginCanBeAskedForAlone) {
    const SnmpDaemon daemon;
    Watch watch(
        {.credentials = {
             {.name = "plain", .hosts = {"*"}, .access = Community{SnmpDaemon::kCommunity}}}});
    const OidPlugin own{
        .name = "own",
        .metrics = {{.key = "packets", .is_counter = true, .oid = {1, 3, 6, 1, 2, 1, 11, 1, 0}}},
        .meta = {{.key = "name", .oid = {1, 3, 6, 1, 2, 1, 1, 5, 0}}},
        .tables = {
            {.list = "links",
             .name = {1, 3, 6, 1, 2, 1, 2, 2, 1, 2},
             .columns = {{.key = "mtu-", .key_end = "", .oid = {1, 3, 6, 1, 2, 1, 2, 2, 1, 4}}}}}};
    watch.add("127.0.0.1", daemon.port(), {.interfaces = true});
    watch.add("127.0.0.2", daemon.port(), {.host_resources = true});
    watch.add("127.0.0.3", daemon.port(), {.ucd = true});
    watch.add("127.0.0.4", daemon.port(), {.plugins = {std::make_shared<const OidPlugin>(own)}});
    const auto outcomes = watch.round();
    for (const auto& host : {"127.0.0.2", "127.0.0.3", "127.0.0.4"}) {
        EXPECT_EQ(outcomes.at(host), "good") << host;
    }
    // A machine may have no interface but its loopback.
    if (outcomes.at("127.0.0.1") == "good") {
        EXPECT_EQ(value_of(watch.report("127.0.0.1"), "loadavg-1.gauge"), std::nullopt);
    }
    EXPECT_NE(value_of(watch.report("127.0.0.2"), "processors.gauge"), std::nullopt);
    EXPECT_NE(value_of(watch.report("127.0.0.2"), "memory-total.gauge"), std::nullopt);
    EXPECT_NE(value_of(watch.report("127.0.0.3"), "loadavg-1.gauge"), std::nullopt);
    const Report& report = watch.report("127.0.0.4");
    EXPECT_NE(value_of(report, "packets.derive"), std::nullopt);
    EXPECT_NE(value_of(report, "mtu-lo.gauge"), std::nullopt);
    EXPECT_NE(meta_of(report, "name"), "none");
    for (const auto& sample : report.batch.samples) EXPECT_EQ(sample.plugin, "own");
}

TEST_F(SnmpPollerWithDaemon, WrongSecretsFailAndHarmNoOther) {
    const SnmpDaemon daemon;
    User wrong_auth{.name = "other", .auth_passphrase = "canary-wrong-3c"};
    wrong_auth.priv_passphrase = SnmpDaemon::kPrivPassphrase;
    User wrong_twin = wrong_auth;
    wrong_twin.name = "aes";
    Watch watch(
        {.credentials = {user("127.0.0.2", {.name = "aes"}),
                         {.name = "t", .hosts = {"127.0.0.9"}, .access = wrong_twin},
                         {.name = "c", .hosts = {"127.0.0.5"}, .access = Community{"wrong"}},
                         {.name = "a", .hosts = {"127.0.0.6"}, .access = wrong_auth},
                         user("127.0.0.7", {.name = "open"}),
                         user("127.0.0.8", {.name = "nobody"})},
         .patience = {.timeout = std::chrono::milliseconds{300}}});
    for (const int i : {2, 5, 6, 7, 8}) watch.add(fmt::format("127.0.0.{}", i), daemon.port());
    const auto outcomes = watch.round();
    EXPECT_EQ(outcomes.at("127.0.0.2"), "good");
    EXPECT_EQ(
        outcomes.at("127.0.0.5"),
        "no answer to 3 requests of 0.3 s each (a wrong community is answered with silence, too)");
    EXPECT_EQ(outcomes.at("127.0.0.6"), "the device refuses the auth passphrase or its protocol");
    EXPECT_EQ(outcomes.at("127.0.0.7"), "the device does not offer the user this level");
    EXPECT_EQ(outcomes.at("127.0.0.8"), "the device does not know the user");
    // The library knows the user of this engine already, and would lend it the right keys.
    watch.add("127.0.0.9", daemon.port());
    EXPECT_THAT(watch.round().at("127.0.0.9"),
                StartsWith("the device has the engine ID of another"));
}

// By version 3 each message has how often the device was started and how long ago, and messages
// from its past are refused.
TEST_F(SnmpPollerWithDaemon, AnAgentThatIsStartedAgainIsHeardAgain) {
    SnmpDaemon daemon;
    const std::string engine = "0x80001f8880aabbccddeeff0011";
    daemon.stop();
    daemon.start_again(engine, 5);
    Watch watch({.credentials = {{.name = "plain",
                                  .hosts = {"127.0.0.1"},
                                  .access = Community{SnmpDaemon::kCommunity}},
                                 user("127.0.0.2", {.name = "aes"})},
                 .patience = {.timeout = std::chrono::milliseconds{500}}});
    watch.add("127.0.0.1", daemon.port());
    watch.add("127.0.0.2", daemon.port());
    const auto expect_good = [&watch](const char* when) {
        for (const auto& [host, outcome] : watch.round())
            EXPECT_EQ(outcome, "good") << when << host;
    };
    expect_good("at first: ");
    daemon.stop();
    daemon.start_again(engine, 9);
    expect_good("started again: ");
    daemon.stop();
    daemon.start_again(engine, 2);
    expect_good("it has forgotten how often it was started: ");
    daemon.stop();
    daemon.start_again("0x80001f8880112233445566778899", 1);
    expect_good("another device: ");
}

TEST_F(SnmpPollerWithDaemon, AnAgentThatHangsFailsInTime) {
    const SnmpDaemon daemon;
    Watch watch({.credentials = {{.name = "plain",
                                  .hosts = {"*"},
                                  .access = Community{SnmpDaemon::kCommunity}}},
                 .patience = {.timeout = std::chrono::milliseconds{100}}});
    watch.add("127.0.0.1", daemon.port());
    EXPECT_EQ(watch.round().at("127.0.0.1"), "good");
    daemon.signal(SIGSTOP);
    EXPECT_EQ(
        watch.round().at("127.0.0.1"),
        "no answer to 3 requests of 0.1 s each (a wrong community is answered with silence, too)");
    daemon.signal(SIGCONT);
    EXPECT_THAT(watch.round().at("127.0.0.1"), StartsWith("left alone for "));
}

TEST(SnmpPoller, WatchesHundredsOfDevicesAtOnceAndLeavesNothingOpen) {
    SnmpAnswerer answerer;
    const std::size_t before = open_descriptors();
    {
        Settings settings = settings_for_all({.timeout = std::chrono::seconds{10}});
        settings.deadline = std::chrono::seconds{60};
        Watch watch(settings);
        for (int i = 0; i < 500; ++i) {
            const std::string host = fmt::format("127.1.{}.{}", i / 250, i % 250 + 1);
            answerer.add(host, {.objects = tests::switch_objects(
                                    48, static_cast<std::uint64_t>(i) * 1'000'000)});
            watch.add(host, answerer.port());
        }
        for (int round = 0; round < 3; ++round) {
            const auto outcomes = watch.round();
            EXPECT_EQ(outcomes.size(), 500u);
            for (const auto& [host, outcome] : outcomes) EXPECT_EQ(outcome, "good") << host;
        }
        // Each has its own numbers.
        EXPECT_EQ(value_of(watch.report("127.1.1.250"), "traffic-Gi1_0_7-rxbytes.derive"),
                  "499000007");
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST(SnmpPoller, BadDevicesFailInTimeAndHarmNoOther) {
    SnmpAnswerer answerer;
    Settings settings = settings_for_all({.timeout = std::chrono::milliseconds{200}});
    settings.deadline = std::chrono::seconds{30};  // that thousands of rows come in, too
    Watch watch(settings);
    const std::map<Manner, std::string> reasons = {
        {Manner::kSilent,
         "no answer to 3 requests of 0.2 s each (a wrong community is answered with silence, too)"},
        {Manner::kOtherId,
         "no answer to 3 requests of 0.2 s each (a wrong community is answered with silence, too)"},
        {Manner::kGarbage,
         "no answer to 3 requests of 0.2 s each (a wrong community is answered with silence, too)"},
        {Manner::kCut,
         "no answer to 3 requests of 0.2 s each (a wrong community is answered with silence, too)"},
        {Manner::kOtherNames, "the device answers with "},
        {Manner::kShort, "the device answers "},
        {Manner::kStuck, "the device does not go forward: "},
        {Manner::kBackwards, "the device does not go forward: "},
        {Manner::kEndless, "more than 10000 rows below "},
        {Manner::kErrors, "the device answers with error-status "},
        {Manner::kTexts, "good"},
        {Manner::kNoBulk, "good"},
        {Manner::kRefusesBulk, "good"},
        {Manner::kVersion1, "good"}};
    std::map<std::string, std::string> expected;
    const auto add = [&](SnmpDevice device, const std::string& reason) {
        const std::string host = fmt::format("127.2.0.{}", expected.size() + 1);
        device.objects = tests::switch_objects(8, 1000);
        answerer.add(host, std::move(device));
        watch.add(host, answerer.port());
        expected.emplace(host, reason);
    };
    for (const auto& [manner, reason] : reasons) {
        add({}, "good");
        add({.manner = manner}, reason);
    }
    add({.loses_every = 3}, "good");
    add({.delay = std::chrono::milliseconds{50}}, "good");
    add({.delay = std::chrono::milliseconds{900}},
        "no answer to 3 requests of 0.2 s each (a wrong community is answered with silence, too)");
    watch.add("127.2.9.9", answerer.port());  // nobody is there
    expected.emplace(
        "127.2.9.9",
        "no answer to 3 requests of 0.2 s each (a wrong community is answered with silence, too)");
    watch.add("no-such-host.invalid", 161);
    const auto begin = Clock::now();
    const auto outcomes = watch.round();
    EXPECT_LT(Clock::now() - begin, 2 * settings.deadline);
    for (const auto& [host, reason] : expected) EXPECT_THAT(outcomes.at(host), StartsWith(reason));
    EXPECT_THAT(outcomes.at("no-such-host.invalid"),
                AnyOf(StartsWith("cannot look up no-such-host.invalid: "),
                      StartsWith("the name was not found within 30 s")));
}

TEST(SnmpPoller, ADeviceThatIsSlowWithEveryAnswerFailsAtTheDeadline) {
    SnmpAnswerer answerer;
    Settings settings = settings_for_all({.timeout = std::chrono::seconds{5}});
    settings.deadline = std::chrono::milliseconds{1000};
    Watch watch(settings);
    answerer.add("127.3.0.1", {.objects = tests::switch_objects(48, 1),
                               .delay = std::chrono::milliseconds{400}});
    answerer.add("127.3.0.2", {.objects = tests::switch_objects(48, 1)});
    watch.add("127.3.0.1", answerer.port());
    watch.add("127.3.0.2", answerer.port());
    const auto outcomes = watch.round();
    EXPECT_EQ(outcomes.at("127.3.0.1"), "not all answers came within 1 s");
    EXPECT_EQ(outcomes.at("127.3.0.2"), "good");
}

TEST(SnmpPoller, ADeviceThatFailsIsLeftAloneForAWhile) {
    SnmpAnswerer answerer;
    answerer.add("127.3.0.1", {.objects = {}, .manner = Manner::kErrors});
    Watch watch(settings_for_all());
    watch.add("127.3.0.1", answerer.port());
    EXPECT_THAT(watch.round().at("127.3.0.1"), StartsWith("the device answers with error-status"));
    const std::size_t questions = answerer.questions("127.3.0.1");
    for (int round = 0; round < 3; ++round) {
        EXPECT_THAT(
            watch.round().at("127.3.0.1"),
            AllOf(StartsWith("left alone for "), HasSubstr(" after 1 failure, the last: ")));
    }
    EXPECT_EQ(answerer.questions("127.3.0.1"), questions);
}

// Answers that come after their poll has ended are not those of the next.
TEST(SnmpPoller, LateAnswersAreThrownAway) {
    SnmpAnswerer answerer;
    answerer.add("127.3.0.1", {.objects = tests::switch_objects(2, 1)});
    Watch watch(settings_for_all({.timeout = std::chrono::milliseconds{40}, .retries = 5}));
    watch.add("127.3.0.1", answerer.port());
    ASSERT_EQ(watch.round().at("127.3.0.1"), "good");
    answerer.change("127.3.0.1",
                    [](SnmpDevice& device) { device.delay = std::chrono::milliseconds{60}; });
    for (int round = 0; round < 5; ++round) EXPECT_EQ(watch.round().at("127.3.0.1"), "good");
}

TEST(SnmpPoller, MoreDevicesThanMayBeAskedAtOnceTakeTurns) {
    SnmpAnswerer answerer;
    Watch watch(settings_for_all({.timeout = std::chrono::milliseconds{200}, .retries = 0}));
    const std::size_t devices = kUnderWayMax + 100;
    for (std::size_t i = 0; i < devices; ++i) {
        watch.add(fmt::format("127.4.{}.{}", i / 250, i % 250 + 1), answerer.port());
    }
    const auto outcomes = watch.round();
    EXPECT_EQ(outcomes.size(), devices);
    for (const auto& [host, outcome] : outcomes) {
        EXPECT_EQ(outcome,
                  "no answer to 1 request of 0.2 s each (a wrong community is answered with "
                  "silence, too)")
            << host;
    }
}

TEST(SnmpPoller, AHostWithoutCredentialIsRefused) {
    auto poller = Poller::create(
        {.credentials = {{.name = "a", .hosts = {"10.*"}, .access = Community{"public"}}}},
        [] { return kNow; }, [](const Target&, const Result<Report>&) {}, 1);
    ASSERT_TRUE(poller);
    EXPECT_TRUE((*poller)->add({.host = "10.0.0.1"}));
    EXPECT_TRUE((*poller)->add({.host = "sw1", .name = "10.x"}));
    const auto added = (*poller)->add({.host = "11.0.0.1"});
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().message, "no SNMP credential fits '11.0.0.1'; 'hosts' of one has to");
}

}  // namespace
}  // namespace kurabe::collectors::snmp
