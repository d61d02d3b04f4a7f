// Places of the parts of an .rrd header, and the part's records copied from and to bytes.
#include "store/rrd/header.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "store/rrd/header_check.hpp"

namespace kurabe::store::rrd {
namespace {

std::uint64_t live_record_bytes(int version) noexcept {
    return version < kVersionOfMicros ? sizeof(LiveRecord::last_update_seconds)
                                      : sizeof(LiveRecord);
}

// Copies records one array after the other.
class RecordWriter {
  public:
    explicit RecordWriter(std::span<std::byte> bytes) noexcept : rest_(bytes) {}
    void put(const void* records, std::size_t bytes) noexcept {
        assert(bytes <= rest_.size());
        if (bytes != 0) std::memcpy(rest_.data(), records, bytes);
        rest_ = rest_.subspan(bytes);
    }
    template <typename Record>
    void put(const std::vector<Record>& records) noexcept {
        put(records.data(), records.size() * sizeof(Record));
    }

  private:
    std::span<std::byte> rest_;
};

// Reads records one array after the other; names the array for which the bytes did not suffice.
class RecordReader {
  public:
    explicit RecordReader(std::span<const std::byte> bytes) noexcept : rest_(bytes) {}

    [[nodiscard]] Result<void> get(void* records, std::size_t bytes, std::string_view what) {
        if (bytes > rest_.size()) {
            return fail(ErrorCode::kDamaged,
                        fmt::format("reached EOF while loading header {}", what));
        }
        if (bytes != 0) std::memcpy(records, rest_.data(), bytes);
        rest_ = rest_.subspan(bytes);
        return {};
    }
    // Allocates only what the bytes can fill.
    template <typename Record>
    [[nodiscard]] Result<void> get(std::vector<Record>& records, std::uint64_t count,
                                   std::string_view what) {
        if (count > rest_.size() / sizeof(Record)) {
            return fail(ErrorCode::kDamaged,
                        fmt::format("reached EOF while loading header {}", what));
        }
        records.resize(count);
        return get(records.data(), count * sizeof(Record), what);
    }

  private:
    std::span<const std::byte> rest_;
};

Result<void> read_live(RecordReader& reader, Header& header) {
    header.live = {};
    auto read = reader.get(&header.live, live_record_bytes(header.version), "rrd->live_head");
    if (read) read = reader.get(header.pdps, header.sources.size(), "rrd->pdp_prep");
    const std::uint64_t cdps = header.sources.size() * header.rras.size();
    if (read) read = reader.get(header.cdps, cdps, "rrd->cdp_prep");
    if (read) read = reader.get(header.current_rows, header.rras.size(), "rrd->rra_ptr");
    return read;
}

void write_live(RecordWriter& writer, const Header& header) noexcept {
    writer.put(&header.live, live_record_bytes(header.version));
    writer.put(header.pdps);
    writer.put(header.cdps);
    writer.put(header.current_rows);
}

HeadRecord head_of(const Header& header) noexcept {
    HeadRecord head{.source_count = header.sources.size(),
                    .rra_count = header.rras.size(),
                    .step_seconds = static_cast<std::uint64_t>(header.step.count())};
    head.version[3] = static_cast<char>('0' + header.version);
    return head;
}

Result<Header> read_header(std::string_view name, std::span<const std::byte> bytes) {
    RecordReader reader(bytes);
    HeadRecord head;
    if (auto read = reader.get(&head, sizeof head, "rrd->stat_head"); !read) {
        return std::unexpected(read.error());
    }
    const auto version = check_head(name, head);
    if (!version) return std::unexpected(version.error());
    Header header{.version = *version,
                  .step = Seconds{static_cast<std::int64_t>(head.step_seconds)},
                  .sources = {},
                  .rras = {},
                  .live = {},
                  .pdps = {},
                  .cdps = {},
                  .current_rows = {}};
    auto read = reader.get(header.sources, head.source_count, "rrd->ds_def");
    if (read) read = reader.get(header.rras, head.rra_count, "rrd->rra_def");
    if (read) read = read_live(reader, header);
    if (!read) return std::unexpected(read.error());
    return header;
}

}  // namespace

SampleTime Header::last_update() const noexcept {
    return SampleTime{Seconds{live.last_update_seconds}} +
           std::chrono::microseconds{live.last_update_micros};
}

void Header::set_last_update(SampleTime time) noexcept {
    const Time second = std::chrono::floor<Seconds>(time);
    live.last_update_seconds = second.time_since_epoch().count();
    live.last_update_micros = version < kVersionOfMicros ? 0 : (time - second).count();
}

RraCf Header::cf(std::size_t rra) const noexcept {
    const auto parsed = parse_rra_cf(text_of(rras[rra].cf));
    assert(parsed);
    return *parsed;
}

DataSource Header::source(std::size_t source) const noexcept {
    const SourceRecord& record = sources[source];
    const auto type = parse_ds_type(text_of(record.type));
    assert(type);
    if (*type == DsType::kCompute) return {.type = *type};
    // Longer ones than any silence may come from `tune`, which does not check.
    const auto heartbeat = std::min<std::uint64_t>(
        record.parameters[SourceRecord::kHeartbeat].count(), std::uint64_t{kSpanMax_s});
    return {.type = *type,
            .heartbeat = Seconds{static_cast<std::int64_t>(heartbeat)},
            .minimum = record.parameters[SourceRecord::kMinimum].number(),
            .maximum = record.parameters[SourceRecord::kMaximum].number()};
}

std::uint64_t Header::live_offset() const noexcept {
    return sizeof(HeadRecord) + sizeof(SourceRecord) * sources.size() +
           sizeof(RraRecord) * rras.size();
}

std::uint64_t Header::bytes() const noexcept {
    return live_offset() + live_record_bytes(version) + sizeof(PdpRecord) * sources.size() +
           sizeof(CdpRecord) * sources.size() * rras.size() + sizeof(std::uint64_t) * rras.size();
}

std::uint64_t Header::rra_offset(std::size_t rra) const noexcept {
    std::uint64_t rows = 0;
    for (std::size_t i = 0; i < rra; ++i) rows += rras[i].rows;
    return bytes() + rows * row_bytes();
}

std::uint64_t Header::file_bytes() const noexcept {
    return rra_offset(rras.size());
}

std::optional<std::size_t> find_source(const Header& header, std::string_view name) noexcept {
    const auto found = std::ranges::find_if(
        header.sources, [&](const SourceRecord& record) { return text_of(record.name) == name; });
    if (found == header.sources.end()) return std::nullopt;
    return static_cast<std::size_t>(found - header.sources.begin());
}

Time newest_row_time(const Header& header, std::size_t rra) noexcept {
    const Seconds last{header.live.last_update_seconds};
    return Time{last - last % header.resolution(rra)};
}

int needed_version(const Header& header) noexcept {
    int version = kVersionOfMicros;
    for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
        const RraCf cf = header.cf(rra);
        const auto& parameters = header.rras[rra].parameters;
        const double window = parameters[RraRecord::kSmoothingWindow].number();
        // Older versions take the default for any window, and creators may leave it out.
        const bool has_window = header.version >= kVersionOfSmoothing && is_seasonal(cf) &&
                                window != 0 && window != kDefaultSmoothingWindow;
        if (cf == RraCf::kMhwPredict || has_window) version = kVersionOfSmoothing;
    }
    for (std::size_t i = 0; i < header.sources.size(); ++i) {
        const DsType type = header.source(i).type;
        if (type == DsType::kDCounter || type == DsType::kDDerive) version = kVersionOfNewTypes;
    }
    return version;
}

