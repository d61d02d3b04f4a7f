// CRC-32C (Castagnoli, polynomial 0x1EDC6F41): the checksum of the journal's records.
// Rule: RFC 3720, appendix B.4, whose examples are in tests/store/journal_record_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace kurabe::store {

[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> bytes) noexcept;

}  // namespace kurabe::store
