// CRC-32 as of zlib, gzip and PNG (polynomial 0xEDB88320): the checksum of headers and states.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace kurabe::store {

// Continues a checksum with more bytes; begin with 0.
[[nodiscard]] std::uint32_t checksum(std::span<const std::byte> bytes,
                                     std::uint32_t begun = 0) noexcept;

}  // namespace kurabe::store
