// Counters are sent as they stand since the start: their rates are the store's.
#include "cli/own_metrics.hpp"

#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>

#include <fmt/ranges.h>
#include <sys/resource.h>
#include <unistd.h>

#include "collectors/report_builder.hpp"

namespace kurabe::cli {
namespace {

constexpr std::string_view kOwnPlugin = "kurabe";

std::int64_t milliseconds(const timeval& time) {
    return std::int64_t{time.tv_sec} * 1000 + time.tv_usec / 1000;
}

void add_process(collectors::ReportBuilder& report) {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    report.derive("cpu-user", milliseconds(usage.ru_utime));
    report.derive("cpu-system", milliseconds(usage.ru_stime));
    std::uint64_t pages = 0;
    std::uint64_t resident_pages = 0;
    if (std::ifstream("/proc/self/statm") >> pages >> resident_pages) {
        report.gauge("memory-resident", static_cast<double>(resident_pages) *
                                            static_cast<double>(::sysconf(_SC_PAGESIZE)));
    }
}

void add_ingested(const server::IngestNumbers& ingested, collectors::ReportBuilder& report) {
    report.derive("samples", ingested.samples);
    report.derive("samples-refused", ingested.refused_samples);
    report.derive("reports", ingested.reports);
    report.derive("reports-refused", ingested.refused_reports);
}

void add_polls(const std::string& kind, const collectors::PollNumbers& polls,
               collectors::ReportBuilder& report) {
    using Seconds = std::chrono::duration<double>;
    const std::string begin = "polls-" + kind;
    report.derive(begin + "-succeeded", polls.succeeded);
    report.derive(begin + "-failed", polls.failed);
    report.derive(begin + "-skipped", polls.skipped);
    report.gauge(begin + "-lateness", Seconds(polls.lateness).count());
    report.gauge(begin + "-duration", Seconds(polls.duration).count());
}

}  // namespace

std::vector<std::string> own_addresses(const server::Config& config) {
    std::vector<std::string> addresses;
    for (const auto& [address, place] : config.hosts) {
        for (const server::PluginLine& line : place.host->roll->plugins) {
            if (line.identifier() == kOwnPlugin) addresses.push_back(address);
        }
    }
    return addresses;
}

std::vector<collectors::Report> own_reports(
    const std::vector<std::string>& hosts,
    const std::vector<std::unique_ptr<Collection>>& collections,
    const server::IngestNumbers& ingested, store::Time started, store::Time now) {
    std::vector<std::string> kinds;
    std::vector<collectors::PollNumbers> polls;
    for (const auto& collection : collections) {
        if (Polls* const counted = collection->polls()) {
            kinds.push_back(counted->kind);
            polls.push_back(counted->counts.look());
        }
    }
    std::vector<collectors::Report> reports;
    for (const std::string& host : hosts) {
        collectors::ReportBuilder report(host, kOwnPlugin, now);
        add_process(report);
        add_ingested(ingested, report);
        for (std::size_t i = 0; i < kinds.size(); ++i) add_polls(kinds[i], polls[i], report);
        if (!kinds.empty()) report.meta("collections", fmt::to_string(fmt::join(kinds, ",")));
        report.meta("uptime", std::to_string((now - started).count()));
        reports.push_back(report.take());
    }
    return reports;
}

void begin_counters_anew(collectors::Report& report) {
    std::vector<store::Sample> gaps;
    for (const store::Sample& sample : report.batch.samples) {
        if (!sample.key.ends_with(".derive")) continue;
        gaps.push_back({sample.plugin, sample.key, store::RawValue::unknown(),
                        sample.time - std::chrono::seconds{1}});
    }
    report.batch.samples.insert(report.batch.samples.begin(), gaps.begin(), gaps.end());
}

}  // namespace kurabe::cli
