// The header of an .rrd file: definitions, and the state that every update changes.
//
// Decoding checks everything that later code relies on, with arithmetic that cannot overflow, so
// that a hostile file is an error here and nothing later has to doubt a count, an index or a name.
// Source of the format: see records.hpp. Messages are rrdtool's where it has one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "store/data_source.hpp"
#include "store/result.hpp"
#include "store/rrd/records.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

using store::cf_of;
using store::consolidates;
using store::is_seasonal;
using store::parse_rra_cf;
using store::rra_cf_name;
using store::RraCf;

inline constexpr int kVersionMax = 5;
inline constexpr int kVersionOfMicros = 3;     // from here on LiveRecord has microseconds
inline constexpr int kVersionOfSmoothing = 4;  // MHWPREDICT, smoothing windows that count
inline constexpr int kVersionOfNewTypes = 5;   // DCOUNTER, DDERIVE
// The share of a season that an average takes in, before files said so.
inline constexpr double kDefaultSmoothingWindow = 0.05;
inline constexpr std::uint64_t kHeaderBytesMax = 256ULL << 20;
inline constexpr std::uint64_t kWindowLengthMax = CdpRecord::kHistoryMax;
// The longest time that the rows of one RRA may cover: far more than anybody keeps, and sums of
// such spans and times fit into 64 bits.
inline constexpr std::int64_t kSpanMax_s = 1'000'000'000'000;

struct Header {
    int version = kVersionOfMicros;
    Seconds step{1};
    std::vector<SourceRecord> sources;
    std::vector<RraRecord> rras;
    LiveRecord live;
    std::vector<PdpRecord> pdps;              // by source
    std::vector<CdpRecord> cdps;              // by RRA, then source; see cdp()
    std::vector<std::uint64_t> current_rows;  // by RRA: the row that was written last

    [[nodiscard]] CdpRecord& cdp(std::size_t rra, std::size_t source) noexcept {
        return cdps[rra * sources.size() + source];
    }
    [[nodiscard]] const CdpRecord& cdp(std::size_t rra, std::size_t source) const noexcept {
        return cdps[rra * sources.size() + source];
    }

    [[nodiscard]] SampleTime last_update() const noexcept;
    void set_last_update(SampleTime time) noexcept;

    // Of a decoded header these never fail.
    [[nodiscard]] RraCf cf(std::size_t rra) const noexcept;
    // Type, heartbeat and limits; of a COMPUTE only the type counts.
    [[nodiscard]] DataSource source(std::size_t source) const noexcept;
    // Seconds per row.
    [[nodiscard]] Seconds resolution(std::size_t rra) const noexcept {
        return step * static_cast<std::int64_t>(rras[rra].pdp_per_row);
    }

    // Sizes and places in the file. The live part is what updates change: from the last update to
    // the end of the header.
    [[nodiscard]] std::uint64_t live_offset() const noexcept;
    [[nodiscard]] std::uint64_t bytes() const noexcept;  // of the whole header
    [[nodiscard]] std::uint64_t row_bytes() const noexcept { return 8 * sources.size(); }
    [[nodiscard]] std::uint64_t rra_offset(std::size_t rra) const noexcept;  // of its row 0
    [[nodiscard]] std::uint64_t file_bytes() const noexcept;
};

// Index of the DS, or nothing.
[[nodiscard]] std::optional<std::size_t> find_source(const Header& header,
                                                     std::string_view name) noexcept;

// Time of the row that was written last: the end of its interval.
[[nodiscard]] Time newest_row_time(const Header& header, std::size_t rra) noexcept;

// The version that the definitions need at least; never below kVersionOfMicros. Smoothing windows
// that the header's own version ignores need none.
[[nodiscard]] int needed_version(const Header& header) noexcept;

// Raises the version to `version` at least. What older versions ignore then says what it meant:
// smoothing windows are the default.
void raise_version(Header& header, int version) noexcept;

// How many bytes the header has that begins with `head`, at most kHeaderBytesMax; when these are
// none of a header, any number.
[[nodiscard]] std::uint64_t header_bytes(std::span<const std::byte> head) noexcept;

// `bytes` begin at the file's first; `file_bytes` is the file's size and may be more than those
// when the rest is rows. `name` is the file's, for messages. kUnsupported for a newer version or
// another machine's file, else kDamaged.
[[nodiscard]] Result<Header> decode_header(std::string_view name, std::span<const std::byte> bytes,
                                           std::uint64_t file_bytes);
// Reads the live part again into `header`, which this file's definitions were decoded into.
[[nodiscard]] Result<void> decode_live(std::string_view name, std::span<const std::byte> live,
                                       Header& header);

// `bytes` has header.bytes() bytes.
void encode_header(const Header& header, std::span<std::byte> bytes) noexcept;
// `live` has header.bytes() - header.live_offset() bytes.
void encode_live(const Header& header, std::span<std::byte> live) noexcept;

}  // namespace kurabe::store::rrd
