// Definitions and the first state of a file; rows are unknown.
#include "tests/store/rrd/rrd_builder.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "store/cdp.hpp"
#include "store/pdp.hpp"
#include "store/rrd/compute_program.hpp"

namespace kurabe::tests {
namespace {

using namespace store;
using namespace store::rrd;

CdpRecord first_cdp(const RraRecord& record, Time begin, Seconds step) {
    CdpRecord cdp;
    const auto cf = *parse_rra_cf(store::rrd::text_of(record.cf));
    if (consolidates(cf)) {
        const CdpState state = CdpState::beginning(begin, step, record.pdp_per_row);
        cdp.slots[CdpRecord::kValue] = Slot::of_number(state.value);
        cdp.slots[CdpRecord::kUnknownPdps] = Slot::of_count(state.unknown_pdps);
        return cdp;
    }
    if (cf == RraCf::kFailures) return cdp;
    for (const std::size_t slot : {CdpRecord::kIntercept, CdpRecord::kLastIntercept,
                                   CdpRecord::kSlope, CdpRecord::kLastSlope}) {
        cdp.slots[slot] = Slot::of_number(kUnknown);
    }
    cdp.slots[CdpRecord::kNullCount] = Slot::of_count(1);
    cdp.slots[CdpRecord::kLastNullCount] = Slot::of_count(1);
    return cdp;
}

}  // namespace

RrdBuilder& RrdBuilder::add(const Source& source) {
    SourceRecord record;
    set_text(record.name, source.name);
    set_text(record.type, ds_type_name(source.type));
    record.parameters[SourceRecord::kHeartbeat] = Slot::of_count(source.heartbeat_s);
    record.parameters[SourceRecord::kMinimum] = Slot::of_number(source.minimum);
    record.parameters[SourceRecord::kMaximum] = Slot::of_number(source.maximum);
    sources_.push_back(record);
    return *this;
}

RrdBuilder& RrdBuilder::add_compute(std::string_view name, std::string_view program) {
    const auto parsed = parse_compute(program, sources_);
    if (!parsed) throw std::invalid_argument(parsed.error().message);
    SourceRecord record;
    set_text(record.name, name);
    set_text(record.type, ds_type_name(DsType::kCompute));
    write_compute(*parsed, record);
    sources_.push_back(record);
    return *this;
}

RrdBuilder& RrdBuilder::add(const Rra& rra) {
    RraRecord record{.rows = rra.rows, .pdp_per_row = rra.pdp_per_row};
    set_text(record.cf, rra_cf_name(rra.cf));
    std::ranges::copy(rra.parameters, record.parameters.begin());
    rras_.push_back(record);
    return *this;
}

RrdBuilder& RrdBuilder::add_family(std::uint64_t rows, Value alpha, Value beta,
                                   std::uint64_t period) {
    const std::uint64_t first = rras_.size();
    const auto number = [](Value value) { return Slot::of_number(value); };
    const auto count = [](std::uint64_t value) { return Slot::of_count(value); };
    const Slot none;
    add({.cf = RraCf::kHwPredict,
         .rows = rows,
         .parameters = {none, number(alpha), number(beta), count(first + 1),
                        number(static_cast<Value>(period))}});
    for (const RraCf cf : {RraCf::kSeasonal, RraCf::kDevSeasonal}) {
        add({.cf = cf,
             .rows = period,
             .parameters = {none, number(alpha), number(0.05), count(first), count(0)}});
    }
    add({.cf = RraCf::kDevPredict,
         .rows = rows,
         .parameters = {none, none, none, count(first + 2)}});
    return add({.cf = RraCf::kFailures,
                .rows = period,
                .parameters = {none, number(2), number(2), count(first + 2), count(9), count(7)}});
}

Header RrdBuilder::header() const {
    Header header{.step = step_,
                  .sources = sources_,
                  .rras = rras_,
                  .live = {},
                  .pdps = {},
                  .cdps = {},
                  .current_rows = std::vector<std::uint64_t>(rras_.size())};
    header.version = needed_version(header);
    header.set_last_update(begin_);
    const PdpState open = PdpState::beginning(begin_, step_);
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        PdpRecord pdp;
        set_text(pdp.last_reading, "U");
        pdp.slots[PdpRecord::kUnknownSeconds] = Slot::of_count(open.unknown_seconds);
        pdp.slots[PdpRecord::kValue] = Slot::of_number(open.value);
        header.pdps.push_back(pdp);
    }
    for (const RraRecord& record : rras_) {
        header.cdps.insert(header.cdps.end(), sources_.size(), first_cdp(record, begin_, step_));
    }
    return header;
}

void RrdBuilder::write(const std::filesystem::path& path) const {
    const Header made = header();
    std::vector<std::byte> bytes(made.bytes());
    encode_header(made, bytes);
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    const std::vector<Value> rows((made.file_bytes() - made.bytes()) / sizeof(Value), kFileUnknown);
    file.write(reinterpret_cast<const char*>(rows.data()),
               static_cast<std::streamsize>(rows.size() * sizeof(Value)));
}

}  // namespace kurabe::tests
