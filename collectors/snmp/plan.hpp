// What is asked of a device at every poll, and what becomes of each answer: made once from what the
// device has (survey.hpp), read every time (reading.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collectors/snmp/oid.hpp"

namespace kurabe::collectors::snmp {

// The parts that Kurado's memory metrics are made of.
enum class MemoryPart : std::uint8_t {
    kTotal,
    kFree,
    kUsed,
    kBuffers,
    kCached,
    kSwapTotal,
    kSwapFree,
    kSwapUsed
};
inline constexpr std::size_t kMemoryParts = 8;

// One object that is asked for.
struct Instance {
    enum class Role : std::uint8_t {
        kUptime,         // sysUpTime, which tells a reboot
        kHostUptime,     // hrSystemUptime, for people
        kGuard,          // when it is not `expected` any more, the device has to be surveyed again
        kName,           // the same, for the name of an interface, `key`
        kDiscontinuity,  // when the counters of `item` began anew
        kMeta,
        kGauge,
        kCounter,
        kProcessor,  // time of the processor; left out before the device has counted any
        kMemory,
        kStorageSize,
        kStorageUsed,
    };

    Oid name;
    Role role;
    std::string key = {};        // of the metric, without its type, or of the meta
    double factor = 1;           // of kGauge and kMemory: to the metric's unit
    std::uint64_t divisor = 1;   // of kCounter
    std::uint64_t expected = 0;  // of kGuard
    MemoryPart part{};           // of kMemory
    std::size_t item = 0;        // of interfaces and storages: which one, from 1; 0: none
    std::size_t plugin = 0;      // of Plan::plugins
};

struct WatchedInterface {
    std::uint64_t bits_per_second;  // 0: the device does not tell
    std::string key = {};           // its name as in keys
};

struct Storage {
    std::string key;  // "disk-usage-root"
    std::uint64_t unit_bytes;
};

// A text of a plugin: a description of the device, or what is wrong with it.
struct PluginText {
    std::size_t plugin;  // of Plan::plugins
    std::string key;
    std::string text;
};

struct Plan {
    bool is_base_wanted = true;
    std::vector<Instance> instances = {};
    std::vector<std::string> plugins = {"base"};
    std::vector<WatchedInterface> interfaces = {};
    std::vector<Storage> storages = {};
    std::optional<double> processors = {};
    std::vector<PluginText> meta = {};        // what does not change between surveys
    std::vector<PluginText> complaints = {};  // of the device, for its page

    // By which a counter is remembered between polls.
    [[nodiscard]] std::string counter_name(const Instance& instance) const {
        return instance.plugin == 0 ? instance.key : plugins[instance.plugin] + '/' + instance.key;
    }
};

}  // namespace kurabe::collectors::snmp
