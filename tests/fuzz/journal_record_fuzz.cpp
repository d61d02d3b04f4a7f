// Bytes as a record of the journal, with the checksum that they need: what can be read is written
// as the same record.
#include <vector>

#include "store/bytes.hpp"
#include "store/crc32c.hpp"
#include "store/journal_record.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe::store;

namespace {

std::vector<std::byte> written(const JournalRecord& record) {
    std::vector<std::byte> bytes;
    // Other bytes than ours may say the same in fewer than ours do.
    if (!append_record(record, bytes)) bytes.clear();
    return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto payload = std::as_bytes(std::span(data, size));
    (void)read_record(payload);
    std::vector<std::byte> bytes(kJournalFrameBytes);
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    ByteWriter frame(bytes);
    frame.put_u32(static_cast<std::uint32_t>(size));
    frame.put_u32(crc32c(payload));
    const auto found = read_record(bytes);
    if (!found) return 0;
    kurabe::tests::require(found->bytes == bytes.size());
    const auto again = written(found->record);
    if (again.empty()) return 0;
    const auto second = read_record(again);
    kurabe::tests::require(second.has_value());
    kurabe::tests::require(written(second->record) == again);
    return 0;
}
