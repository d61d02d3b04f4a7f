// A munin-node: what it is asked, whatever the way to it, and what is kept of it from poll to poll.
// Rule: Munin's guide, "Data exchange protocol"; tried against munin-node in
// tests/collectors/munin/node_test.cpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "collectors/back_off.hpp"
#include "collectors/munin/byte_stream.hpp"
#include "collectors/munin/gathering.hpp"
#include "collectors/munin/line_connection.hpp"
#include "collectors/report.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::munin {

inline constexpr std::uint16_t kPort = 4949;
inline constexpr std::size_t kListedMax = 1000;           // services of a node; more are not asked
inline constexpr std::size_t kAnswerBytesMax = 1 << 20;   // of one service
inline constexpr std::size_t kSpoolBytesMax = 128 << 20;  // of a spoolfetch
// Of a spoolfetch, the oldest; values that the store has already count among the first.
inline constexpr std::size_t kSpoolValuesMax = 50'000;
inline constexpr std::size_t kSpoolSamplesMax = 30'000;
inline constexpr std::size_t kPollBytesMax = 32 << 20;      // of all other answers of one poll
inline constexpr store::Seconds kConfigInterval{300};       // how often it is asked for its graphs
inline constexpr store::Seconds kSpoolFirst = kOldestTold;  // of a host of which nothing is known
inline constexpr store::Seconds kSpoolSilenceMax{1800};     // without a new value of any service
inline constexpr store::Seconds kSpoolOverlap{900};  // services are not spooled at one moment

struct NodeSettings {
    std::string host;                            // identity, to which the samples belong
    std::string plugin;                          // identifier
    std::string service;                         // the only one that is asked for; empty: all
    std::chrono::milliseconds deadline{30'000};  // of a poll
    // The last times of the series of this host and plugin, by their keys; asked for before each
    // spoolfetch. Without it what was reported counts as stored.
    std::function<std::map<std::string, store::SampleTime, std::less<>>()> stored = {};
};

// Belongs to one thread at a time.
class Node {
  public:
    // `now` gives the times of samples.
    Node(NodeSettings settings, std::unique_ptr<Way> way, std::function<store::Time()> now,
         std::uint64_t seed);

    // Waits for the node. What it did not answer before the deadline is a warning of the report and
    // is asked for last the next time; an error (one line that does not name the host) when it
    // answered nothing, and, without asking, for a while after that.
    [[nodiscard]] Result<Report> poll(const std::stop_token& stop);

  private:
    using Clock = std::chrono::steady_clock;

    // What is known of one that `list` names.
    struct Known {
        std::vector<Service> services;      // of a multigraph more than one
        store::Time configured{};           // when it was asked for them
        store::Time fetched{};              // when it was asked for values
        bool has_values_in_config = false;  // dirtyconfig
    };

    [[nodiscard]] Result<Report> ask(const std::stop_token& stop);
    // The node's first words, behind what others said on the way.
    [[nodiscard]] Result<void> hear_greeting(LineConnection& node) const;
    [[nodiscard]] Result<std::set<std::string, std::less<>>> greet(LineConnection& node);
    // Of one service after another; one that is not answered is a warning, and the last.
    [[nodiscard]] Result<void> fetch_listed(LineConnection& node, Gathering& gathering,
                                            const std::stop_token& stop);
    [[nodiscard]] Result<std::vector<std::string>> list(LineConnection& node);
    // Forgets services that are no longer listed, and takes back their graphs.
    void drop_others(const std::vector<std::string>& services, Gathering& gathering);
    // All that the node has since then, or, at a limit, what came of it, with a warning.
    [[nodiscard]] Result<Answer> read_spool(LineConnection& node, std::int64_t begin,
                                            Gathering& gathering);
    [[nodiscard]] Result<void> fetch_spool(LineConnection& node, Gathering& gathering);
    [[nodiscard]] bool is_due(const Known& known, store::Time now) const;
    // An error ends the connection's use.
    [[nodiscard]] Result<void> fetch(LineConnection& node, const std::string& service,
                                     Gathering& gathering);
    [[nodiscard]] Result<Answer> read(LineConnection& node, const std::string& command,
                                      const std::string& service, std::size_t bytes_max);
    [[nodiscard]] Result<void> configure(LineConnection& node, const std::string& service,
                                         Known& known, Gathering& gathering);
    // Of the times with which values of the spool were stored, or reported.
    [[nodiscard]] store::SampleTime newest_known(store::Time now) const;
    [[nodiscard]] std::int64_t spool_begin(store::Time now) const;
    void warn_of_silence(const std::vector<Service>& services, Gathering& gathering) const;
    // What a spool has beyond a limit is polled for at once, unless the last such poll brought
    // nothing that was kept.
    void leave_rest(Gathering& gathering, store::SampleTime known);

    NodeSettings settings_;
    std::unique_ptr<Way> way_;
    std::function<store::Time()> now_;
    BackOff back_off_;
    std::string last_error_;
    SeriesMemory memory_;
    std::map<std::string, Known> known_;
    std::set<std::string> slow_;  // that were not answered in time
    std::map<std::string, store::SampleTime, std::less<>> stored_;
    store::SampleTime newest_{};  // of what the spool had, when it is not known what is stored
    std::optional<store::SampleTime> rest_after_;  // what was known when there was more
    std::size_t bytes_left_ = 0;
    bool is_in_step_ = true;  // what comes next is the answer to what is asked next
};

}  // namespace kurabe::collectors::munin
