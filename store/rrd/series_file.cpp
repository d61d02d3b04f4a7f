// Columns and planes become records and rows.
#include "store/rrd/series_file.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <string>

#include <fmt/format.h>

#include "store/checksum.hpp"
#include "store/rrd/header.hpp"
#include "store/rrd/records.hpp"

namespace kurabe::store::rrd {
namespace {

// One CF of one ring, and where it lies in the copy.
struct Part {
    const RingShape* ring;
    Cf cf;
    const std::vector<Value>* rows;
    const CdpState* cdp;  // null for a ring of one PDP per row, which has none
};

std::vector<Part> parts_of(const SeriesCopy& series) {
    std::vector<Part> parts;
    auto rows = series.planes.begin();
    auto cdp = series.column.cdps.begin();
    for (const RingShape& ring : series.retention.rings) {
        const bool one_pdp = ring.pdp_per_row == 1;
        for (std::size_t i = 0; i < ring.cfs.size(); ++i) {
            parts.push_back({.ring = &ring,
                             .cf = ring.cfs[i],
                             .rows = &*(one_pdp ? rows : rows + static_cast<std::ptrdiff_t>(i)),
                             .cdp = one_pdp ? nullptr : &*cdp++});
        }
        rows += static_cast<std::ptrdiff_t>(plane_count(ring));
    }
    return parts;
}

// All of the CF that the series has first, then all of its next.
void sort_by_cf(std::vector<Part>& parts) {
    std::vector<Cf> order;
    for (const Part& part : parts) {
        if (std::ranges::find(order, part.cf) == order.end()) order.push_back(part.cf);
    }
    std::ranges::stable_sort(
        parts, {}, [&order](const Part& part) { return std::ranges::find(order, part.cf); });
}

// The last reading as rrdtool keeps it.
std::string reading_text(const RawValue& raw) {
    switch (raw.kind) {
        case RawValue::Kind::kMissing:
            return "U";
        case RawValue::Kind::kNumber:
            return fmt::format("{}", raw.number);
        case RawValue::Kind::kInteger:
            break;
    }
    return fmt::format("{}", raw.integer);
}

SourceRecord source_record(const DataSource& source) {
    SourceRecord record;
    set_text(record.name, kSeriesSource);
    set_text(record.type, ds_type_name(source.type));
    record.parameters[SourceRecord::kHeartbeat] =
        Slot::of_count(static_cast<std::uint64_t>(source.heartbeat.count()));
    record.parameters[SourceRecord::kMinimum] = Slot::of_number(source.minimum);
    record.parameters[SourceRecord::kMaximum] = Slot::of_number(source.maximum);
    return record;
}

PdpRecord pdp_record(const Column& column) {
    PdpRecord record;
    set_text(record.last_reading, reading_text(column.last_raw));
    record.slots[PdpRecord::kUnknownSeconds] = Slot::of_count(column.pdp.unknown_seconds);
    record.slots[PdpRecord::kValue] = Slot::of_number(column.pdp.value);
    return record;
}

RraRecord rra_record(const Part& part, double xff) {
    RraRecord record;
    set_text(record.cf, cf_name(part.cf));
    record.rows = part.ring->rows;
    record.pdp_per_row = part.ring->pdp_per_row;
    record.parameters[RraRecord::kXff] = Slot::of_number(xff);
    return record;
}

// The rows that the last update closed are not known; later ones do not depend on them.
CdpRecord cdp_record(const Part& part) {
    const CdpState state = part.cdp == nullptr ? CdpState{} : *part.cdp;
    CdpRecord record;
    record.slots[CdpRecord::kValue] = Slot::of_number(state.value);
    record.slots[CdpRecord::kUnknownPdps] = Slot::of_count(state.unknown_pdps);
    record.slots[CdpRecord::kPrimary] = Slot::of_number(part.rows->back());
    record.slots[CdpRecord::kSecondary] = Slot::of_number(part.rows->back());
    return record;
}

// Where the newest row lies: anywhere, but spread, so that of many files of one shape not all begin
// a page at the same time.
std::uint64_t newest_row(const Column& column, const Part& part) {
    std::uint32_t sum = checksum(std::as_bytes(std::span(column.plugin)));
    sum = checksum(std::as_bytes(std::span(column.key)), sum);
    return (sum + part.ring->pdp_per_row) % part.ring->rows;
}

Header header_of(const SeriesCopy& series, std::span<const Part> parts) {
    Header header{.version = kVersionOfMicros,
                  .step = series.retention.step,
                  .sources = {source_record(series.column.source)},
                  .rras = {},
                  .live = {},
                  .pdps = {pdp_record(series.column)},
                  .cdps = {},
                  .current_rows = {}};
    header.set_last_update(series.column.last_time);
    for (const Part& part : parts) {
        header.rras.push_back(rra_record(part, series.retention.xff));
        header.cdps.push_back(cdp_record(part));
        header.current_rows.push_back(newest_row(series.column, part));
    }
    return header;
}

}  // namespace

std::string series_file(const SeriesCopy& series) {
    std::vector<Part> parts = parts_of(series);
    sort_by_cf(parts);
    const Header header = header_of(series, parts);
    std::string file(header.file_bytes(), '\0');
    encode_header(header, std::as_writable_bytes(std::span(file).first(header.bytes())));
    for (std::size_t rra = 0; rra < parts.size(); ++rra) {
        char* const ring = file.data() + header.rra_offset(rra);
        std::uint64_t row = header.current_rows[rra];
        for (const Value value : *parts[rra].rows) {
            row = row + 1 == parts[rra].ring->rows ? 0 : row + 1;
            const Value stored = as_stored(value);
            std::memcpy(ring + row * sizeof stored, &stored, sizeof stored);
        }
    }
    return file;
}

}  // namespace kurabe::store::rrd
