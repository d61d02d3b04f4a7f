// Answers of one host's Munin plugins as a report: samples, definitions of graphs, warnings.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/munin/answer.hpp"
#include "collectors/report.hpp"
#include "store/types.hpp"

namespace kurabe::collectors::munin {

// Munin's own, for plugins that do not say how often they have new values.
inline constexpr store::Seconds kUsualUpdateRate{300};
// What series keep: a value that comes less often is handed in as several, this far apart.
inline constexpr store::Seconds kFilledStep{60};
// Times that values are told with: not older than this (a spool's first fetch), and not further
// ahead of our clock.
inline constexpr store::Seconds kOldestTold{2 * 86'400};
inline constexpr store::Seconds kFurthestAhead{600};
inline constexpr std::size_t kWarningsMax = 100;         // of a report
inline constexpr std::size_t kEndedWarningsMax = 1'000;  // others live until they are over
inline constexpr std::size_t kPollSamplesMax = 300'000;  // of a report, with those filled in

// The last value of each series of a host: for rates, and for what lies between two values.
class SeriesMemory {
  public:
    struct Reading {
        store::SampleTime time;
        store::RawValue value;
    };

    // Null when there is none.
    [[nodiscard]] const Reading* find(std::string_view key) const;
    // Those that were not told for longer than values are filled in.
    void forget_before(store::SampleTime time) {
        std::erase_if(readings_, [time](const auto& entry) { return entry.second.time < time; });
    }
    // What is newer than a series is in the store, which refused it.
    void forget_what_is_not_in(
        const std::map<std::string, store::SampleTime, std::less<>>& stored) {
        std::erase_if(readings_, [&stored](const auto& entry) {
            const auto found = stored.find(entry.first);
            return found == stored.end() || found->second < entry.second.time;
        });
    }
    // Forgets everything when a host has told of too many series.
    void keep(const std::string& key, Reading reading) {
        constexpr std::size_t kSeriesMax = 100'000;
        if (readings_.size() >= kSeriesMax) readings_.clear();
        readings_[key] = reading;
    }

  private:
    std::map<std::string, Reading, std::less<>> readings_;
};

// A series' next value with those between it and the one before, oldest first, so that a value that
// holds for `rate` is known in every step of it: of a GAUGE the same value, of an ABSOLUTE equal
// shares, of a counter points on the line. The value alone when there is no such gap, or it is over
// twice the rate.
[[nodiscard]] std::vector<SeriesMemory::Reading> filled(const SeriesMemory::Reading* before,
                                                        const SeriesMemory::Reading& next,
                                                        store::DsType type, store::Seconds rate);

class Gathering {
  public:
    // `memory` must outlive it.
    Gathering(std::string host, std::string plugin, store::Time now, SeriesMemory& memory);

    struct Rule {
        // What is not after a series' value in the memory, and not after that of `stored`, is
        // known.
        const std::map<std::string, store::SampleTime, std::less<>>* stored = nullptr;
        store::Seconds usual_rate = kUsualUpdateRate;
        std::size_t samples_max = kPollSamplesMax;
    };
    // Samples of the answer, and warnings of values that are outside of their ranges; of those that
    // are inside they end. `time` is that of values without one. Values with times out of bounds,
    // and all after the report is full, are left out with a warning.
    void take(const Answer& answer, store::SampleTime time, const Rule& rule);
    // What the failure and the complaints of an answer say.
    void take_complaints(const Answer& answer, std::string_view service);
    // Definitions of the graphs of services, by their roots.
    void define(const std::vector<Service>& services);
    // Whether the report had no room for all values.
    [[nodiscard]] bool is_full() const noexcept { return full_at_ > 0; }
    // What was left out comes with the next report.
    void leave_rest() noexcept { report_.has_more = true; }
    // Takes back what define() said of roots.
    void undefine(const std::set<std::string>& roots);
    // The first of a key counts, and of keys the first kWarningsMax.
    void warn(std::string_view key, std::string text, store::Seconds lifetime = kWarningLifetime);

    [[nodiscard]] std::size_t samples() const noexcept { return report_.batch.samples.size(); }
    // The last of the times that were told with values and not left out.
    [[nodiscard]] std::optional<store::SampleTime> newest_told() const noexcept {
        return newest_told_;
    }
    [[nodiscard]] Report finish();

  private:
    [[nodiscard]] bool is_in_bounds(store::SampleTime told) const noexcept {
        return told >= report_.time - kOldestTold && told <= report_.time + kFurthestAhead;
    }
    // False when the report has no room for it.
    [[nodiscard]] bool take_value(const Service& service, const Field& field,
                                  const FieldValue& value, store::SampleTime time,
                                  const Rule& rule);
    void judge_value(const Service& service, const Field& field,
                     const SeriesMemory::Reading* before, const SeriesMemory::Reading& next);

    std::string plugin_;
    Report report_;
    SeriesMemory& memory_;
    std::optional<store::SampleTime> newest_told_;
    std::size_t full_at_ = 0;                    // samples
    std::set<std::string, std::less<>> warned_;  // keys
    struct Judgement {
        std::string text;  // empty: it is good
        store::Seconds lifetime;
    };
    std::map<std::string, Judgement> judgements_;  // of the newest values
};

}  // namespace kurabe::collectors::munin
