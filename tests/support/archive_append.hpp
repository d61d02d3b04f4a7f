// An append to an archive that has no journal.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "store/host_archive.hpp"

namespace kurabe::tests {

// The three steps of one, as the store takes them, for each record that it makes. Late samples in
// it are no more than one record takes.
inline Result<store::AppendReport> append(store::HostArchive& archive, std::string_view host,
                                          std::span<const store::Sample> samples) {
    store::AppendReport report;
    while (!samples.empty()) {
        auto plan = archive.accept(host, samples, store::SampleTime::max(), report);
        if (!plan) return std::unexpected(plan.error());
        std::ranges::stable_sort(plan->late, {}, &store::LateSample::column);
        const auto late = archive.accept_late(samples, plan->late, plan->record, report);
        if (!late) return std::unexpected(late.error());
        auto stored = archive.make_room(plan->record);
        if (stored) stored = archive.apply(plan->record);
        if (!stored) return std::unexpected(stored.error());
        report.stored += plan->record.samples.size() + late->stored;
        samples = samples.subspan(plan->judged);
    }
    return report;
}

}  // namespace kurabe::tests