void raise_version(Header& header, int version) noexcept {
    if (version <= header.version) return;
    if (header.version < kVersionOfSmoothing && version >= kVersionOfSmoothing) {
        for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
            if (!is_seasonal(header.cf(rra))) continue;
            header.rras[rra].parameters[RraRecord::kSmoothingWindow] =
                Slot::of_number(kDefaultSmoothingWindow);
        }
    }
    header.version = version;
}

std::uint64_t header_bytes(std::span<const std::byte> head) noexcept {
    HeadRecord record;
    if (head.size() < sizeof record) return head.size();
    std::memcpy(&record, head.data(), sizeof record);
    // Below, so that no product overflows.
    constexpr std::uint64_t kCountMax = kHeaderBytesMax / sizeof(CdpRecord);
    const std::uint64_t sources = record.source_count;
    const std::uint64_t rras = record.rra_count;
    if (sources > kCountMax || rras > kCountMax) return kHeaderBytesMax;
    const std::uint64_t bytes =
        sizeof record + sizeof(LiveRecord) + sources * (sizeof(SourceRecord) + sizeof(PdpRecord)) +
        rras * (sizeof(RraRecord) + sizeof(std::uint64_t)) + sources * rras * sizeof(CdpRecord);
    return std::min(bytes, kHeaderBytesMax);
}

Result<Header> decode_header(std::string_view name, std::span<const std::byte> bytes,
                             std::uint64_t file_bytes) {
    auto header = read_header(name, bytes.first(std::min(bytes.size(), kHeaderBytesMax)));
    if (!header) return header;
    if (auto checked = check_definitions(name, *header, file_bytes); !checked) {
        return std::unexpected(checked.error());
    }
    if (auto checked = check_live(name, *header); !checked) {
        return std::unexpected(checked.error());
    }
    return header;
}

Result<void> decode_live(std::string_view name, std::span<const std::byte> live, Header& header) {
    RecordReader reader(live);
    if (auto read = read_live(reader, header); !read) return read;
    return check_live(name, header);
}

void encode_header(const Header& header, std::span<std::byte> bytes) noexcept {
    RecordWriter writer(bytes);
    const HeadRecord head = head_of(header);
    writer.put(&head, sizeof head);
    writer.put(header.sources);
    writer.put(header.rras);
    write_live(writer, header);
}

void encode_live(const Header& header, std::span<std::byte> live) noexcept {
    RecordWriter writer(live);
    write_live(writer, header);
}

}  // namespace kurabe::store::rrd
