// A report is kept as a whole or refused with a reason; nothing is dropped in silence.
#include "server/ingest.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "server/interval.hpp"

namespace kurabe::server {
namespace {

// What is known of such a host stays so until it is heard again.
collectors::Report seldom_heard(collectors::Report report, store::Seconds interval) {
    report.batch.heartbeat = heartbeat_at(interval);
    for (collectors::Warning& warning : report.warnings) {
        warning.lifetime = std::max(warning.lifetime, collectors::warning_lifetime(interval));
    }
    return report;
}

}  // namespace

Ingest::Ingest(store::Store& store, Metadata& metadata, Log& log, std::function<store::Time()> now,
               std::function<store::Seconds(std::string_view host)> interval_of)
    : store_(store),
      metadata_(metadata),
      log_(log),
      now_(std::move(now)),
      interval_of_(std::move(interval_of)) {}

Result<void> Ingest::accept(const collectors::Report& report) {
    const std::string& host = report.batch.host;
    const auto kept = keep(report);
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

Result<KeptReport> Ingest::keep(const collectors::Report& report) {
    const store::Seconds interval = interval_of_ ? interval_of_(report.batch.host) : kUsualInterval;
    if (interval <= kUsualInterval) return keep_as_is(report);
    return keep_as_is(seldom_heard(report, interval));
}

Result<KeptReport> Ingest::keep_as_is(const collectors::Report& report) {
    auto appended = store_.append(report.batch);
    count(appended);
    if (!appended) return std::unexpected(std::move(appended).error());
    KeptReport kept{*std::move(appended), {}, std::nullopt};
    if (auto stored = metadata_.store(report, now_()); !stored) {
        kept.texts_failure = std::move(stored).error();
    } else {
        kept.refused_meta = *std::move(stored);
    }
    return kept;
}

void Ingest::count(const Result<store::AppendReport>& appended) {
    const auto numbers = numbers_.lock();
    ++(appended ? numbers->reports : numbers->refused_reports);
    if (!appended) return;
    numbers->samples += appended->stored;
    numbers->refused_samples += appended->refused_count;
}

}  // namespace kurabe::server
