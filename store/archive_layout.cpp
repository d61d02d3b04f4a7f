// Sizes and offsets of a host archive's parts; reading and writing its header page.
#include "store/archive_layout.hpp"

#include <algorithm>
#include <bit>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "store/archive_columns.hpp"
#include "store/archive_state.hpp"
#include "store/bytes.hpp"
#include "store/crc32c.hpp"

namespace kurabe::store {
namespace {

// Rows are used in the file as they are in memory.
static_assert(std::endian::native == std::endian::little, "row values are little-endian");
static_assert(sizeof(Value) == 8);

// The byte 1A and the line feed show a file that was copied as text.
constexpr std::string_view kMagic{"KURABE\x1a\n", 8};
constexpr std::uint32_t kByteOrderMark = 0x01020304;
constexpr std::size_t kRingTableOffset = 128;
constexpr std::size_t kRingEntryBytes = 32;
constexpr std::size_t kHeaderChecksumOffset = kHeaderBytes - sizeof(std::uint32_t);
constexpr std::uint64_t kPageBytes = 4096;
static_assert(kRingTableOffset + kRingsMax * kRingEntryBytes <= kHeaderChecksumOffset);

std::uint64_t whole_pages(std::uint64_t bytes) noexcept {
    return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
}

Result<void> check_capacities(const ArchiveShape& shape) {
    const bool valid = shape.column_capacity >= 1 && shape.column_capacity <= kColumnsMax &&
                       shape.key_capacity >= 1 && shape.key_capacity <= kKeyHeapBytesMax &&
                       shape.values_per_run >= 1 && shape.values_per_run <= kValuesPerRunMax;
    if (valid) return {};
    return fail(ErrorCode::kLimit,
                fmt::format("an archive of {} columns, {} bytes of names and runs of {} values: at "
                            "most {}, {} and {} are possible",
                            shape.column_capacity, shape.key_capacity, shape.values_per_run,
                            kColumnsMax, kKeyHeapBytesMax, kValuesPerRunMax));
}

void write_ring(ByteWriter& writer, const RingShape& shape, const RingPlace& place) noexcept {
    writer.put_u32(shape.pdp_per_row);
    writer.put_u32(shape.rows);
    writer.put_u8(static_cast<std::uint8_t>(shape.cfs.size()));
    for (const Cf cf : shape.cfs) writer.put_u8(std::to_underlying(cf));
    writer.skip(7 - shape.cfs.size());
    writer.put_u64(place.offset);
    writer.put_u64(place.block_bytes);
}

// The shape only: offsets follow from it and are compared as a whole.
Result<RingShape> read_ring(ByteReader& reader) {
    RingShape ring{.pdp_per_row = reader.u32(), .rows = reader.u32(), .cfs = {}};
    const std::size_t cf_count = reader.u8();
    if (cf_count > kPlanesMax) return damaged("the header lists an impossible ring");
    for (std::size_t i = 0; i < cf_count; ++i) {
        const std::uint8_t cf = reader.u8();
        if (cf > std::to_underlying(Cf::kLast)) return damaged("the header names no known CF");
        ring.cfs.push_back(static_cast<Cf>(cf));
    }
    reader.skip(kRingEntryBytes - 9 - cf_count);
    return ring;
}

// Everything but its offset. One block more than the rows fill: its slots are the spare ones.
RingPlace place_of(const RingShape& ring, const ArchiveShape& shape) {
    RingPlace place{.resolution = shape.retention.step * ring.pdp_per_row,
                    .pdp_per_row = ring.pdp_per_row,
                    .rows = ring.rows,
                    .planes = ring.cfs};
    if (ring.pdp_per_row == 1) place.planes.resize(1);
    const auto planes = static_cast<std::uint32_t>(place.planes.size());
    place.rows_per_block = std::max(shape.values_per_run / planes, 1U);
    place.blocks = ring.rows / place.rows_per_block + 1;
    place.run_bytes = (std::max(shape.values_per_run, planes) + 1) * sizeof(Value);
    place.block_bytes = place.run_bytes * shape.column_capacity;
    place.open_row_bytes = shape.column_capacity * planes * sizeof(Value);
    place.open_block_bytes = whole_pages(place.rows_per_block * place.open_row_bytes);
    return place;
}

// Magic, version, byte order and checksum, in the order in which they can be trusted.
Result<void> check_page(std::span<const std::byte> header) {
    if (header.size() < kHeaderBytes) return damaged("too short for an archive");
    ByteReader reader(header);
    if (reader.text(kMagic.size()) != kMagic) return damaged("not an archive of kurabe");
    const std::uint32_t version = reader.u32();
    if (version != kFormatVersion) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("format version {}, this program knows version {}", version,
                                kFormatVersion));
    }
    if (reader.u32() != kByteOrderMark) return damaged("the byte order is not little-endian");
    ByteReader trailer(header.subspan(kHeaderChecksumOffset));
    if (trailer.u32() != crc32c(header.first(kHeaderChecksumOffset))) {
        return damaged("the header's checksum is wrong");
    }
    return {};
}

