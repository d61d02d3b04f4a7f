// Every data source's own way through the steps; the ways are of equal shape.
#include "store/rrd/pdp_stage.hpp"

#include "store/rrd/compute_evaluator.hpp"
#include "store/rrd/reading.hpp"

namespace kurabe::store::rrd {
namespace {

// Adds the amount to the open PDP.
PdpRuns advance(const UpdatePlan& plan, const DataSource& source, const SampleSpan& span,
                Value amount, PdpRecord& record) noexcept {
    PdpState open{.value = record.slots[PdpRecord::kValue].number(),
                  .unknown_seconds = record.slots[PdpRecord::kUnknownSeconds].count()};
    const PdpRuns runs = advance_pdp(open, plan.step, source.heartbeat, span, amount);
    record.slots[PdpRecord::kValue] = Slot::of_number(open.value);
    record.slots[PdpRecord::kUnknownSeconds] = Slot::of_count(open.unknown_seconds);
    return runs;
}

// rrdtool adds whole seconds up to the end of a partly open step and misses it by a fraction.
void label(std::span<ClosedPdps> closed, Seconds step, SampleTime last) noexcept {
    for (ClosedPdps& run : closed) {
        run.label = Time{step * static_cast<std::int64_t>(run.first + run.count)};
    }
    const bool has_fraction = last != std::chrono::floor<Seconds>(last);
    if (closed.size() > 1 && has_fraction) closed.front().label -= Seconds{1};
}

}  // namespace

Result<std::span<const ClosedPdps>> PdpStage::run(const UpdatePlan& plan, const SampleSpan& span,
                                                  std::span<const std::string_view> readings,
                                                  Time clock, Header& state) {
    const double interval = seconds_between(span.last, span.now);
    std::size_t closed_count = 0;
    for (std::size_t i = 0; i < plan.sources.size(); ++i) {
        const DataSource& source = plan.sources[i].source;
        PdpRecord& record = state.pdps[i];
        const auto amount =
            amount_of_reading(source, text_of(record.last_reading), readings[i], interval);
        if (!amount) return std::unexpected(amount.error());
        set_text(record.last_reading, readings[i]);
        closed_count = 0;
        for (const PdpRun& run : advance(plan, source, span, *amount, record)) {
            ClosedPdps& closed = closed_[closed_count++];
            closed.first = run.first;
            closed.count = run.count;
            closed.values.resize(plan.sources.size());
            closed.values[i] = as_stored(run.value);
            if (source.type != DsType::kCompute) continue;
            const auto computed = evaluate_compute(plan.sources[i].program, closed.values, clock);
            if (!computed) return std::unexpected(computed.error());
            closed.values[i] = *computed;
        }
    }
    const auto closed = std::span(closed_).first(closed_count);
    label(closed, plan.step, span.last);
    return closed;
}

}  // namespace kurabe::store::rrd
