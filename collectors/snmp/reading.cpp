// Makes a report of what a device answered to its plan.
#include "collectors/snmp/reading.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "collectors/report_builder.hpp"

namespace kurabe::collectors::snmp {
namespace {

using Role = Instance::Role;

constexpr std::uint64_t kUptimeTicksPerSecond = 100;

std::string_view without_blanks_at_end(std::string_view text) {
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
    return text;
}

class Reading {
  public:
    Reading(const Plan& plan, History& history, const Circumstances& circumstances)
        : plan_(plan), history_(history), goes_on_(circumstances.goes_on) {
        for (const std::string& plugin : plan.plugins) {
            builders_.emplace_back(circumstances.host, plugin, circumstances.now);
        }
        storages_.resize(plan.storages.size());
    }

    void take(const Instance& instance, const Value& value);
    [[nodiscard]] Report finish();

  private:
    struct StorageUse {
        std::optional<std::uint64_t> size;
        std::optional<std::uint64_t> used;
    };

    [[nodiscard]] ReportBuilder& base() { return builders_.front(); }
    void count(ReportBuilder& builder, const Instance& instance, const Value& value);
    void warn_of_laps();
    void finish_memory();
    void finish_storages();
    void finish_processor();

    const Plan& plan_;
    History& history_;
    bool goes_on_;
    std::vector<ReportBuilder> builders_;
    std::array<std::optional<double>, kMemoryParts> memory_;
    std::vector<StorageUse> storages_;
    std::vector<std::pair<const Instance*, const Value*>> processor_;
    std::set<std::string> too_fast_;  // names of interfaces
    std::size_t discontinuous_ = 0;   // the interface whose counters began anew
    std::optional<std::uint64_t> uptime_;
    bool has_host_uptime_ = false;
};

void Reading::take(const Instance& instance, const Value& value) {
    const auto number = value.count();
    switch (instance.role) {
        case Role::kUptime:
            if (!has_host_uptime_) uptime_ = number;
            break;
        case Role::kHostUptime:
            if (number) uptime_ = number;
            has_host_uptime_ = number.has_value();
            break;
        case Role::kGuard:
        case Role::kName:
            break;
        case Role::kDiscontinuity:
            if (number && history_.began_anew(instance.key, *number))
                discontinuous_ = instance.item;
            break;
        case Role::kMeta:
            if (value.kind == Kind::kText) {
                builders_[instance.plugin].meta(instance.key, without_blanks_at_end(value.text));
            }
            break;
        case Role::kGauge:
            if (const auto measure = value.measure()) {
                builders_[instance.plugin].gauge(instance.key, *measure * instance.factor);
            }
            break;
        case Role::kCounter:
            count(builders_[instance.plugin], instance, value);
            break;
        case Role::kProcessor:
            processor_.emplace_back(&instance, &value);
            break;
        case Role::kMemory:
            if (const auto size = value.size()) {
                memory_[static_cast<std::size_t>(instance.part)] =
                    static_cast<double>(*size) * instance.factor;
            }
            break;
        case Role::kStorageSize:
            storages_[instance.item - 1].size = value.size();
            break;
        case Role::kStorageUsed:
            storages_[instance.item - 1].used = value.size();
            break;
    }
}

void Reading::count(ReportBuilder& builder, const Instance& instance, const Value& value) {
    constexpr double kBitsPerByte = 8;
    const auto raw = value.count();
    if (!raw) return;
    Counter::Reading reading{.raw = *raw,
                             .is_64_bit = value.kind == Kind::kCounter64,
                             .is_new = history_.has_rebooted(),
                             .breaks_with_before = goes_on_};
    if (instance.item > 0) {
        reading.is_new = reading.is_new || discontinuous_ == instance.item;
        const auto speed = static_cast<double>(plan_.interfaces[instance.item - 1].bits_per_second);
        if (speed > 0) {
            reading.most = speed / kBitsPerByte * history_.since_last_poll().count();
        }
    }
    const Counter::Step step = history_.counter(plan_.counter_name(instance)).take(reading);
    if (step.breaks) builder.derive_gap(instance.key);
    if (step.may_have_lapped) too_fast_.insert(plan_.interfaces[instance.item - 1].key);
    builder.derive(instance.key, step.value / instance.divisor);
}

// Unknown rather than wrong, but not without a word.
void Reading::warn_of_laps() {
    if (too_fast_.empty()) return;
    const auto seconds = std::chrono::round<std::chrono::seconds>(history_.since_last_poll());
    const std::string others =
        too_fast_.size() == 1 ? "" : fmt::format(" and {} more", too_fast_.size() - 1);
    base().warn(
        "traffic-counters",
        fmt::format("{}{}: 32-bit counters can come round several times in the {} s between "
                    "two polls, so their traffic is unknown; ask with SNMP version 2c or "
                    "3, which have 64 bits, or oftener ('interval')",
                    *too_fast_.begin(), others, seconds.count()));
}

// What a device does not have counts as 0, as a kernel without swap does in the local collection.
void Reading::finish_memory() {
    const auto part = [this](MemoryPart which) { return memory_[static_cast<std::size_t>(which)]; };
    const auto total = part(MemoryPart::kTotal);
    auto free = part(MemoryPart::kFree);
    if (total && !free && part(MemoryPart::kUsed)) free = *total - *part(MemoryPart::kUsed);
    if (!total || !free) return;
    const double buffers = part(MemoryPart::kBuffers).value_or(0);
    const double cached = part(MemoryPart::kCached).value_or(0);
    const double swap_total = part(MemoryPart::kSwapTotal).value_or(0);
    const double swap_free =
        part(MemoryPart::kSwapFree)
            .value_or(swap_total - part(MemoryPart::kSwapUsed).value_or(swap_total));
    base().gauge("memory-total", *total);
    base().gauge("memory-free", *free);
    base().gauge("memory-buffers", buffers);
    base().gauge("memory-cached", cached);
    base().gauge("memory-used", *total - *free - buffers - cached);
    base().gauge("memory-swap-total", swap_total);
    base().gauge("memory-swap-used", swap_total - swap_free);
}

// In blocks of 1024 bytes, as df(1) counts. What is kept for root alone is not told.
void Reading::finish_storages() {
    constexpr double kKibibyte = 1024;
    for (std::size_t i = 0; i < storages_.size(); ++i) {
        const auto& [size, used] = storages_[i];
        if (!size || !used) continue;
        const double unit = static_cast<double>(plan_.storages[i].unit_bytes) / kKibibyte;
        const std::uint64_t available = *size - std::min(*size, *used);
        base().gauge(plan_.storages[i].key + "-used", static_cast<double>(*used) * unit);
        base().gauge(plan_.storages[i].key + "-available", static_cast<double>(available) * unit);
    }
}

// net-snmp's agent tells zeros for some seconds after its start. Parts that it does not know are 0,
// as in the local collection.
void Reading::finish_processor() {
    constexpr std::array<const char*, 10> kParts = {
        "cpu-user", "cpu-nice",    "cpu-system", "cpu-idle",  "cpu-iowait",
        "cpu-irq",  "cpu-softirq", "cpu-steal",  "cpu-guest", "cpu-guest-nice"};
    std::map<std::string_view, std::pair<const Instance*, const Value*>> parts;
    for (const auto& [instance, value] : processor_) {
        if (value->count()) parts.emplace(instance->key, std::pair(instance, value));
    }
    const auto idle = parts.find("cpu-idle");
    if (idle == parts.end() || idle->second.second->count() == 0u) return;
    for (const char* const name : kParts) {
        const auto part = parts.find(name);
        if (part == parts.end()) {
            base().derive(name, 0);
        } else {
            count(base(), *part->second.first, *part->second.second);
        }
    }
}

Report Reading::finish() {
    finish_memory();
    finish_storages();
    finish_processor();
    warn_of_laps();
    if (plan_.processors) base().gauge("processors", *plan_.processors);
    if (uptime_ && plan_.is_base_wanted)
        base().meta("uptime", fmt::format("{}", *uptime_ / kUptimeTicksPerSecond));
    for (const auto& [plugin, key, text] : plan_.meta) builders_[plugin].meta(key, text);
    for (const auto& [plugin, key, text] : plan_.complaints) builders_[plugin].warn(key, text);
    Report report = base().take();
    for (std::size_t i = 1; i < builders_.size(); ++i) {
        Report other = builders_[i].take();
        std::ranges::move(other.batch.samples, std::back_inserter(report.batch.samples));
        std::ranges::move(other.meta, std::back_inserter(report.meta));
        std::ranges::move(other.warnings, std::back_inserter(report.warnings));
    }
    return report;
}

}  // namespace

bool still_holds(const Plan& plan, std::span<const Value> values) {
    for (std::size_t i = 0; i < plan.instances.size(); ++i) {
        const Instance& instance = plan.instances[i];
        const Value& value = values[i];
        if (value.is_missing()) return false;
        if (instance.role == Role::kGuard && value.count() != instance.expected) return false;
        if (instance.role == Role::kName &&
            (value.kind != Kind::kText || without_blanks_at_end(value.text) != instance.key)) {
            return false;
        }
    }
    return true;
}

std::optional<std::uint64_t> uptime_ticks(const Plan& plan, std::span<const Value> values) {
    for (std::size_t i = 0; i < plan.instances.size(); ++i) {
        if (plan.instances[i].role == Role::kUptime) return values[i].count();
    }
    return std::nullopt;
}

Report read(const Plan& plan, std::span<const Value> values, History& history,
            const Circumstances& circumstances) {
    Reading reading(plan, history, circumstances);
    for (std::size_t i = 0; i < plan.instances.size(); ++i) {
        reading.take(plan.instances[i], values[i]);
    }
    return reading.finish();
}

}  // namespace kurabe::collectors::snmp
