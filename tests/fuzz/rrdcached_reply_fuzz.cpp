// Bytes as a reply of rrdcached: a head, then rows or the lines of `info`.
#include "cli/rrdcached/fetch_reply.hpp"
#include "cli/rrdcached/info_reply.hpp"
#include "cli/rrdcached/reply.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/support/text_reply.hpp"

using namespace kurabe;

namespace {

void read_rows(std::string_view text, std::int64_t count) {
    tests::TextReply lines(text);
    const auto read = cli::rrdcached::read_fetch_reply(lines, count);
    if (!read) return;
    const auto& rows = read->rows;
    tests::require(read->names.size() == rows.sources);
    tests::require(rows.values.size() % rows.sources == 0);
    tests::require((rows.end - rows.start) / rows.step == static_cast<std::int64_t>(rows.size()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = tests::text_of(data, size);
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return 0;
    const auto head = cli::rrdcached::parse_reply_head(text.substr(0, end));
    if (!head || head->lines < 0) return 0;
    read_rows(text.substr(end + 1), head->lines);
    tests::TextReply lines(text.substr(end + 1));
    (void)cli::rrdcached::read_info_reply(lines, head->lines);
    return 0;
}
