// Where every report of every collector enters: numbers to the store, texts to the metadata.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "collectors/report.hpp"
#include "server/event_log.hpp"
#include "server/log.hpp"
#include "server/metadata.hpp"
#include "store/guarded.hpp"
#include "store/result.hpp"
#include "store/store.hpp"

namespace kurabe::server {

// Counted since the start.
struct IngestNumbers {
    std::uint64_t reports = 0;
    std::uint64_t refused_reports = 0;
    std::uint64_t samples = 0;
    std::uint64_t refused_samples = 0;
};

// What became of a report of which the store took the samples.
struct KeptReport {
    store::AppendReport samples;
    RefusedMeta refused_meta;
    std::optional<Error> texts_failure;  // why meta and warnings are not kept, none of them
};

// Thread-safe. References must outlive it.
class Ingest {
  public:
    Ingest(store::Store& store, Metadata& metadata, Log& log, std::function<store::Time()> now);

    // Keeps the report. What is known of such a host, and what it is warned of, stays so until it
    // is heard again: such a report comes once in `interval`. An error means that none of its
    // samples were stored (its host's archive is damaged, the disk is full); it is logged here.
    // Samples that are refused one by one, such as one that is older than the last, are logged and
    // do not fail the others; so are meta and warnings that cannot be kept, because the samples are
    // stored by then.
    [[nodiscard]] Result<void> accept(const collectors::Report& report, store::Seconds interval);
    // As accept(), for a caller that tells itself what was refused: nothing is logged.
    [[nodiscard]] Result<KeptReport> keep(const collectors::Report& report,
                                          store::Seconds interval);

    // Hosts that were started anew are told to it from now on; it must outlive this. Once, before
    // anything is taken.
    void mark_reboots_in(EventLog& events) noexcept { events_ = &events; }

    [[nodiscard]] IngestNumbers numbers() const { return *numbers_.lock_shared(); }

  private:
    void note_uptime(const collectors::Report& report);
    void count(const Result<store::AppendReport>& appended);

    store::Store& store_;
    Metadata& metadata_;
    EventLog* events_ = nullptr;
    Log& log_;
    std::function<store::Time()> now_;
    store::Guarded<IngestNumbers> numbers_;
};

}  // namespace kurabe::server
