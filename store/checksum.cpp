// The one wrapper of zlib.
#include "store/checksum.hpp"

#include <zlib.h>

namespace kurabe::store {

std::uint32_t checksum(std::span<const std::byte> bytes, std::uint32_t begun) noexcept {
    const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
    return static_cast<std::uint32_t>(crc32_z(begun, data, bytes.size()));
}

}  // namespace kurabe::store
