// Lines as definitions of a new file, and, behind an empty line, as operations of tune on it: what
// comes out must be a file that can be read.
#include <vector>

#include "store/rrd/definitions.hpp"
#include "store/rrd/layout_change.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;
using namespace kurabe::store;

namespace {

void require_readable(const rrd::Header& header) {
    std::vector<std::byte> bytes(header.bytes());
    rrd::encode_header(header, bytes);
    tests::require(rrd::decode_header("a.rrd", bytes, header.file_bytes()).has_value());
}

// Cuts the first line off.
std::string_view next_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text = tests::text_of(data, size);
    rrd::Definitions definitions("a.rrd", Seconds{60});
    while (!text.empty()) {
        const std::string_view line = next_line(text);
        if (line.empty()) break;
        if (!definitions.add(line)) return 0;
    }
    const auto header = definitions.finish(Time{Seconds{1'000'000'123}});
    if (!header) return 0;
    require_readable(*header);
    rrd::LayoutChange change(*header, "a.rrd");
    while (!text.empty()) {
        if (!change.add(next_line(text))) return 0;
    }
    const auto layout = change.finish();
    if (layout) require_readable(layout->header);
    return 0;
}
