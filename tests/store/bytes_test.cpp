// Cursors over bytes and the checksum.
#include "store/bytes.hpp"

#include <array>

#include <gtest/gtest.h>

#include "store/checksum.hpp"

namespace kurabe::store {
namespace {

TEST(Bytes, AreLittleEndianAndReadBack) {
    std::array<std::byte, 40> buffer{};
    ByteWriter writer(buffer);
    writer.put_u8(1);
    writer.put_u32(0x01020304);
    writer.put_i64(-2);
    writer.put_f64(0.5);
    writer.put_text("abc");
    EXPECT_TRUE(writer.ok());
    EXPECT_EQ(buffer[1], std::byte{4});
    EXPECT_EQ(buffer[4], std::byte{1});

    ByteReader reader(buffer);
    EXPECT_EQ(reader.u8(), 1);
    EXPECT_EQ(reader.u32(), 0x01020304);
    EXPECT_EQ(reader.i64(), -2);
    EXPECT_EQ(reader.f64(), 0.5);
    EXPECT_EQ(reader.text(3), "abc");
    EXPECT_TRUE(reader.ok());
}

TEST(Bytes, KeepTheirFirstError) {
    std::array<std::byte, 6> buffer{std::byte{9}};
    ByteReader reader(buffer);
    EXPECT_EQ(reader.u64(), 0);
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.u8(), 0);
    EXPECT_EQ(reader.text(1), "");
    ByteWriter writer(buffer);
    writer.put_u64(1);
    writer.put_u8(1);
    EXPECT_FALSE(writer.ok());
    EXPECT_EQ(buffer[0], std::byte{9});
}

TEST(Checksum, IsThatOfZlibInOnePieceOrTwo) {
    const std::string_view text = "123456789";
    const auto bytes = std::as_bytes(std::span(text));
    EXPECT_EQ(checksum(bytes), 0xCBF43926);
    EXPECT_EQ(checksum(bytes.subspan(4), checksum(bytes.first(4))), 0xCBF43926);
}

}  // namespace
}  // namespace kurabe::store
