// Decodes definitions.
#include "store/rrd/update_plan.hpp"

namespace kurabe::store::rrd {
namespace {

Result<UpdatePlan::Source> source_plan(const Header& header, std::size_t index) {
    UpdatePlan::Source plan{.source = header.source(index), .program = {}};
    if (plan.source.type != DsType::kCompute) return plan;
    auto program = read_compute(header.sources[index], index);
    if (!program) return std::unexpected(program.error());
    plan.program = std::move(*program);
    return plan;
}

UpdatePlan::Rra rra_plan(const Header& header, std::size_t index) {
    const RraRecord& record = header.rras[index];
    UpdatePlan::Rra plan{.cf = header.cf(index), .rows = record.rows, .rule = {}, .partner = index};
    plan.rule.pdp_per_row = record.pdp_per_row;
    if (!consolidates(plan.cf)) {
        plan.partner = record.parameters[RraRecord::kPartner].count();
        return plan;
    }
    plan.rule.cf = cf_of(plan.cf);
    plan.rule.unknown = kFileUnknown;
    plan.rule.xff = record.parameters[RraRecord::kXff].number();
    return plan;
}

}  // namespace

Result<UpdatePlan> UpdatePlan::of(const Header& header) {
    UpdatePlan plan{.step = header.step, .sources = {}, .rras = {}};
    for (std::size_t i = 0; i < header.sources.size(); ++i) {
        auto source = source_plan(header, i);
        if (!source) return std::unexpected(source.error());
        plan.sources.push_back(std::move(*source));
    }
    for (std::size_t i = 0; i < header.rras.size(); ++i) {
        plan.rras.push_back(rra_plan(header, i));
        plan.has_holt_winters = plan.has_holt_winters || !consolidates(plan.rras.back().cf);
    }
    return plan;
}

}  // namespace kurabe::store::rrd
