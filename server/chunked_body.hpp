// A body in chunks, read strictly: its end is where it says, and one that breaks off is no body.
// Extensions and trailers are passed over. Rule: RFC 9112, 7.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace kurabe::server {

inline constexpr std::size_t kChunkLineBytesMax = 256;  // a size and its extensions
inline constexpr std::size_t kTrailerBytesMax = 8192;   // all trailers

class ChunkedBody {
  public:
    enum class State : std::uint8_t { kPartial, kComplete, kMalformed };

    // The next bytes; those behind the end of a complete body are passed over.
    State take(std::string_view bytes);

    [[nodiscard]] std::size_t size() const noexcept { return body_.size(); }
    [[nodiscard]] std::string take_body() noexcept { return std::move(body_); }

  private:
    enum class Place : std::uint8_t { kSize, kData, kDataEnd, kTrailer };

    State take_data(std::string_view& bytes);
    State take_line_byte(char byte);
    State end_line();

    std::string body_;
    std::string line_;
    Place place_ = Place::kSize;
    std::size_t left_ = 0;  // of the chunk
    std::size_t trailer_bytes_ = 0;
};

}  // namespace kurabe::server
