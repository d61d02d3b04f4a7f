// ISA-L's checksum, which uses the processor's own instruction.
#include "store/crc32c.hpp"

#include <isa-l/crc.h>

#include "store/wide_registers.hpp"

namespace kurabe::store {

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t begun) noexcept {
    // Neither reads nor changes anything but the bytes, for all that its pointer is not const.
    auto* data = const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(bytes.data()));
    const std::uint32_t checksum = ~crc32_iscsi(data, static_cast<int>(bytes.size()), ~begun);
    empty_wide_registers();
    return checksum;
}

}  // namespace kurabe::store
