// Object identifiers.
#include "collectors/snmp/oid.hpp"

#include <string>

#include <gtest/gtest.h>

namespace kurabe::collectors::snmp {
namespace {

TEST(Oid, IsReadAndShown) {
    EXPECT_EQ(oid_text(parse_oid("1.3.6.1.2.1.1.3.0").value()), "1.3.6.1.2.1.1.3.0");
    EXPECT_EQ(oid_text(parse_oid(".1.3.6.4294967295").value()), "1.3.6.4294967295");
}

TEST(Oid, WhatIsNoneIsRefused) {
    std::string long_one = "1.3";
    for (std::size_t i = 2; i <= kOidNumbersMax; ++i) long_one += ".1";
    for (const std::string& text :
         {std::string(), std::string("."), std::string("1"), std::string("1."), std::string("1..3"),
          std::string("3.1"), std::string("1.40"), std::string("1.3.4294967296"),
          std::string("1.3.-1"), std::string("1.3.x"), std::string("sysUpTime.0"), long_one}) {
        const auto oid = parse_oid(text);
        ASSERT_FALSE(oid) << text;
        EXPECT_NE(oid.error().message.find("is no OID"), std::string::npos);
    }
}

TEST(Oid, AreOrderedAsDevicesOrderThem) {
    const Oid table{1, 3, 6}, row{1, 3, 6, 1}, next{1, 3, 7};
    EXPECT_TRUE(is_before(table, row));
    EXPECT_TRUE(is_before(row, next));
    EXPECT_FALSE(is_before(row, row));
    EXPECT_TRUE(is_below(row, table));
    EXPECT_FALSE(is_below(table, table));
    EXPECT_FALSE(is_below(next, table));
}

TEST(Oid, TakesBytesByItsNumbers) {
    EXPECT_EQ(encoded_bytes(Oid{1, 3, 6, 1}), 2u + 3u);
    EXPECT_EQ(encoded_bytes(Oid{1, 3, 127, 128, 16384}), 2u + 1u + 1u + 2u + 3u);
}

}  // namespace
}  // namespace kurabe::collectors::snmp
