// Spools that the installed munin-asyncd writes from the installed munin-node, handed out by the
// installed munin-async over the installed sshd.
#include <chrono>
#include <iterator>
#include <map>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "collectors/munin/node.hpp"
#include "collectors/munin/ssh_way.hpp"
#include "tests/collectors/munin/ssh_access.hpp"
#include "tests/support/munin_async.hpp"
#include "tests/support/munin_node.hpp"
#include "tests/support/ssh_server.hpp"

namespace kurabe::collectors::munin {
namespace {

using store::Seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using tests::MuninAsync;

constexpr MuninAsync::Time kBegin{Seconds{1'700'000'000}};

// What a store would have, by key and time.
using Stored = std::map<std::string, std::map<store::SampleTime, double>, std::less<>>;

class SpooledNode : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!tests::MuninNode::can_run()) GTEST_SKIP() << "munin-node must be there, and root";
        if (!MuninAsync::is_installed()) GTEST_SKIP() << "munin-async is not installed";
        if (!tests::SshServer::is_installed()) GTEST_SKIP() << "openssh-server is not installed";
        real_ = std::make_unique<tests::MuninNode>();
    }

    // A plugin whose value is how often it was asked for one.
    void add_counting(const std::string& name, const std::string& config) {
        real_->add_plugin(name, "[ \"$1\" = config ] && { echo graph_title " + name + "; " +
                                    config + " exit; }\nfile=" + counts_.path().string() + '/' +
                                    name +
                                    "\nn=$(($(cat $file 2>/dev/null) + 1))\necho $n >$file\n"
                                    "echo n.value $n\n");
    }

    void start() {
        real_->start();
        async_ = std::make_unique<MuninAsync>(real_->port(), kBegin);
        server_ = std::make_unique<tests::SshServer>(tests::SshServerOptions{
            .key_options = "command=\"" + async_->command() + "\",restrict"});
        node_ = std::make_unique<Node>(
            NodeSettings{.host = "h",
                         .plugin = "munin",
                         .service = {},
                         .stored = [this] { return last_times(); }},
            std::make_unique<SshWay>(test::target_of(*server_), "something else",
                                     test::access_to(*server_)),
            [this] { return now_; }, 1);
    }

    // The spool goes on to `time`, without polls.
    void spool_until(store::Time time) {
        async_->run_until(time);
        now_ = time;
    }

    Report poll() {
        auto report = node_->poll({});
        EXPECT_TRUE(report) << report.error().message;
        if (!report) return {};
        for (const store::Sample& sample : report->batch.samples) {
            auto& of_series = stored_[sample.key];
            EXPECT_TRUE(of_series.empty() || of_series.rbegin()->first < sample.time)
                << sample.key << " was told again, or out of its order";
            const bool is_whole = sample.value.kind == store::RawValue::Kind::kInteger;
            of_series[sample.time] =
                is_whole ? static_cast<double>(sample.value.integer) : sample.value.number;
        }
        return *std::move(report);
    }

    std::map<std::string, store::SampleTime, std::less<>> last_times() {
        std::map<std::string, store::SampleTime, std::less<>> times;
        for (const auto& [key, values] : stored_) times[key] = values.rbegin()->first;
        return times;
    }

    // Every value of the spool's files is stored under its time.
    void expect_all_of(const std::string& service, const std::string& key, std::size_t at_least) {
        const auto spooled = async_->values(service, "n");
        EXPECT_GE(spooled.size(), at_least);
        for (const auto& [time, value] : spooled) {
            const auto& stored = stored_[key];
            const auto found = stored.find(time);
            ASSERT_NE(found, stored.end()) << key << " at " << time.time_since_epoch().count();
            EXPECT_EQ(found->second, std::stod(value));
        }
    }

    // No two values are further apart than a step of the store.
    void expect_no_gap(const std::string& key) {
        const auto& values = stored_[key];
        for (auto next = values.begin(); next != values.end(); ++next) {
            if (next == values.begin()) continue;
            EXPECT_LE(next->first - std::prev(next)->first, kFilledStep) << key;
        }
    }

    store::Time now_ = kBegin;
    Stored stored_;
    tests::TemporaryDirectory counts_;
    std::unique_ptr<tests::MuninNode> real_;
    std::unique_ptr<MuninAsync> async_;
    std::unique_ptr<tests::SshServer> server_;
    std::unique_ptr<Node> node_;
};

TEST_F(SpooledNode, IsReadWithAllThatCameWhileNobodyAsked) {
    add_counting("gauge", "echo n.label N;");
    add_counting("derive", "echo n.type DERIVE;");
    real_->add_plugin("multi",
                      "for part in multi multi.one; do echo multigraph $part; "
                      "if [ \"$1\" = config ]; then echo graph_title $part; else "
                      "echo a.value 7; fi; done\n");
    real_->add_plugin("bad", "exit 3\n");
    start();
    spool_until(kBegin + Seconds{3600});
    const Report first = poll();
    expect_all_of("gauge", "gauge.n.gauge", 12);
    expect_all_of("derive", "derive.n.derive", 12);
    std::vector<std::string> graphs;
    for (const Meta& meta : first.meta) graphs.push_back(meta.key);
    EXPECT_THAT(graphs, testing::UnorderedElementsAre("definition.gauge", "definition.derive",
                                                      "definition.multi"));
    EXPECT_EQ(stored_["multi.one.a.gauge"].size(), stored_["multi.a.gauge"].size());
    // Then an hour of an outage of ours.
    spool_until(kBegin + Seconds{2 * 3600});
    const Report second = poll();
    EXPECT_GT(second.batch.samples.size(), 3U * 60);
    expect_all_of("gauge", "gauge.n.gauge", 24);
    expect_all_of("derive", "derive.n.derive", 24);
    for (const char* key : {"gauge.n.gauge", "derive.n.derive", "multi.a.gauge"})
        expect_no_gap(key);
    // And nothing that is new.
    EXPECT_THAT(poll().batch.samples, IsEmpty());
    spool_until(kBegin + Seconds{2 * 3600 + 300});
    EXPECT_EQ(poll().batch.samples.size(), 4U * 5);
}

TEST(NodeBehindNetcat, IsAskedAsOverTcp) {
    if (!tests::MuninNode::can_run()) GTEST_SKIP() << "munin-node must be there, and root";
    if (!tests::SshServer::is_installed()) GTEST_SKIP() << "openssh-server is not installed";
    if (::access("/bin/busybox", X_OK) != 0) GTEST_SKIP() << "busybox is not installed";
    tests::MuninNode real;
    real.add_plugin("a", "[ \"$1\" = config ] && { echo n.label N; exit; }\necho n.value 7\n");
    real.start();
    const tests::SshServer server;
    Node node(
        {.host = "h", .plugin = "munin", .service = {}},
        std::make_unique<SshWay>(test::target_of(server),
                                 "/bin/busybox nc 127.0.0.1 " + std::to_string(real.port()),
                                 test::access_to(server)),
        [] { return kBegin; }, 1);
    for (int i = 0; i < 2; ++i) {
        const auto report = node.poll({});
        ASSERT_TRUE(report) << report.error().message;
        ASSERT_EQ(report->batch.samples.size(), 1U - static_cast<unsigned>(i));
    }
}

}  // namespace
}  // namespace kurabe::collectors::munin
