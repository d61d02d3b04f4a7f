// Header, then the rows of one RRA after the other.
#include "store/rrd/archive_writer.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace kurabe::store::rrd {
namespace {

constexpr std::uint64_t kBlockValues = 8192;

Result<void> check_size(const Header& header) {
    if (header.file_bytes() <= kWrittenBytesMax) return {};
    return fail(ErrorCode::kLimit,
                fmt::format("this would be a file of {} bytes; an .rrd file has at most {}",
                            header.file_bytes(), kWrittenBytesMax));
}

Result<void> write_rows(const Header& header, std::size_t rra, const RowFiller& fill,
                        const ByteSink& sink) {
    const std::size_t sources = header.sources.size();
    const std::uint64_t rows = header.rras[rra].rows;
    const std::uint64_t block_rows = std::max<std::uint64_t>(1, kBlockValues / sources);
    std::vector<Value> block;
    for (std::uint64_t first = 0; first < rows; first += block_rows) {
        block.assign(std::min(block_rows, rows - first) * sources, kFileUnknown);
        if (auto filled = fill(rra, first, block); !filled) return filled;
        if (auto written = sink(std::as_bytes(std::span(block))); !written) return written;
    }
    return {};
}

}  // namespace

Result<void> leave_unknown(std::size_t /*rra*/, std::uint64_t /*first*/,
                           std::span<Value> /*block*/) {
    return {};
}

Result<void> write_archive(const Header& header, const RowFiller& fill, const ByteSink& sink) {
    if (auto checked = check_size(header); !checked) return checked;
    std::vector<std::byte> bytes(header.bytes());
    encode_header(header, bytes);
    if (auto written = sink(bytes); !written) return written;
    for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
        if (auto written = write_rows(header, rra, fill, sink); !written) return written;
    }
    return {};
}

Result<void> write_archive_file(const std::filesystem::path& path, const Header& header,
                                const RowFiller& fill, const FileOptions& options) {
    if (auto checked = check_size(header); !checked) return checked;
    auto file = NewFile::create(path, options.readers);
    if (!file) return std::unexpected(file.error());
    if (auto reserved = file->reserve(header.file_bytes()); !reserved) return reserved;
    const auto written = write_archive(
        header, fill, [&](std::span<const std::byte> bytes) { return file->write(bytes); });
    if (!written) return written;
    return file->commit(options.existing);
}

}  // namespace kurabe::store::rrd
