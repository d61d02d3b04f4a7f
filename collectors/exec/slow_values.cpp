// As a Munin plugin's values are filled in.
#include "collectors/exec/slow_values.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace kurabe::collectors::exec {

void fill_slow_values(store::Batch& batch, munin::SeriesMemory& memory, store::Seconds rate,
                      store::Time now) {
    if (rate <= munin::kFilledStep) return;
    const std::vector<store::Sample> told = std::exchange(batch.samples, {});
    std::size_t left = munin::kPollSamplesMax - std::min(munin::kPollSamplesMax, told.size());
    for (const store::Sample& sample : told) {
        const auto type = store::ds_type_of_key(sample.key);
        if (!type || sample.time > now + munin::kFurthestAhead) {
            batch.samples.push_back(sample);
            continue;
        }
        const munin::SeriesMemory::Reading next{.time = sample.time, .value = sample.value};
        auto readings = munin::filled(memory.find(sample.key), next, *type, rate);
        if (readings.size() - 1 > left) readings = {next};
        left -= readings.size() - 1;
        for (const auto& [time, value] : readings) {
            batch.samples.push_back({sample.plugin, sample.key, value, time});
        }
        memory.keep(sample.key, next);
    }
    std::ranges::stable_sort(batch.samples, {}, &store::Sample::time);
}

}  // namespace kurabe::collectors::exec
