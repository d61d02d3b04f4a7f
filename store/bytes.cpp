// The parts of the byte cursors that are not worth inlining.
#include "store/bytes.hpp"

#include <cstring>

namespace kurabe::store {

void ByteWriter::put_text(std::string_view text) noexcept {
    if (!room_for(text.size()) || text.empty()) return;
    std::memcpy(&buffer_[position_], text.data(), text.size());
    position_ += text.size();
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

void ByteReader::skip(std::size_t bytes) noexcept {
    if (has(bytes)) position_ += bytes;
}

}  // namespace kurabe::store
