// Little-endian fields in a row of bytes, which is how this machine has its integers.
// A cursor keeps its first error, so fields are read in a row and checked once.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace kurabe::store {

static_assert(std::endian::native == std::endian::little, "integers are copied as they are");

[[nodiscard]] bool is_all_zero(std::span<const std::byte> bytes) noexcept;

// Writes into a buffer that the caller sized; what does not fit is dropped and ok() turns false.
class ByteWriter {
  public:
    explicit ByteWriter(std::span<std::byte> buffer) noexcept : buffer_(buffer) {}

    void put_u8(std::uint8_t value) noexcept { put(value); }
    void put_u32(std::uint32_t value) noexcept { put(value); }
    void put_u64(std::uint64_t value) noexcept { put(value); }
    void put_i64(std::int64_t value) noexcept { put(std::bit_cast<std::uint64_t>(value)); }
    void put_f64(double value) noexcept { put(std::bit_cast<std::uint64_t>(value)); }
    // Seven bits a byte, the lowest first: one byte below 128, ten at most. Signed numbers near
    // zero are as short.
    void put_varint(std::uint64_t value) noexcept {
        while (value >= 0x80) {
            put(static_cast<std::uint8_t>(value | 0x80));
            value >>= 7;
        }
        put(static_cast<std::uint8_t>(value));
    }
    void put_signed_varint(std::int64_t value) noexcept;
    void put_text(std::string_view text) noexcept;
    void skip(std::size_t bytes) noexcept;  // leaves them as they are

    [[nodiscard]] std::size_t position() const noexcept { return position_; }
    [[nodiscard]] bool ok() const noexcept { return ok_; }

  private:
    template <std::unsigned_integral Integer>
    void put(Integer value) noexcept {
        if (!room_for(sizeof value)) return;
        std::memcpy(&buffer_[position_], &value, sizeof value);
        position_ += sizeof value;
    }
    [[nodiscard]] bool room_for(std::size_t bytes) noexcept {
        ok_ = ok_ && bytes <= buffer_.size() - position_;
        return ok_;
    }

    std::span<std::byte> buffer_;
    std::size_t position_ = 0;
    bool ok_ = true;
};

// Reads zeroes once the bytes are used up, and ok() turns false.
class ByteReader {
  public:
    explicit ByteReader(std::span<const std::byte> bytes) noexcept : bytes_(bytes) {}

    [[nodiscard]] std::uint8_t u8() noexcept { return get<std::uint8_t>(); }
    [[nodiscard]] std::uint32_t u32() noexcept { return get<std::uint32_t>(); }
    [[nodiscard]] std::uint64_t u64() noexcept { return get<std::uint64_t>(); }
    [[nodiscard]] std::int64_t i64() noexcept { return std::bit_cast<std::int64_t>(u64()); }
    [[nodiscard]] double f64() noexcept { return std::bit_cast<double>(u64()); }
    [[nodiscard]] std::uint64_t varint() noexcept;
    [[nodiscard]] std::int64_t signed_varint() noexcept;
    // A view into the bytes; empty when there are not that many.
    [[nodiscard]] std::string_view text(std::size_t size) noexcept;
    void skip(std::size_t bytes) noexcept;

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] std::size_t bytes_left() const noexcept { return bytes_.size() - position_; }

  private:
    template <std::unsigned_integral Integer>
    Integer get() noexcept {
        if (!has(sizeof(Integer))) return 0;
        Integer value = 0;
        std::memcpy(&value, &bytes_[position_], sizeof value);
        position_ += sizeof value;
        return value;
    }
    [[nodiscard]] bool has(std::size_t bytes) noexcept {
        ok_ = ok_ && bytes <= bytes_.size() - position_;
        return ok_;
    }

    std::span<const std::byte> bytes_;
    std::size_t position_ = 0;
    bool ok_ = true;
};

}  // namespace kurabe::store
