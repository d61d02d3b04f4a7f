// Bytes of a connection as the head of a request, or as a body in chunks. The first byte chooses,
// and how many come at a time.
#include <string>
#include <string_view>

#include "server/chunked_body.hpp"
#include "server/http_head.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;

namespace {

void read_head(std::string_view text) {
    server::HttpHead head;
    std::size_t taken = 0;
    auto state = server::HttpHead::State::kPartial;
    while (state == server::HttpHead::State::kPartial && taken < text.size()) {
        state = head.take(text[taken++]);
    }
    tests::require(head.text().size() <= server::kHeadBytesMax + 2);
    if (state == server::HttpHead::State::kRefused) {
        tests::require(head.status() >= 400 && !head.reason().empty());
    }
    if (state != server::HttpHead::State::kComplete) return;
    const std::string& lines = head.text();
    tests::require(text.substr(0, taken).ends_with(lines));
    tests::require(lines.find("\r\n\r\n") == lines.size() - 4);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i] == '\n') tests::require(lines[i - 1] == '\r');
        if (lines[i] == '\r') tests::require(lines[i + 1] == '\n');
    }
    const auto headers = server::headers_of(lines);
    tests::require(headers.size() <= server::kHeadersMax);
    for (const auto& [name, value] : headers) {
        tests::require(value.empty() || (value.front() != ' ' && value.back() != ' '));
    }
}

// What comes is read the same in pieces of any length.
void read_chunks(std::string_view text, std::size_t length) {
    server::ChunkedBody whole;
    const auto state = whole.take(text);
    server::ChunkedBody pieces;
    auto last = server::ChunkedBody::State::kPartial;
    for (std::size_t at = 0; at < text.size() && last == server::ChunkedBody::State::kPartial;
         at += length) {
        last = pieces.take(text.substr(at, length));
    }
    tests::require(last == state);
    const std::string body = whole.take_body();
    tests::require(body.size() <= text.size());
    tests::require(body == pieces.take_body());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text = tests::text_of(data + 1, size - 1);
    if (data[0] % 2 == 0) {
        read_head(text);
    } else {
        read_chunks(text, 1 + data[0] / 2);
    }
    return 0;
}
