// Numbers that stand until others come: a graph of GrowthForecast has its last number, however long
// ago it was posted. Kept with the hosts' meta, so that they stand over restarts, too.
// Rule: docs/operations.md, "GrowthForecast".
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/report.hpp"
#include "server/ingest.hpp"
#include "server/line_intake.hpp"
#include "server/log.hpp"
#include "server/metadata.hpp"
#include "server/now_and_then.hpp"
#include "store/guarded.hpp"
#include "store/store.hpp"

namespace kurabe::server {

// So long a number stands that nobody posts again; then its graph ends.
inline constexpr store::Seconds kStandingTime{35 * 86400};
// The store's hosts that are services begin so.
inline constexpr std::string_view kServiceHost = "service:";

// What an address of GrowthForecast names.
struct StandingPath {
    std::string service;
    std::string section;
    std::string graph;

    [[nodiscard]] std::string host() const { return std::string(kServiceHost) + service; }
    auto operator<=>(const StandingPath&) const = default;
};

// kInvalid for names that no series, no graph or no address could have.
[[nodiscard]] Result<void> check_path(const StandingPath& path);

enum class StandingMode : std::uint8_t { kGauge, kCount, kModified, kDerive };
[[nodiscard]] std::optional<StandingMode> parse_standing_mode(std::string_view name) noexcept;
[[nodiscard]] std::string_view name_of(StandingMode mode) noexcept;

struct StandingNumber {
    double number = 0;  // an integer of 53 bits for kDerive
    StandingMode mode = StandingMode::kGauge;
    std::string colour = {};  // "#rrggbb" or "#rrggbbaa"
    std::string description = {};
    store::Time created = {};
    store::SampleTime changed = {};  // when the last sample of a post was
};

// What somebody posts.
struct PostedNumber {
    double number = 0;
    StandingMode mode = StandingMode::kGauge;
    std::optional<std::string> colour = {};  // none: as it is, of a new one that of its name
    std::optional<std::string> description = {};
    std::optional<store::Time> time = {};  // none: now
};

// Whether what was posted is stored, or was before: posted twice, which is no mistake.
[[nodiscard]] bool is_taken(const TakenLines& taken) noexcept;

// Thread-safe; one post at a time. References must outlive it.
class StandingNumbers {
  public:
    // Reads those that are kept. Services whose archives or meta cannot be read have none.
    StandingNumbers(const store::Store& store, const Metadata& metadata, Ingest& ingest, Log& log,
                    std::function<store::Time()> now);

    struct Posted {
        StandingNumber standing;  // as it is then
        TakenLines taken;
    };
    // The path was checked. A number that is older than the one that stands is stored as its time
    // says, when nothing is stored there yet, and changes nothing else; one that could not be
    // stored, such as one of the future, changes nothing. Nothing of one is stored that could not
    // be kept, as its section has too many.
    [[nodiscard]] Posted post(const StandingPath& path, const PostedNumber& posted,
                              LineIntake& intake, const Sender& sender);
    [[nodiscard]] std::optional<StandingNumber> find(const StandingPath& path) const;

    // Stores each number that still stands as of `tick`. What fails is in the log.
    void write(store::Time tick);

  private:
    using Numbers = std::map<StandingPath, StandingNumber>;

    void read(const std::string& host, const store::Store& store, const Metadata& metadata);
    // For the meta of a new graph: why they have none.
    [[nodiscard]] std::optional<std::string> want_of_room(const StandingPath& path) const;
    [[nodiscard]] StandingNumber next(const StandingPath& path, const PostedNumber& posted,
                                      const std::optional<StandingNumber>& now) const;
    [[nodiscard]] std::vector<collectors::Report> reports(store::Time tick) const;

    const Metadata& metadata_;
    Ingest& ingest_;
    Log& log_;
    std::function<store::Time()> now_;
    NowAndThen told_;
    std::mutex posting_;  // taken before numbers_
    store::Guarded<Numbers> numbers_;
};

// The value as the store reads it.
[[nodiscard]] std::string text_of(double number);

}  // namespace kurabe::server
