// A probe of one service: tries one after another with a pause between them, each with a connection
// of its own. Belongs to the thread of its fetcher and waits for nothing. That tries fail is what
// it tells, so it does not fail itself.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <variant>

#include "collectors/fetch/dns_query.hpp"
#include "collectors/fetch/http_transfers.hpp"
#include "collectors/fetch/probe_tally.hpp"
#include "collectors/fetch/timed_try.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::fetch {

inline constexpr std::chrono::milliseconds kTryPause{100};
// A try that waits for longer than this is not at work.
inline constexpr std::chrono::milliseconds kStalledAfter{100};

class Probe {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // `request` without its limit: each try has an equal share of what is left until `deadline`.
    // The first begins at `first`. `http` outlives it.
    Probe(TimedRequest request, std::size_t tries, HttpTransfers& http, Time first, Time deadline);
    ~Probe();  // gives up the try under way
    Probe(const Probe&) = delete;
    Probe& operator=(const Probe&) = delete;

    // Whether all tries are made, at the latest at the deadline: those that are not made by then
    // are lost. To be called when the descriptor is readable, at wakes_at() and after take().
    [[nodiscard]] bool advance(Time now);
    [[nodiscard]] const ProbeTally& tally() const noexcept { return tally_; }
    // A transfer that has ended; whether it was of this.
    [[nodiscard]] bool take(HttpTransfers::Finished& finished);

    // To be polled for reading. Negative: nothing.
    [[nodiscard]] int descriptor() const noexcept;
    [[nodiscard]] Time wakes_at() const noexcept;
    // Whether it waits for somebody who has been silent for a while.
    [[nodiscard]] bool is_stalled(Time now) const noexcept;

  private:
    struct Transfer {
        HttpTransfers::Id id = 0;
        std::optional<HttpTransfers::Finished> finished;
    };

    void begin_try(Time now);
    [[nodiscard]] bool is_trying() const noexcept { return under_way_.index() != 0; }
    [[nodiscard]] std::optional<Result<TimedTry>> try_outcome(Time now);
    void count(const Result<TimedTry>& made, Time now);
    void give_up();

    TimedRequest request_;
    std::size_t tries_;
    HttpTransfers& http_;
    Time deadline_;
    Time next_at_;   // when the next try begins
    Time begun_at_;  // of the try under way
    std::variant<std::monostate, Transfer, std::unique_ptr<DnsQuery>> under_way_;
    ProbeTally tally_;
};

}  // namespace kurabe::collectors::fetch
