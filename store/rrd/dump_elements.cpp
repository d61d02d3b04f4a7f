// The two tables.
#include "store/rrd/dump_elements.hpp"

#include <algorithm>
#include <array>

#include "store/rrd/records.hpp"

namespace kurabe::store::rrd {
namespace {

using Kind = DumpField::Kind;
using Place = DumpPlace;
using Target = DumpField::Target;

struct Container {
    Place parent;
    std::string_view tag;
    Place place;
};

constexpr std::array kContainers{
    Container{Place::kDocument, "rrd", Place::kRrd},
    Container{Place::kRrd, "ds", Place::kSource},
    Container{Place::kRrd, "rra", Place::kRra},
    Container{Place::kRra, "params", Place::kParameters},
    Container{Place::kRra, "cdp_prep", Place::kCdps},
    Container{Place::kCdps, "ds", Place::kCdp},
    Container{Place::kRra, "database", Place::kDatabase},
    Container{Place::kDatabase, "row", Place::kRow},
};

constexpr std::array kFields{
    DumpField{Place::kRrd, "version", Kind::kVersion},
    DumpField{Place::kRrd, "step", Kind::kStep},
    DumpField{Place::kRrd, "lastupdate", Kind::kLastUpdate},

    DumpField{Place::kSource, "name", Kind::kName},
    DumpField{Place::kSource, "type", Kind::kType},
    DumpField{Place::kSource, "cdef", Kind::kProgram},
    DumpField{Place::kSource, "minimal_heartbeat", Kind::kCount, Target::kSource,
              SourceRecord::kHeartbeat},
    DumpField{Place::kSource, "min", Kind::kNumber, Target::kSource, SourceRecord::kMinimum},
    DumpField{Place::kSource, "max", Kind::kNumber, Target::kSource, SourceRecord::kMaximum},
    DumpField{Place::kSource, "last_ds", Kind::kReading},
    DumpField{Place::kSource, "value", Kind::kNumber, Target::kPdp, PdpRecord::kValue},
    DumpField{Place::kSource, "unknown_sec", Kind::kCount, Target::kPdp,
              PdpRecord::kUnknownSeconds},

    DumpField{Place::kRra, "cf", Kind::kCf},
    DumpField{Place::kRra, "pdp_per_row", Kind::kPdpPerRow},
    // Of version 1, which has no <params>.
    DumpField{Place::kRra, "xff", Kind::kNumber, Target::kRra, RraRecord::kXff},

    DumpField{Place::kParameters, "xff", Kind::kNumber, Target::kRra, RraRecord::kXff},
    DumpField{Place::kParameters, "hw_alpha", Kind::kNumber, Target::kRra, RraRecord::kAlpha},
    DumpField{Place::kParameters, "hw_beta", Kind::kNumber, Target::kRra, RraRecord::kBeta},
    DumpField{Place::kParameters, "seasonal_gamma", Kind::kNumber, Target::kRra, RraRecord::kGamma},
    DumpField{Place::kParameters, "seasonal_smooth_idx", Kind::kCount, Target::kRra,
              RraRecord::kSmoothingRow},
    DumpField{Place::kParameters, "smoothing_window", Kind::kNumber, Target::kRra,
              RraRecord::kSmoothingWindow},
    DumpField{Place::kParameters, "delta_pos", Kind::kNumber, Target::kRra,
              RraRecord::kDeltaPositive},
    DumpField{Place::kParameters, "delta_neg", Kind::kNumber, Target::kRra,
              RraRecord::kDeltaNegative},
    DumpField{Place::kParameters, "window_len", Kind::kCount, Target::kRra,
              RraRecord::kWindowLength},
    DumpField{Place::kParameters, "failure_threshold", Kind::kCount, Target::kRra,
              RraRecord::kThreshold},
    DumpField{Place::kParameters, "dependent_rra_idx", Kind::kCount, Target::kRra,
              RraRecord::kPartner},

    DumpField{Place::kCdp, "primary_value", Kind::kNumber, Target::kCdp, CdpRecord::kPrimary},
    DumpField{Place::kCdp, "secondary_value", Kind::kNumber, Target::kCdp, CdpRecord::kSecondary},
    DumpField{Place::kCdp, "value", Kind::kNumber, Target::kCdp, CdpRecord::kValue},
    DumpField{Place::kCdp, "unknown_datapoints", Kind::kCount, Target::kCdp,
              CdpRecord::kUnknownPdps},
    DumpField{Place::kCdp, "intercept", Kind::kNumber, Target::kCdp, CdpRecord::kIntercept},
    DumpField{Place::kCdp, "last_intercept", Kind::kNumber, Target::kCdp,
              CdpRecord::kLastIntercept},
    DumpField{Place::kCdp, "slope", Kind::kNumber, Target::kCdp, CdpRecord::kSlope},
    DumpField{Place::kCdp, "last_slope", Kind::kNumber, Target::kCdp, CdpRecord::kLastSlope},
    DumpField{Place::kCdp, "nan_count", Kind::kCount, Target::kCdp, CdpRecord::kNullCount},
    DumpField{Place::kCdp, "last_nan_count", Kind::kCount, Target::kCdp, CdpRecord::kLastNullCount},
    DumpField{Place::kCdp, "seasonal", Kind::kNumber, Target::kCdp, CdpRecord::kSeasonal},
    DumpField{Place::kCdp, "last_seasonal", Kind::kNumber, Target::kCdp, CdpRecord::kLastSeasonal},
    DumpField{Place::kCdp, "init_flag", Kind::kCount, Target::kCdp, CdpRecord::kBurnIn},
    DumpField{Place::kCdp, "history", Kind::kHistory},

    DumpField{Place::kRow, "v", Kind::kValue},
};

}  // namespace

std::optional<DumpPlace> find_place(DumpPlace parent, std::string_view tag) noexcept {
    const auto found = std::ranges::find_if(kContainers, [&](const Container& container) {
        return container.parent == parent && container.tag == tag;
    });
    if (found == kContainers.end()) return std::nullopt;
    return found->place;
}

std::string_view place_tag(DumpPlace place) noexcept {
    const auto found = std::ranges::find(kContainers, place, &Container::place);
    return found == kContainers.end() ? "document" : found->tag;
}

const DumpField* find_field(DumpPlace parent, std::string_view tag) noexcept {
    const auto found = std::ranges::find_if(kFields, [&](const DumpField& field) {
        return field.parent == parent && field.tag == tag;
    });
    return found == kFields.end() ? nullptr : &*found;
}

}  // namespace kurabe::store::rrd
