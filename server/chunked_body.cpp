// Sizes, data and their ends in turn.
#include "server/chunked_body.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace kurabe::server {

ChunkedBody::State ChunkedBody::take(std::string_view bytes) {
    while (!bytes.empty()) {
        State state = State::kPartial;
        if (place_ == Place::kData) {
            state = take_data(bytes);
        } else {
            state = take_line_byte(bytes.front());
            bytes.remove_prefix(1);
        }
        if (state != State::kPartial) return state;
    }
    return State::kPartial;
}

ChunkedBody::State ChunkedBody::take_data(std::string_view& bytes) {
    const std::size_t some = std::min(left_, bytes.size());
    body_.append(bytes.substr(0, some));
    bytes.remove_prefix(some);
    left_ -= some;
    if (left_ == 0) place_ = Place::kDataEnd;
    return State::kPartial;
}

ChunkedBody::State ChunkedBody::take_line_byte(char byte) {
    const bool after_cr = line_.ends_with('\r');
    if (after_cr != (byte == '\n')) return State::kMalformed;  // "\r\n" or neither
    if (byte == '\n') {
        line_.pop_back();
        return end_line();
    }
    line_ += byte;
    const std::size_t most = place_ == Place::kTrailer ? kTrailerBytesMax : kChunkLineBytesMax;
    return line_.size() > most ? State::kMalformed : State::kPartial;
}

ChunkedBody::State ChunkedBody::end_line() {
    const std::string line = std::exchange(line_, {});
    switch (place_) {
        case Place::kDataEnd:
            place_ = Place::kSize;
            return line.empty() ? State::kPartial : State::kMalformed;
        case Place::kTrailer:
            trailer_bytes_ += line.size();
            if (line.empty()) return State::kComplete;
            return trailer_bytes_ > kTrailerBytesMax ? State::kMalformed : State::kPartial;
        default:
            break;
    }
    constexpr int kHexadecimal = 16;
    constexpr std::size_t kChunkBytesMax = std::size_t{1} << 32;
    const char* const end = line.data() + line.size();
    const auto [rest, error] = std::from_chars(line.data(), end, left_, kHexadecimal);
    const bool ends = rest == end || *rest == ';' || *rest == ' ' || *rest == '\t';
    if (error != std::errc{} || !ends || left_ > kChunkBytesMax) return State::kMalformed;
    place_ = left_ == 0 ? Place::kTrailer : Place::kData;
    return State::kPartial;
}

}  // namespace kurabe::server
