// What a store may live through: batches of several hosts in time, from a seed; and everything that
// it holds afterwards, to be compared with another store bit for bit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace kurabe::tests {

inline constexpr std::size_t kScenarioHosts = 5;

// Small rings, which are overwritten after some batches, and small segments.
[[nodiscard]] store::StoreOptions scenario_options(std::chrono::milliseconds commit_interval);

// Batch number n of a scenario: of another host each time, with gaps, new series every now and
// then, some of them many at once, late samples, and rarely a silence that is longer than the
// rings. Every batch has the series "mark.gauge" with the value n.
class Scenario {
  public:
    explicit Scenario(std::uint64_t seed) : random_(seed), spacing_(seed % 4 < 2 ? 40 : 4) {}
    // The next one.
    [[nodiscard]] store::Batch next();

  private:
    [[nodiscard]] store::RawValue reading(std::size_t series);
    void add_late(store::Batch& batch, std::size_t series);

    std::mt19937_64 random_;
    std::uint64_t spacing_;  // seconds between batches at most
    std::int64_t number_ = 0;
    store::SampleTime time_{store::Seconds{1'700'000'100}};
    std::size_t series_[kScenarioHosts] = {3, 3, 3, 3, 3};
};

// Whether nothing was refused but late samples.
[[nodiscard]] bool is_taken(const store::AppendReport& report);

// The host of batch number n.
[[nodiscard]] std::string scenario_host(std::int64_t number);

// Every series with its state and all its rows, as bytes; empty for a host that is not there.
[[nodiscard]] std::string contents_of(const store::Store& store, const std::string& host);
// The number of the last batch that the store has, of all hosts; -1: none.
[[nodiscard]] std::int64_t last_batch_of(const store::Store& store);
// "" when both hold the same, else the host in which they differ.
[[nodiscard]] std::string difference(const store::Store& one, const store::Store& other);

// A directory in memory where there is one, for tests of which many syncs are not the matter.
[[nodiscard]] std::filesystem::path fast_directory();

[[nodiscard]] std::unique_ptr<store::Store> open_store(const std::filesystem::path& directory,
                                                       const store::StoreOptions& options);

}  // namespace kurabe::tests
