// Rows found by their times.
#include "store/rrd/ring.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kurabe::store::rrd {

Result<Ring> Ring::read(const Archive& archive, const Header& header, std::size_t rra) {
    const std::uint64_t row_values = header.sources.size();
    if (header.rras[rra].rows > kRingValuesMax / row_values) {
        return fail(ErrorCode::kLimit,
                    fmt::format("RRA {} of '{}' has more than the {} values that others can be "
                                "made of",
                                rra, archive.path().string(), kRingValuesMax));
    }
    Ring ring;
    ring.cf_ = header.cf(rra);
    ring.resolution_ = header.resolution(rra);
    ring.pdp_per_row_ = header.rras[rra].pdp_per_row;
    ring.rows_ = header.rras[rra].rows;
    ring.current_row_ = header.current_rows[rra];
    ring.newest_ = newest_row_time(header, rra);
    ring.sources_ = header.sources.size();
    ring.values_.resize(ring.rows_ * ring.sources_);
    if (auto read = archive.read_rows(rra, 0, ring.values_); !read) {
        return std::unexpected(read.error());
    }
    return ring;
}

void Ring::turn() {
    const auto oldest = static_cast<std::ptrdiff_t>((current_row_ + 1) * sources_);
    std::rotate(values_.begin(), values_.begin() + oldest, values_.end());
    current_row_ = rows_ - 1;
}

void Ring::forget(std::size_t source) noexcept {
    for (std::size_t i = source; i < values_.size(); i += sources_) values_[i] = kFileUnknown;
}

std::optional<std::uint64_t> Ring::row_at(Time time) const noexcept {
    const Time end = row_time(time, resolution_);
    if (end > newest_) return std::nullopt;
    const auto age = static_cast<std::uint64_t>((newest_ - end) / resolution_);
    if (age >= rows_) return std::nullopt;
    return (current_row_ + rows_ - age) % rows_;
}

}  // namespace kurabe::store::rrd
