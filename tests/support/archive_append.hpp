// An append to an archive that has no journal.
#pragma once

#include <span>
#include <string_view>

#include "store/host_archive.hpp"

namespace kurabe::tests {

// The three steps of one, as the store takes them.
inline Result<store::AppendReport> append(store::HostArchive& archive, std::string_view host,
                                          std::span<const store::Sample> samples) {
    store::AppendReport report;
    const auto plan = archive.accept(host, samples, store::SampleTime::max(), report);
    if (!plan) return std::unexpected(plan.error());
    auto stored = archive.make_room(plan->record);
    if (stored) stored = archive.apply(plan->record);
    if (!stored) return std::unexpected(stored.error());
    report.stored = plan->record.samples.size();
    return report;
}

}  // namespace kurabe::tests
