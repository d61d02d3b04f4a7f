// A connection to a daemon that lies, hangs or goes away, and to the installed one.
#include "cli/rrdcached/daemon.hpp"

#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/rrdcached/daemons.hpp"
#include "tests/support/fake_daemon.hpp"
#include "tests/support/rrdcached_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::cli::rrdcached {
namespace {

using std::chrono::milliseconds;
using testing::ContainsRegex;
using testing::HasSubstr;
using tests::FakeDaemon;
using Then = FakeDaemon::Then;

Result<std::vector<SocketAddress>> look_up_nothing(const NetworkAddress& address) {
    return fail(ErrorCode::kNotFound, "no " + address.host);
}

class RrdcachedDaemon : public testing::Test {
  protected:
    [[nodiscard]] Result<Daemon> connect(const Patience& patience = {}) const {
        return Daemon::connect({.address = socket_.string()}, look_up_nothing, patience);
    }
    // The error of `last` after that reply.
    [[nodiscard]] std::string error_after(std::string reply, Then then) {
        std::filesystem::remove(socket_);
        const FakeDaemon fake(socket_, {std::move(reply)}, then);
        auto daemon = connect();
        if (!daemon) return daemon.error().message;
        const auto last = daemon->last("/a.rrd");
        EXPECT_FALSE(last);
        return last ? "none" : last.error().message;
    }

    tests::TemporaryDirectory directory_;
    std::filesystem::path socket_ = directory_.path() / "s";
};

TEST_F(RrdcachedDaemon, NonsenseIsOneLineOfError) {
    for (const char* const reply :
         {"\n", "hello\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "0 x\n", "0\n", "1 5\nx\n",
          "99999999999999999999 x\n", "-1 no\x07 such file\n", "0 12x\n"}) {
        const std::string error = error_after(reply, Then::kClose);
        EXPECT_THAT(error, ContainsRegex("^rrdcached@[^:]*: ")) << reply;
        EXPECT_EQ(error.find_first_of("\n\x07"), std::string::npos) << reply;
    }
}

TEST_F(RrdcachedDaemon, AnEarlyEndIsAnError) {
    EXPECT_THAT(error_after("", Then::kClose), HasSubstr("closed the connection"));
    EXPECT_THAT(error_after("0 12", Then::kClose), HasSubstr("within a reply"));
    std::filesystem::remove(socket_);
    const FakeDaemon fake(socket_, {"3 lines\nstep 1 10\n"}, Then::kClose);
    auto daemon = connect();
    ASSERT_TRUE(daemon);
    EXPECT_THAT(daemon->info("/a.rrd").error().message, HasSubstr("within a reply"));
    EXPECT_FALSE(daemon->is_usable());
}

TEST_F(RrdcachedDaemon, AnEndlessLineIsCut) {
    EXPECT_THAT(error_after("", Then::kFlood), HasSubstr("too long"));
    EXPECT_THAT(error_after("0 ", Then::kFlood), HasSubstr("too long"));
}

// A reply that comes after all must not be taken for another one's.
TEST_F(RrdcachedDaemon, SilenceEndsAtADeadline) {
    const FakeDaemon fake(socket_, {""}, Then::kHang);
    auto daemon = connect({.reply = milliseconds{20}});
    ASSERT_TRUE(daemon);
    EXPECT_THAT(daemon->flush("/a.rrd").error().message, HasSubstr("timed out"));
    EXPECT_FALSE(daemon->is_usable());
}

TEST_F(RrdcachedDaemon, ADaemonThatIsNotThereIsAnError) {
    EXPECT_EQ(connect().error().message,
              "Unable to connect to rrdcached: No such file or directory");
    EXPECT_EQ(Daemon::connect({.address = "nowhere:1"}, look_up_nothing).error().message,
              "Unable to connect to rrdcached: no nowhere");
}

TEST_F(RrdcachedDaemon, IsKeptWhileItIsTheSameAndUsable) {
    Daemons daemons;
    const auto at = [&] { return daemons.at({.address = socket_.string()}, look_up_nothing); };
    {
        const FakeDaemon fake(socket_, {"0 5\n", "0 6\n"}, Then::kClose);
        for (const std::int64_t time : {5, 6}) {
            const auto daemon = at();
            ASSERT_TRUE(daemon);
            EXPECT_EQ((*daemon)->last("/a.rrd").value(), time);
        }
    }
    std::filesystem::remove(socket_);
    const FakeDaemon fake(socket_, {"0 7\n"}, Then::kClose);
    const auto again = at();
    ASSERT_TRUE(again);
    EXPECT_EQ((*again)->last("/a.rrd").value(), 7);
}

TEST_F(RrdcachedDaemon, CreatesAndForgetsAtTheInstalledOne) {
    if (!tests::RrdcachedProcess::is_installed()) GTEST_SKIP() << "rrdcached is not installed";
    const tests::RrdcachedProcess process(socket_, directory_.path());
    auto daemon = connect();
    ASSERT_TRUE(daemon);
    const std::string file = (directory_.path() / "a.rrd").string();
    const std::vector<std::string> words = {
        "-b", "1000000000", "-s", "10", "-O", "DS:a:GAUGE:100:U:U", "RRA:AVERAGE:0.5:1:20"};
    ASSERT_TRUE(daemon->create(file, words));
    EXPECT_EQ(daemon->last(file).value(), 1'000'000'000);
    EXPECT_THAT(daemon->create(file, words).error().message, HasSubstr("File exists"));
    const std::vector<std::string> readings = {"1000000010:1"};
    ASSERT_TRUE(daemon->update(file, readings));
    EXPECT_EQ(daemon->last(file).value(), 1'000'000'010);
    EXPECT_TRUE(daemon->forget(file));
    EXPECT_EQ(daemon->last(file).value(), 1'000'000'000);
}

}  // namespace
}  // namespace kurabe::cli::rrdcached
