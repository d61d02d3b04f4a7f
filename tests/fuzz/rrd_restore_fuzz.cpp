// Text as the dump of an .rrd file: what is restored must be a file that can be read.
#include <vector>

#include "store/rrd/archive_writer.hpp"
#include "store/rrd/restore.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;
using namespace kurabe::store;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = tests::text_of(data, size);
    rrd::Restore restore(size % 2 == 0);
    // Pieces as small as a reader may give them.
    constexpr std::size_t kPart = 61;
    for (std::size_t at = 0; at < text.size(); at += kPart) {
        if (!restore.feed(text.substr(at, kPart))) return 0;
    }
    auto restored = restore.finish();
    if (!restored) return 0;
    rrd::Header& header = restored->header;
    for (const rrd::RraRecord& rra : header.rras) header.current_rows.push_back(rra.rows - 1);
    std::vector<std::byte> file;
    const auto written = rrd::write_archive(
        header,
        [&](std::size_t rra, std::uint64_t, std::span<Value> block) -> Result<void> {
            tests::require(restored->rows[rra].size() ==
                           header.rras[rra].rows * header.sources.size());
            tests::require(!block.empty());
            return {};
        },
        [&](std::span<const std::byte> bytes) -> Result<void> {
            file.insert(file.end(), bytes.begin(), bytes.end());
            return {};
        });
    tests::require(written.has_value());
    tests::require(rrd::decode_header("a.rrd", file, file.size()).has_value());
    return 0;
}
