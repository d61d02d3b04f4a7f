// The parts of the byte cursors that are not worth inlining.
#include "store/bytes.hpp"

#include <algorithm>
#include <cstring>

namespace kurabe::store {

bool is_all_zero(std::span<const std::byte> bytes) noexcept {
    // Each byte is the one before it, and the first is zero: compared in large steps.
    return bytes.empty() || (bytes.front() == std::byte{0} &&
                             std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

void ByteWriter::put_text(std::string_view text) noexcept {
    if (!room_for(text.size()) || text.empty()) return;
    std::memcpy(&buffer_[position_], text.data(), text.size());
    position_ += text.size();
}

// 0, -1, 1, -2, ... as 0, 1, 2, 3, ...
void ByteWriter::put_signed_varint(std::int64_t value) noexcept {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    put_varint(bits << 1 ^ (value < 0 ? ~std::uint64_t{0} : 0));
}

void ByteWriter::skip(std::size_t bytes) noexcept {
    if (room_for(bytes)) position_ += bytes;
}

std::string_view ByteReader::text(std::size_t size) noexcept {
    if (!has(size) || size == 0) return {};
    const auto* begin = reinterpret_cast<const char*>(&bytes_[position_]);
    position_ += size;
    return {begin, size};
}

std::uint64_t ByteReader::varint() noexcept {
    constexpr unsigned kBits = 64;
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < kBits; shift += 7) {
        const std::uint64_t byte = u8();
        value |= (byte & 0x7F) << shift;
        if (byte < 0x80) return value;
    }
    ok_ = false;  // no number is that long
    return 0;
}

std::int64_t ByteReader::signed_varint() noexcept {
    const std::uint64_t folded = varint();
    return std::bit_cast<std::int64_t>(folded >> 1 ^ (folded & 1 ? ~std::uint64_t{0} : 0));
}

void ByteReader::skip(std::size_t bytes) noexcept {
    if (has(bytes)) position_ += bytes;
}

}  // namespace kurabe::store
