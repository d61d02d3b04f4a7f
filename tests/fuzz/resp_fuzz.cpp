// Bytes as commands of Redis' protocol.
#include "server/resp/reader.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;
using server::resp::Reader;

namespace {

// What a command consists of must not depend on how its bytes came.
void require_incomplete_before(std::string_view bytes, std::size_t end) {
    constexpr std::size_t kTriedMax = 200;
    Reader reader;
    for (std::size_t length = end > kTriedMax ? end - kTriedMax : 0; length < end; ++length) {
        tests::require(reader.read(bytes.substr(0, length)) == Reader::State::kIncomplete);
        tests::require(reader.bytes() > length || length == 0);
        tests::require(reader.bytes() <= end);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view bytes = tests::text_of(data, size);
    Reader reader;
    while (reader.read(bytes) == Reader::State::kComplete) {
        tests::require(reader.bytes() > 0 && reader.bytes() <= bytes.size());
        tests::require(reader.words().size() <= server::resp::kWordsMax);
        std::size_t total = 0;
        for (const std::string_view word : reader.words()) total += word.size();
        tests::require(total <= reader.bytes());
        require_incomplete_before(bytes, reader.bytes());
        bytes.remove_prefix(reader.bytes());
    }
    return 0;
}
