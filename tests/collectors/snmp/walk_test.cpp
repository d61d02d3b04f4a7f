// Walks through tables of devices that go forward, and of those that do not.
#include "collectors/snmp/walk.hpp"

#include <gtest/gtest.h>

namespace kurabe::collectors::snmp {
namespace {

const Oid kFirst{1, 3, 6, 1, 9, 1};
const Oid kSecond{1, 3, 6, 1, 9, 2};

Binding number(const Oid& name, std::uint64_t value) {
    return {.name = name, .kind = Kind::kInteger, .number = value};
}

TEST(Walk, AsksForAllColumnsAtOnceAndGoesOnFromTheLastRows) {
    Walk walk({kFirst, kSecond});
    Request request = walk.next(true, 60);
    EXPECT_EQ(request.way, Request::Way::kBulk);
    EXPECT_EQ(request.rows, 30u);
    ASSERT_EQ(request.names.size(), 2u);
    EXPECT_TRUE(are_equal(request.names[0], kFirst));
    const Oid first_1 = below(kFirst, {1}), second_1 = below(kSecond, {1}),
              first_2 = below(kFirst, {2});
    // Cut off in the middle of a row, as an answer that is too long is.
    const std::vector answer{number(first_1, 10), number(second_1, 20), number(first_2, 11)};
    ASSERT_TRUE(walk.take(answer));
    request = walk.next(true, 60);
    EXPECT_TRUE(are_equal(request.names[0], first_2));
    EXPECT_TRUE(are_equal(request.names[1], second_1));
    const std::vector end{number(second_1, 20), Binding{.name = second_1, .kind = Kind::kEnd}};
    ASSERT_TRUE(walk.take(end));
    EXPECT_TRUE(walk.is_done());
    EXPECT_EQ(walk.columns()[0].size(), 2u);
    EXPECT_EQ(walk.columns()[0].at({2}).number, 11u);
    EXPECT_EQ(walk.columns()[1].size(), 1u);
}

TEST(Walk, AColumnEndsWhereAnotherBegins) {
    Walk walk({kFirst});
    (void)walk.next(true, 60);
    const Oid row = below(kFirst, {7, 1});
    const Oid other = below(kSecond, {1});
    ASSERT_TRUE(walk.take(std::vector{number(row, 1), number(other, 2), number(row, 3)}));
    EXPECT_TRUE(walk.is_done());
    EXPECT_EQ(walk.columns()[0].at({7, 1}).number, 1u) << "what comes after the end does not count";
}

TEST(Walk, ADeviceThatDoesNotGoForwardIsAnError) {
    const Oid row = below(kFirst, {5});
    const Oid before = below(kFirst, {4});
    for (const Oid& next : {row, before, Oid{1, 3, 6, 1, 8}}) {
        Walk walk({kFirst});
        (void)walk.next(true, 60);
        ASSERT_TRUE(walk.take(std::vector{number(row, 1)}));
        (void)walk.next(true, 60);
        const auto taken = walk.take(std::vector{number(next, 2)});
        ASSERT_FALSE(taken);
        EXPECT_EQ(taken.error().message.find("the device does not go forward: "), 0u);
    }
}

TEST(Walk, ATableWithoutEndIsAnError) {
    Walk walk({kFirst});
    Result<void> taken;
    std::uint64_t rows = 0;
    while (taken && rows < 2 * kRowsMax) {
        (void)walk.next(true, 60);
        const Oid row = below(kFirst, {++rows});
        taken = walk.take(std::vector{number(row, 1)});
    }
    ASSERT_FALSE(taken);
    EXPECT_EQ(rows, kRowsMax + 1);
    EXPECT_EQ(taken.error().code, ErrorCode::kLimit);
}

TEST(Walk, NothingIsAnError) {
    Walk walk({kFirst});
    (void)walk.next(false, 1);
    EXPECT_FALSE(walk.take({}));
}

}  // namespace
}  // namespace kurabe::collectors::snmp
