// Bytes as an .rrd file: what decodes must encode to the same bytes.
#include <algorithm>
#include <vector>

#include "store/rrd/header.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe::store::rrd;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto header = decode_header("a.rrd", bytes, size);
    if (!header) return 0;
    std::vector<std::byte> encoded(header->bytes());
    encode_header(*header, encoded);
    // Bytes that have no meaning are not kept: padding and spare words of the head.
    const auto from = static_cast<std::ptrdiff_t>(sizeof(HeadRecord));
    kurabe::tests::require(std::equal(encoded.begin() + from, encoded.end(), bytes.begin() + from));
    kurabe::tests::require(header->file_bytes() <= size);
    for (std::size_t rra = 0; rra < header->rras.size(); ++rra) {
        (void)header->cf(rra);
        (void)newest_row_time(*header, rra);
    }
    for (std::size_t source = 0; source < header->sources.size(); ++source) {
        (void)header->source(source);
    }
    (void)needed_version(*header);
    return 0;
}
