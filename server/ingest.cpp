// A report is kept as a whole or refused with a reason; nothing is dropped in silence.
#include "server/ingest.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "server/interval.hpp"

namespace kurabe::server {
namespace {

constexpr std::string_view kUptime = "uptime";
constexpr std::int64_t kUptimeMax = 100LL * 366 * 86400;

}  // namespace

Ingest::Ingest(store::Store& store, Metadata& metadata, Log& log, std::function<store::Time()> now)
    : store_(store), metadata_(metadata), log_(log), now_(std::move(now)) {}

Result<void> Ingest::accept(const collectors::Report& report, store::Seconds interval) {
    const std::string& host = report.batch.host;
    const auto kept = keep(report, interval);
    if (!kept) {
        log_.error("batch refused", {{"host", host}, {"reason", kept.error().message}});
        return std::unexpected(kept.error());
    }
    if (kept->samples.refused_count > 0) {
        log_.warning("samples refused", {{"host", host},
                                         {"count", std::to_string(kept->samples.refused_count)},
                                         {"first", kept->samples.refused.front().message}});
    }
    if (kept->refused_meta.count > 0) {
        log_.warning("meta refused", {{"count", std::to_string(kept->refused_meta.count)},
                                      {"first", kept->refused_meta.reason}});
    }
    if (kept->texts_failure) {
        log_.error("metadata refused", {{"host", host}, {"reason", kept->texts_failure->message}});
    }
    return {};
}

Result<KeptReport> Ingest::keep(const collectors::Report& report, store::Seconds interval) {
    const store::Seconds heartbeat = report.is_history ? store::Seconds{0} : heartbeat_at(interval);
    auto appended = store_.append(report.batch, heartbeat);
    count(appended);
    if (!appended) return std::unexpected(std::move(appended).error());
    KeptReport kept{*std::move(appended), {}, std::nullopt};
    if (auto stored = metadata_.store(report, now_(), collectors::warning_lifetime(interval));
        !stored) {
        kept.texts_failure = std::move(stored).error();
    } else {
        kept.refused_meta = *std::move(stored);
    }
    note_uptime(report);
    return kept;
}

// By the newest uptime of the report, which is as old as that: an agent that was cut off for hours
// tells how long its host had been up then. Nothing is told of the future. Of a spool nobody knows
// when.
void Ingest::note_uptime(const collectors::Report& report) {
    if (events_ == nullptr || report.is_history) return;
    const auto uptime =
        std::find_if(report.meta.rbegin(), report.meta.rend(), [](const collectors::Meta& meta) {
            return meta.plugin == kBasePlugin && meta.key == kUptime;
        });
    if (uptime == report.meta.rend()) return;
    std::int64_t seconds = -1;
    const char* const end = uptime->value.data() + uptime->value.size();
    const auto [rest, error] = std::from_chars(uptime->value.data(), end, seconds);
    if (error != std::errc{} || rest != end || seconds < 0 || seconds > kUptimeMax) return;
    const store::Time now = now_();
    const auto noted = events_->note_uptime(report.batch.host, store::Seconds(seconds),
                                            {.told = std::min(report.time, now), .received = now});
    if (!noted) {
        log_.error("reboot not marked",
                   {{"host", report.batch.host}, {"reason", noted.error().message}});
    }
}

void Ingest::count(const Result<store::AppendReport>& appended) {
    const auto numbers = numbers_.lock();
    ++(appended ? numbers->reports : numbers->refused_reports);
    if (!appended) return;
    numbers->samples += appended->stored;
    numbers->refused_samples += appended->refused_count;
}

}  // namespace kurabe::server
