// Reboots of devices, told from uptimes that wrap.
#include "collectors/snmp/history.hpp"

#include <gtest/gtest.h>

namespace kurabe::collectors::snmp {
namespace {

constexpr std::uint64_t kHistoryRange = std::uint64_t{1} << 32;
constexpr std::chrono::seconds kMinute{60};

bool rebooted(std::uint64_t first, std::uint64_t then, std::chrono::seconds elapsed = kMinute) {
    History history;
    history.begin_poll(History::Time{}, first);
    history.begin_poll(History::Time{elapsed}, then);
    return history.has_rebooted();
}

TEST(History, AnUptimeThatIsLessIsAReboot) {
    EXPECT_FALSE(rebooted(100'000, 106'000));
    EXPECT_TRUE(rebooted(100'000, 500));
    EXPECT_TRUE(rebooted(100'000, 99'999));
    EXPECT_TRUE(rebooted(kHistoryRange - 1'000'000, 3000)) << "too early for a wrap";
}

TEST(History, AnUptimeThatWrapsIsNone) {
    EXPECT_FALSE(rebooted(kHistoryRange - 1000, 5000));
    EXPECT_FALSE(rebooted(kHistoryRange - 1000, 5900)) << "a poll may be late";
    EXPECT_FALSE(rebooted(kHistoryRange - 6000, 360'000, std::chrono::hours{1}));
}

TEST(History, AFirstPollSoonAfterAStartBreaksWithWhatWasBefore) {
    History history;
    history.begin_poll(History::Time{}, 3000);
    EXPECT_TRUE(history.has_rebooted());
    history.begin_poll(History::Time{kMinute}, 9000);
    EXPECT_FALSE(history.has_rebooted());
    History older;
    older.begin_poll(History::Time{}, 100'000);
    EXPECT_FALSE(older.has_rebooted());
}

TEST(History, OfADeviceThatIsPolledSeldomSoonIsLater) {
    History hourly(std::chrono::hours{2});
    hourly.begin_poll(History::Time{}, 100'000);
    EXPECT_TRUE(hourly.has_rebooted());
    History older(std::chrono::hours{2});
    older.begin_poll(History::Time{}, 720'000);
    EXPECT_FALSE(older.has_rebooted());
}

TEST(History, WithoutAnUptimeNothingIsKnown) {
    History history;
    for (int poll = 0; poll < 3; ++poll) {
        history.begin_poll(History::Time{poll * kMinute}, std::nullopt);
        EXPECT_FALSE(history.has_rebooted());
    }
    EXPECT_EQ(history.since_last_poll(), kMinute);
}

TEST(History, ADiscontinuityIsToldOnce) {
    History history;
    EXPECT_FALSE(history.began_anew("traffic-eth0", 0));
    EXPECT_FALSE(history.began_anew("traffic-eth0", 0));
    EXPECT_TRUE(history.began_anew("traffic-eth0", 700));
    EXPECT_FALSE(history.began_anew("traffic-eth0", 700));
    EXPECT_FALSE(history.began_anew("traffic-eth1", 700));
}

}  // namespace
}  // namespace kurabe::collectors::snmp
