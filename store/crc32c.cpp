// The one wrapper of Boost.CRC.
#include "store/crc32c.hpp"

#include <boost/crc.hpp>

namespace kurabe::store {

std::uint32_t crc32c(std::span<const std::byte> bytes) noexcept {
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

}  // namespace kurabe::store
