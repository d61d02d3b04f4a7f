// Bytes as what a Redis server sent, in pieces whose size the first byte says: any pieces give the
// same replies.
#include "collectors/fetch/resp_reader.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;
using collectors::fetch::RespReader;

namespace {

// How many replies, and how many bytes they have; -1 when they are refused.
long total_of(std::string_view bytes, std::size_t piece) {
    RespReader reader;
    while (!bytes.empty()) {
        const std::size_t size = std::min(piece, bytes.size());
        if (!reader.feed(bytes.substr(0, size))) return -1;
        bytes.remove_prefix(size);
    }
    long total = 0;
    for (const auto& reply : reader.replies()) {
        tests::require(reply.is_array || reply.items.size() == 1);
        for (const auto& item : reply.items) total += 1 + static_cast<long>(item.size());
    }
    return total;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes = tests::text_of(data + 1, size - 1);
    tests::require(total_of(bytes, 1 + data[0]) == total_of(bytes, bytes.size() + 1));
    return 0;
}
