// ISA-L's compression in one call.
#include "render/deflate.hpp"

#include <cassert>

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

namespace kurabe::render {

std::span<const std::uint8_t> Deflater::zlib_stream(std::span<const std::uint8_t> data) {
    // Stored blocks are the worst case: 5 bytes for each 64 KiB, and the stream's own 6.
    const std::size_t most = data.size() + data.size() / 1000 + 1024;
    if (out_.size() < most) out_.resize(most);
    work_.resize(ISAL_DEF_LVL1_DEFAULT);
    isal_zstream stream;
    isal_deflate_init(&stream);
    stream.level = 1;
    stream.level_buf = work_.data();
    stream.level_buf_size = static_cast<std::uint32_t>(work_.size());
    stream.gzip_flag = IGZIP_ZLIB;
    stream.end_of_stream = 1;
    // The library only reads from next_in; its field is not const.
    stream.next_in = const_cast<std::uint8_t*>(data.data());
    stream.avail_in = static_cast<std::uint32_t>(data.size());
    stream.next_out = out_.data();
    stream.avail_out = static_cast<std::uint32_t>(out_.size());
    for (;;) {
        [[maybe_unused]] const int code = isal_deflate(&stream);
        assert(code == COMP_OK);
        if (stream.internal_state.state == ZSTATE_END) {
            return std::span(out_).first(stream.total_out);
        }
        // Data that the worst case does not cover gets more room rather than being cut.
        out_.resize(out_.size() * 2);
        stream.next_out = out_.data() + stream.total_out;
        stream.avail_out = static_cast<std::uint32_t>(out_.size() - stream.total_out);
    }
}

std::uint32_t crc32(std::uint32_t crc, std::span<const std::uint8_t> data) {
    return crc32_gzip_refl(crc, data.data(), data.size());
}

}  // namespace kurabe::render
