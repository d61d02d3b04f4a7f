// What is rare in the log and what is counted while it is under way.
#include <thread>

#include <gtest/gtest.h>

#include "server/now_and_then.hpp"
#include "server/underway.hpp"

namespace kurabe::server {
namespace {

store::Time at(int seconds) {
    return store::Time(store::Seconds(seconds));
}

TEST(NowAndThen, LetsEachSubjectThroughOncePerInterval) {
    NowAndThen rare(store::Seconds(300));
    EXPECT_TRUE(rare.is_due("a", at(1000)));
    EXPECT_FALSE(rare.is_due("a", at(1299)));
    EXPECT_TRUE(rare.is_due("b", at(1299)));
    EXPECT_TRUE(rare.is_due("a", at(1300)));
    EXPECT_FALSE(rare.is_due("a", at(1301)));
    EXPECT_TRUE(rare.is_due("a", at(5)));  // the clock was set back
}

TEST(NowAndThen, ForgetsWhenThereAreTooMany) {
    NowAndThen rare(store::Seconds(300));
    for (int i = 0; i < 50'000; ++i) EXPECT_TRUE(rare.is_due(std::to_string(i), at(1)));
}

TEST(Underway, HasRoomForSoManyRequestsAndBytes) {
    Underway underway({.requests = 2, .bytes = 100});
    auto first = underway.begin(60);
    EXPECT_NE(first, nullptr);
    EXPECT_EQ(underway.begin(41), nullptr);
    auto second = underway.begin(40);
    EXPECT_NE(second, nullptr);
    EXPECT_EQ(underway.begin(0), nullptr);
    second.reset();
    EXPECT_NE(underway.begin(40), nullptr);
    EXPECT_EQ(underway.begin(101), nullptr);
}

TEST(Underway, MayEndAfterItIsGone) {
    auto underway = std::make_unique<Underway>(Underway::Amount{.requests = 1, .bytes = 1});
    const auto request = underway->begin(1);
    underway.reset();
    EXPECT_NE(request, nullptr);
}

}  // namespace
}  // namespace kurabe::server
