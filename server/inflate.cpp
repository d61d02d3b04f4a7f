// zlib's inflate, piece by piece, so that no more is unpacked than may be.
#include "server/inflate.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>
#include <zlib.h>

namespace kurabe::server {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;

class Inflation {
  public:
    Inflation() { is_ready_ = inflateInit2(&stream_, kGzipOnly) == Z_OK; }
    ~Inflation() {
        if (is_ready_) inflateEnd(&stream_);
    }
    Inflation(const Inflation&) = delete;
    Inflation& operator=(const Inflation&) = delete;

    [[nodiscard]] Result<std::string> run(std::string_view packed, std::size_t bytes_max);

  private:
    z_stream stream_{};
    bool is_ready_ = false;
};

Result<std::string> Inflation::run(std::string_view packed, std::size_t bytes_max) {
    if (!is_ready_) return fail(ErrorCode::kSystem, "no memory to unpack a body");
    if (packed.size() > std::numeric_limits<uInt>::max()) {
        return fail(ErrorCode::kLimit, "the packed body is too long");
    }
    std::string text;
    std::array<Bytef, 65536> part{};
    // inflate() does not change what it reads, though its type says so.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    int state = Z_OK;
    while (state != Z_STREAM_END || stream_.avail_in > 0) {
        if (state == Z_STREAM_END) inflateReset(&stream_);  // the next member
        stream_.next_out = part.data();
        stream_.avail_out = static_cast<uInt>(part.size());
        state = inflate(&stream_, Z_NO_FLUSH);
        const std::size_t got = part.size() - stream_.avail_out;
        if (state != Z_OK && state != Z_STREAM_END) {
            return fail(ErrorCode::kInvalid, "the body is no gzip, damaged or cut short");
        }
        if (text.size() + got > bytes_max) {
            return fail(ErrorCode::kLimit,
                        fmt::format("the body unpacks to over {} bytes", bytes_max));
        }
        text.append(reinterpret_cast<const char*>(part.data()), got);
    }
    return text;
}

}  // namespace

Result<std::string> gunzip(std::string_view packed, std::size_t bytes_max) {
    return Inflation().run(packed, bytes_max);
}

}  // namespace kurabe::server
