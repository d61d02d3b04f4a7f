// CRC-32C (Castagnoli, polynomial 0x1EDC6F41): the checksum of host archives and of the journal.
// Rule: RFC 3720, appendix B.4, whose examples are in tests/store/journal_record_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace kurabe::store {

// Continues a checksum with more bytes; begin with 0.
[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> bytes,
                                   std::uint32_t begun = 0) noexcept;

}  // namespace kurabe::store