Result<ArchiveShape> read_shape(std::span<const std::byte> header) {
    ByteReader reader(header);
    reader.skip(20);
    const std::uint32_t ring_count = reader.u32();
    ArchiveShape shape;
    shape.retention.step = Seconds{reader.u32()};
    shape.retention.heartbeat = Seconds{reader.u32()};
    shape.retention.xff = reader.f64();
    shape.column_capacity = reader.u32();
    shape.key_capacity = reader.u32();
    shape.values_per_run = reader.u32();
    if (ring_count > kRingsMax) return damaged("the header lists too many rings");

    ByteReader table(header.subspan(kRingTableOffset));
    for (std::uint32_t i = 0; i < ring_count; ++i) {
        auto ring = read_ring(table);
        if (!ring) return std::unexpected(ring.error());
        shape.retention.rings.push_back(std::move(*ring));
    }
    return shape;
}

}  // namespace

RingExtent RingPlace::extent(Cf cf) const noexcept {
    const bool has_cf = pdp_per_row == 1 || std::ranges::find(planes, cf) != planes.end();
    return {.resolution = resolution, .rows = rows, .has_cf = has_cf};
}

std::size_t RingPlace::plane_of(Cf cf) const noexcept {
    if (pdp_per_row == 1) return 0;
    return static_cast<std::size_t>(std::ranges::find(planes, cf) - planes.begin());
}

Seconds ArchiveLayout::spare_time() const noexcept {
    Seconds least = Seconds::max();
    for (const RingPlace& ring : rings_) {
        least = std::min(least, ring.resolution * static_cast<std::int64_t>(ring.spare_rows()));
    }
    return least;
}

unsigned ArchiveLayout::blocks_left(SampleTime from, SampleTime to) const noexcept {
    const Seconds first = std::chrono::floor<Seconds>(from).time_since_epoch();
    const Seconds last = std::chrono::floor<Seconds>(to).time_since_epoch();
    unsigned left = 0;
    for (const RingPlace& ring : rings_) {
        const std::int64_t before = ring.open_block_after(first / ring.resolution);
        const std::int64_t after = ring.open_block_after(last / ring.resolution);
        if (before != after) left |= 1U << ring.number;
    }
    return left;
}

// Every factor is limited, so no product below comes near 2^64.
Result<ArchiveLayout> ArchiveLayout::of(ArchiveShape shape) {
    if (auto checked = shape.retention.check(); !checked) return std::unexpected(checked.error());
    if (auto checked = check_capacities(shape); !checked) return std::unexpected(checked.error());

    ArchiveLayout layout;
    for (const RingShape& ring : shape.retention.rings) {
        layout.rings_.push_back(place_of(ring, shape));
        if (ring.pdp_per_row > 1) layout.cdp_count_ += ring.cfs.size();
    }
    layout.table_bytes_ =
        whole_pages(shape.column_capacity * kColumnRecordBytes + shape.key_capacity);
    layout.state_bytes_ = whole_pages(
        kStateHeaderBytes + shape.column_capacity * column_state_bytes_max(layout.cdp_count_));

    std::uint64_t offset = layout.state_offset(2);
    for (RingPlace& ring : layout.rings_) {
        ring.number = static_cast<std::size_t>(&ring - layout.rings_.data());
        ring.offset = offset;
        offset = whole_pages(ring.end());
        if (offset > kArchiveBytesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("the archive would be over {} bytes large", kArchiveBytesMax));
        }
    }
    layout.file_bytes_ = offset;
    layout.shape_ = std::move(shape);
    return layout;
}

Result<ArchiveLayout> ArchiveLayout::read(std::span<const std::byte> header,
                                          std::uint64_t file_bytes) {
    if (auto checked = check_page(header); !checked) return std::unexpected(checked.error());
    auto shape = read_shape(header);
    if (!shape) return std::unexpected(shape.error());
    auto layout = of(std::move(*shape));
    if (!layout) return damaged("the header is impossible: " + layout.error().message);

    std::array<std::byte, kHeaderBytes> expected{};
    layout->write(expected);
    if (!std::ranges::equal(expected, header.first(kHeaderBytes))) {
        return damaged("the header contradicts itself");
    }
    if (file_bytes < layout->file_bytes()) {
        return damaged(fmt::format("cut to {} of {} bytes", file_bytes, layout->file_bytes()));
    }
    return layout;
}

void ArchiveLayout::write(std::span<std::byte, kHeaderBytes> header) const noexcept {
    std::ranges::fill(header, std::byte{0});
    ByteWriter writer(header);
    writer.put_text(kMagic);
    writer.put_u32(kFormatVersion);
    writer.put_u32(kByteOrderMark);
    writer.put_u32(kHeaderBytes);
    writer.put_u32(static_cast<std::uint32_t>(rings_.size()));
    writer.put_u32(static_cast<std::uint32_t>(shape_.retention.step.count()));
    writer.put_u32(static_cast<std::uint32_t>(shape_.retention.heartbeat.count()));
    writer.put_f64(shape_.retention.xff);
    writer.put_u32(shape_.column_capacity);
    writer.put_u32(shape_.key_capacity);
    writer.put_u32(shape_.values_per_run);
    writer.put_u32(0);
    writer.put_u64(table_offset());
    writer.put_u64(table_bytes_);
    writer.put_u64(state_offset(0));
    writer.put_u64(state_offset(1));
    writer.put_u64(state_bytes_);
    writer.put_u64(rings_.front().offset);
    writer.put_u64(file_bytes_);

    ByteWriter table(header.subspan(kRingTableOffset));
    for (std::size_t i = 0; i < rings_.size(); ++i) {
        write_ring(table, shape_.retention.rings[i], rings_[i]);
    }
    ByteWriter trailer(header.subspan(kHeaderChecksumOffset));
    trailer.put_u32(crc32c(header.first(kHeaderChecksumOffset)));
}

}  // namespace kurabe::store
