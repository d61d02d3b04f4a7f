// What lasts as long as a server runs, whatever becomes of its configuration.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "cli/command_line.hpp"
#include "cli/environment.hpp"
#include "server/access_log.hpp"
#include "server/config_state.hpp"
#include "server/event_log.hpp"
#include "server/http_traffic.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"
#include "server/mackerel_graphs.hpp"
#include "server/metadata.hpp"
#include "server/standing_numbers.hpp"
#include "store/guarded.hpp"
#include "store/retention.hpp"
#include "store/rrd/tree.hpp"
#include "store/store.hpp"

namespace kurabe::cli {

// As the configuration in use says.
struct Retentions {
    store::Retention usual = store::Retention::kurado();
    std::map<std::string, store::Retention, std::less<>> of_hosts = {};  // that have another
};

// What became of checkpoints since the start. Thread-safe.
struct CheckpointState {
    std::atomic<std::int64_t> last_success = 0;  // seconds since 1970; 0: none yet
    std::atomic<std::uint64_t> succeeded = 0;
    std::atomic<std::uint64_t> failed = 0;
};

struct ServeCore {
    const ServeCommand& command;
    const Environment& environment;
    server::Log& log;
    std::unique_ptr<store::Store> store = {};
    store::rrd::RrdTree* tree = nullptr;  // the store, when that is one
    std::unique_ptr<server::Metadata> metadata = {};
    std::unique_ptr<server::EventLog> events = {};
    std::unique_ptr<server::Ingest> ingest = {};
    std::unique_ptr<server::StandingNumbers> numbers = {};
    std::unique_ptr<server::MackerelGraphs> mackerel = {};
    server::ConfigState config_state = {};
    server::HttpTraffic traffic = {};
    server::AccessLog access_log = {};
    CheckpointState checkpoints = {};
    // Who uses net-snmp, which one thread at a time may.
    std::shared_ptr<std::timed_mutex> snmp_turn = std::make_shared<std::timed_mutex>();
    // What archives that are made now are to have.
    store::Guarded<Retentions> retentions = {};
    bool only_draws = false;  // on a read-only file system
    store::Time started = {};
    // When an earlier run heard its last host, so about when that one ended.
    std::optional<store::Time> heard_before = {};
};

// Opens the metadata's file and the events in it, to be read alone when the core only draws.
[[nodiscard]] Result<void> open_metadata(ServeCore& core, const std::filesystem::path& file);

}  // namespace kurabe::cli
