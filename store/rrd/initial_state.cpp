// Unknown values and how long they have been so.
#include "store/rrd/initial_state.hpp"

#include "store/rrd/name_hash.hpp"

namespace kurabe::store::rrd {
namespace {

std::uint64_t last_update(const Header& header) noexcept {
    return static_cast<std::uint64_t>(header.live.last_update_seconds);
}

std::uint64_t unknown_pdps(const Header& header, std::size_t rra, const PdpRecord& pdp) noexcept {
    const std::uint64_t end = last_update(header) - pdp.slots[PdpRecord::kUnknownSeconds].count();
    return end % static_cast<std::uint64_t>(header.resolution(rra).count()) /
           static_cast<std::uint64_t>(header.step.count());
}

// Spreads the bits of a number over all of its bits (the finalizer of SplitMix64).
std::uint64_t mixed(std::uint64_t bits) noexcept {
    bits += 0x9e3779b97f4a7c15;
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
    return bits ^ (bits >> 31);
}

}  // namespace

PdpRecord initial_pdp(const Header& header) noexcept {
    PdpRecord record;
    set_text(record.last_reading, "U");
    record.slots[PdpRecord::kUnknownSeconds] =
        Slot::of_count(last_update(header) % static_cast<std::uint64_t>(header.step.count()));
    record.slots[PdpRecord::kValue] = kUnknownSlot;
    return record;
}

CdpRecord initial_cdp(const Header& header, std::size_t rra, const PdpRecord& pdp) noexcept {
    CdpRecord record;
    switch (header.cf(rra)) {
        case RraCf::kHwPredict:
        case RraCf::kMhwPredict:
            record.slots[CdpRecord::kIntercept] = kUnknownSlot;
            record.slots[CdpRecord::kLastIntercept] = kUnknownSlot;
            record.slots[CdpRecord::kSlope] = kUnknownSlot;
            record.slots[CdpRecord::kLastSlope] = kUnknownSlot;
            record.slots[CdpRecord::kNullCount] = Slot::of_count(1);
            record.slots[CdpRecord::kLastNullCount] = Slot::of_count(1);
            break;
        case RraCf::kSeasonal:
        case RraCf::kDevSeasonal:
            record.slots[CdpRecord::kSeasonal] = kUnknownSlot;
            record.slots[CdpRecord::kLastSeasonal] = kUnknownSlot;
            record.slots[CdpRecord::kBurnIn] = Slot::of_count(1);
            break;
        case RraCf::kFailures:
            break;
        default:
            record.slots[CdpRecord::kValue] = kUnknownSlot;
            record.slots[CdpRecord::kUnknownPdps] = Slot::of_count(unknown_pdps(header, rra, pdp));
            break;
    }
    return record;
}

std::uint64_t initial_row(std::string_view file_name, std::size_t rra,
                          std::uint64_t rows) noexcept {
    return mixed(name_hash(file_name) + rra) % rows;
}

void begin_state(Header& header, std::string_view file_name) {
    header.pdps.assign(header.sources.size(), initial_pdp(header));
    header.cdps.clear();
    header.current_rows.clear();
    for (std::size_t rra = 0; rra < header.rras.size(); ++rra) {
        for (const PdpRecord& pdp : header.pdps) {
            header.cdps.push_back(initial_cdp(header, rra, pdp));
        }
        header.current_rows.push_back(initial_row(file_name, rra, header.rras[rra].rows));
    }
}

}  // namespace kurabe::store::rrd
