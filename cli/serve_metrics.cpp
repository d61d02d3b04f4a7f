// Numbers are read where they are counted; of the process, from the kernel.
#include "cli/serve_metrics.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

namespace kurabe::cli {
namespace {

using server::MetricsText;
using Seconds = std::chrono::duration<double>;

double number(auto integer) {
    return static_cast<double>(integer);
}

void tell_traffic(const server::HttpTraffic& traffic, MetricsText& text) {
    constexpr std::string_view kRequests = "kurabe_http_requests_total";
    const server::HttpTraffic::Numbers numbers = traffic.numbers();
    text.counters(kRequests, "Requests answered, those refused among them, by class of status.");
    for (std::size_t i = 0; i < numbers.by_class.size(); ++i) {
        text.sample(kRequests, {{"status", fmt::format("{}xx", i + 1)}},
                    number(numbers.by_class[i]));
    }
    text.summary("kurabe_http_request_duration_seconds",
                 "From the end of a request's head until its answer was sent.",
                 Seconds(numbers.duration).count(), numbers.answered);
    text.gauge("kurabe_http_connections", "Connections that have a thread.",
               number(numbers.connections));
    text.counter("kurabe_http_connections_cut_total",
                 "Connections that ended, or were ended, in the middle of a request or answer.",
                 number(numbers.cut));
}

// Of a family whose samples differ in what became of something.
void tell_outcomes(std::string_view name, std::string_view help, std::uint64_t accepted,
                   std::uint64_t refused, MetricsText& text) {
    text.counters(name, help);
    text.sample(name, {{"outcome", "accepted"}}, number(accepted));
    text.sample(name, {{"outcome", "refused"}}, number(refused));
}

void tell_ingest(const server::IngestNumbers& ingested, MetricsText& text) {
    tell_outcomes("kurabe_ingest_reports_total", "Reports of hosts that were taken in.",
                  ingested.reports, ingested.refused_reports, text);
    tell_outcomes("kurabe_ingest_samples_total", "Samples in the reports that were accepted.",
                  ingested.samples, ingested.refused_samples, text);
}

void tell_checkpoints(const CheckpointState& checkpoints, MetricsText& text) {
    constexpr std::string_view kCheckpoints = "kurabe_checkpoints_total";
    text.counters(kCheckpoints, "Times that the journal was brought into the archives.");
    text.sample(kCheckpoints, {{"outcome", "succeeded"}}, number(checkpoints.succeeded.load()));
    text.sample(kCheckpoints, {{"outcome", "failed"}}, number(checkpoints.failed.load()));
    text.gauge("kurabe_checkpoint_last_success_timestamp_seconds",
               "When that last succeeded, since 1970; 0 before the first time.",
               number(checkpoints.last_success.load()));
}

void tell_config(const server::ConfigState& state, MetricsText& text) {
    constexpr std::string_view kReloads = "kurabe_config_reloads_total";
    const auto reloads = state.reloads();
    text.counters(kReloads, "Times that the configuration was read again.");
    text.sample(kReloads, {{"outcome", "succeeded"}}, number(reloads.succeeded));
    text.sample(kReloads, {{"outcome", "failed"}}, number(reloads.failed));
    text.gauge("kurabe_config_last_reload_successful",
               "1 when the configuration in use is the one of the files, else 0.",
               state.failure() ? 0 : 1);
}

double seconds(const timeval& time) {
    return number(time.tv_sec) + number(time.tv_usec) / 1e6;
}

// -1 when the kernel does not say.
std::int64_t open_files() {
    std::error_code error;
    const std::filesystem::directory_iterator files("/proc/self/fd", error);
    if (error) return -1;
    return std::distance(begin(files), end(files)) - 1;  // one is that of the directory
}

// Prometheus' own names, as its client libraries have them.
void tell_process(store::Time started, MetricsText& text) {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    text.counter("process_cpu_seconds_total", "CPU time of the process, user and system.",
                 seconds(usage.ru_utime) + seconds(usage.ru_stime));
    std::uint64_t pages = 0;
    std::uint64_t resident_pages = 0;
    if (std::ifstream("/proc/self/statm") >> pages >> resident_pages) {
        text.gauge("process_resident_memory_bytes", "Resident memory, mapped archives included.",
                   number(resident_pages) * number(::sysconf(_SC_PAGESIZE)));
    }
    if (const auto files = open_files(); files >= 0) {
        text.gauge("process_open_fds", "Files that are open.", number(files));
    }
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        text.gauge("process_max_fds", "Files that may be open.", number(limit.rlim_cur));
    }
    text.gauge("process_start_time_seconds", "When the server was started, since 1970.",
               number(started.time_since_epoch().count()));
}

}  // namespace

void tell_server(const ServeCore& core, server::MetricsText& text) {
    tell_traffic(core.traffic, text);
    tell_ingest(core.ingest->numbers(), text);
    tell_checkpoints(core.checkpoints, text);
    tell_config(core.config_state, text);
    tell_process(core.started, text);
}

void tell_polls(const std::vector<std::unique_ptr<Collection>>& collections,
                server::MetricsText& text) {
    constexpr std::string_view kBegun = "kurabe_polls_begun_total";
    constexpr std::string_view kEnded = "kurabe_polls_total";
    std::vector<std::pair<std::string, collectors::PollNumbers>> kinds;
    for (const auto& collection : collections) {
        if (const Polls* const polls = collection->polls()) {
            kinds.emplace_back(polls->kind, polls->counts.numbers());
        }
    }
    if (kinds.empty()) return;
    text.counters(kBegun, "Polls of hosts that were begun, by the kind of collection.");
    for (const auto& [kind, polls] : kinds)
        text.sample(kBegun, {{"kind", kind}}, number(polls.begun));
    text.counters(kEnded,
                  "Polls that ended, or were skipped because the last one was still under way.");
    for (const auto& [kind, polls] : kinds) {
        text.sample(kEnded, {{"kind", kind}, {"outcome", "succeeded"}}, number(polls.succeeded));
        text.sample(kEnded, {{"kind", kind}, {"outcome", "failed"}}, number(polls.failed));
        text.sample(kEnded, {{"kind", kind}, {"outcome", "skipped"}}, number(polls.skipped));
    }
}

}  // namespace kurabe::cli
