// How much is sent at a time: less after failures, more after successes.
#include "cli/body_size.hpp"

#include <gtest/gtest.h>

namespace kurabe::cli {
namespace {

using std::chrono::seconds;

TEST(BodySize, HalvesToOneBatchAndGrowsAgain) {
    BodySize size;
    EXPECT_EQ(size.bytes(), BodySize::kMax);
    size.has_failed(BodySize::kMax);
    EXPECT_EQ(size.bytes(), BodySize::kMax / 2);
    size.has_failed(100'000);  // there was no more
    EXPECT_EQ(size.bytes(), 50'000U);
    for (int i = 0; i < 40; ++i) size.has_failed(size.bytes());
    EXPECT_EQ(size.bytes(), 1U);
    int successes = 0;
    for (; size.bytes() < BodySize::kMax && successes < 100; ++successes) size.has_succeeded();
    EXPECT_LE(successes, 10);
    size.has_succeeded();
    EXPECT_EQ(size.bytes(), BodySize::kMax);
}

TEST(BodySize, DoesNotGrowOverWhatWasTooMuch) {
    BodySize size;
    size.was_too_much(600'000);
    EXPECT_EQ(size.bytes(), 300'000U);
    size.has_failed(300'000);
    for (int i = 0; i < 40; ++i) size.has_succeeded();
    EXPECT_EQ(size.bytes(), 300'000U);
}

TEST(BodySize, MoreHasMoreTime) {
    EXPECT_EQ(BodySize::deadline(100), seconds{15});
    EXPECT_EQ(BodySize::deadline(1 << 20), seconds{15 + 128});
}

}  // namespace
}  // namespace kurabe::cli
