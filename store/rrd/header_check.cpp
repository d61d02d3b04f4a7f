// Refuses headers whose counts, names, indexes or times cannot be trusted.
#include "store/rrd/header_check.hpp"

#include <limits>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "store/rrd/compute_program.hpp"

namespace kurabe::store::rrd {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

std::unexpected<Error> damaged(std::string_view name, const std::string& reason) {
    return fail(ErrorCode::kDamaged, fmt::format("'{}' is damaged: {}", name, reason));
}

template <std::size_t N>
bool is_terminated(const std::array<char, N>& field) noexcept {
    return text_of(field).size() < N;
}

// Digits of "0003".
std::optional<int> version_of(const HeadRecord& head) noexcept {
    int version = 0;
    for (std::size_t i = 0; i + 1 < head.version.size(); ++i) {
        const char c = head.version[i];
        if (c < '0' || c > '9') return std::nullopt;
        version = version * 10 + (c - '0');
    }
    return version;
}

Result<void> check_source(const Header& header, std::size_t index) {
    const SourceRecord& record = header.sources[index];
    const std::string_view ds = text_of(record.name);
    if (ds.empty() || !is_terminated(record.name)) {
        return invalid(fmt::format("data source {} has no name", index));
    }
    const auto type = parse_ds_type(text_of(record.type));
    if (!type) return invalid(fmt::format("data source {} has no known type", index));
    if (*type != DsType::kCompute) return {};
    if (const auto program = read_compute(record, index); !program) {
        return invalid(program.error().message);
    }
    return {};
}

// Whether `rows` rows of `resolution` seconds cover no more than kSpanMax_s.
bool span_fits(std::uint64_t step, std::uint64_t pdp_per_row, std::uint64_t rows) noexcept {
    constexpr std::uint64_t kSpanMax = kSpanMax_s;
    return step <= kSpanMax && pdp_per_row <= kSpanMax / step &&
           rows <= kSpanMax / (step * pdp_per_row);
}

Result<void> check_rra(const Header& header, std::size_t index) {
    const RraRecord& record = header.rras[index];
    const auto cf = parse_rra_cf(text_of(record.cf));
    if (!cf) {
        return invalid(fmt::format("RRA {} has no known consolidation function", index));
    }
    if (record.rows == 0 || record.pdp_per_row == 0) {
        return invalid(fmt::format("RRA {} has no rows", index));
    }
    const auto step = static_cast<std::uint64_t>(header.step.count());
    if (!span_fits(step, record.pdp_per_row, record.rows)) {
        return invalid(fmt::format("RRA {} covers more time than there is", index));
    }
    if (consolidates(*cf)) return {};
    if (record.parameters[RraRecord::kPartner].count() >= header.rras.size()) {
        return invalid(fmt::format("RRA {} depends on an RRA that is not there", index));
    }
    if (*cf == RraCf::kFailures &&
        record.parameters[RraRecord::kWindowLength].count() > kWindowLengthMax) {
        return invalid(
            fmt::format("RRA {} has a window of more than {} rows", index, kWindowLengthMax));
    }
    return {};
}

// The bytes that header and rows need, unless they are more than can be counted.
std::optional<std::uint64_t> needed_bytes(const Header& header) noexcept {
    constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
    std::uint64_t bytes = header.bytes();
    for (const RraRecord& record : header.rras) {
        if (record.rows > (kMax - bytes) / header.row_bytes()) return std::nullopt;
        bytes += record.rows * header.row_bytes();
    }
    return bytes;
}

}  // namespace

Result<int> check_head(std::string_view name, const HeadRecord& head) {
    if (head.cookie != kCookie) {
        return fail(ErrorCode::kDamaged, fmt::format("'{}' is not an RRD file", name));
    }
    const auto version = version_of(head);
    if (!version || *version == 0) {
        return damaged(name, "its version is no number");
    }
    if (*version > kVersionMax) {
        return fail(ErrorCode::kUnsupported,
                    fmt::format("can't handle RRD file version {:04}", *version));
    }
    if (head.float_cookie != kFloatCookie) {
        return fail(ErrorCode::kUnsupported, "This RRD was created on another architecture");
    }
    if (head.step_seconds == 0 || head.step_seconds > std::uint64_t{kSpanMax_s}) {
        return damaged(name, "its step is no number of seconds");
    }
    if (head.source_count == 0) return damaged(name, "it has no data source");
    if (head.rra_count == 0) return damaged(name, "it has no RRA");
    return *version;
}

Result<void> check_records(const Header& header) {
    for (std::size_t i = 0; i < header.sources.size(); ++i) {
        if (auto checked = check_source(header, i); !checked) return checked;
    }
    for (std::size_t i = 0; i < header.rras.size(); ++i) {
        if (auto checked = check_rra(header, i); !checked) return checked;
    }
    if (header.bytes() > kHeaderBytesMax) {
        return invalid(fmt::format("its header is longer than {} bytes", kHeaderBytesMax));
    }
    if (!needed_bytes(header)) return invalid("its rows are more than any file can hold");
    return {};
}

Result<void> check_definitions(std::string_view name, const Header& header,
                               std::uint64_t file_bytes) {
    if (const auto checked = check_records(header); !checked) {
        return damaged(name, checked.error().message);
    }
    if (const std::uint64_t needed = header.file_bytes(); needed > file_bytes) {
        return fail(ErrorCode::kDamaged,
                    fmt::format("'{}' is too small (should be {} bytes)", name, needed));
    }
    return {};
}

Result<void> check_live(std::string_view name, const Header& header) {
    if (header.live.last_update_seconds < 0 || header.live.last_update_seconds > kSpanMax_s ||
        header.live.last_update_micros < 0 || header.live.last_update_micros >= kMicrosPerSecond) {
        return damaged(name, "its last update is no time");
    }
    for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
        if (header.current_rows[rra] >= header.rras[rra].rows) {
            return damaged(name, fmt::format("the current row of RRA {} is not there", rra));
        }
    }
    return {};
}

}  // namespace kurabe::store::rrd
