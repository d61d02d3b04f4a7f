// Batches into the journal and then into archives, series into archives, and the journal's records
// after a crash.
#include <algorithm>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "store/archive_name.hpp"
#include "store/counted.hpp"
#include "store/local_store.hpp"
#include "store/sample_limits.hpp"

namespace kurabe::store {
namespace {

// How many of the samples fit into one record, whatever they are, beside the rows that late ones
// fill: those take less than half of it.
std::size_t samples_of_one_record(std::span<const Sample> samples) {
    std::size_t bytes = kRecordOverheadMax;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const std::size_t name = samples[i].plugin.size() + samples[i].key.size();
        bytes += kRecordSampleBytesMax + kRecordColumnBytesMax +
                 std::min(name, kPluginBytesMax + kKeyBytesMax);
        if (bytes > kJournalRecordBytesMax / 2) return i;
    }
    return samples.size();
}

bool changes_shown_rows(const JournalRecord& record) noexcept {
    return !record.rows.empty() || !record.runs.empty();
}

void add_to(AppendReport& report, AppendReport part) {
    report.stored += part.stored;
    report.refused_count += part.refused_count;
    for (Error& error : part.refused) {
        if (report.refused.size() < kRefusedErrorsMax) report.refused.push_back(std::move(error));
    }
}

// Why nothing more of a batch is stored, for each sample of the rest.
void refuse_rest(AppendReport& report, std::string_view host, std::span<const Sample> rest,
                 const Error& error) {
    for (const Sample& sample : rest) refuse(report, host, sample, error);
}

}  // namespace

SampleTime LocalStore::newest_time() const {
    return options_.now ? options_.now() + options_.future_max : SampleTime::max();
}

Result<void> LocalStore::check_writes() const {
    if (writes()) return {};
    return fail(ErrorCode::kInvalid, directory_.string() + " is open for reading only");
}

// ---- Appending ----

AppendPlan LocalStore::plan_first(const Batch& batch, AppendReport& report) const {
    const ColumnNames no_names;
    const ColumnIndex none;
    return plan_append(batch.host, batch.samples, {nullptr, {}, no_names, none}, newest_time(),
                       report);
}

Result<AppendReport> LocalStore::append(const Batch& batch, Seconds heartbeat) {
    if (auto checked = check_writes(); !checked) return std::unexpected(checked.error());
    AppendReport report;
    if (find_host(batch.host) == nullptr) {
        if (auto named = archive_name_of(batch.host); !named) {
            return std::unexpected(named.error());
        }
        // Hosts without an archive are not remembered: their names come from outside. A batch of
        // nothing but bad samples makes none.
        if (plan_first(batch, report).record.samples.empty()) return report;
        report = {};
    }
    const auto host = find_or_add_host(batch.host);
    if (!host) return std::unexpected(host.error());
    while (true) {
        if (auto saved = save_inserts(**host); !saved) return std::unexpected(saved.error());
        close_least_used();
        const auto slot = (*host)->slot.lock();
        if (slot->has_unsaved_insert) continue;  // it came just now
        (*host)->last_use = ++uses_;
        auto appended = append_to(*slot, **host, batch, heartbeat, report);
        if (appended) return report;
        note_failure(*slot, appended.error());
        return std::unexpected(appended.error());
    }
}

// The journal's own failure is no archive's.
void LocalStore::note_failure(Slot& slot, const Error& error) const {
    if (is_lasting(error) && slot.archive && !journal_->failure()) slot.failure = error;
}

Result<void> LocalStore::append_to(Slot& slot, Host& host, const Batch& batch, Seconds heartbeat,
                                   AppendReport& report) {
    if (!slot.exists) {
        AppendReport judged;
        const AppendPlan plan = plan_first(batch, judged);
        if (plan.record.samples.empty()) {
            report = std::move(judged);
            return {};
        }
        const std::size_t columns = plan.record.new_columns.size();
        if (auto created = create_archive(slot, host, retention_for(batch.host), columns);
            !created) {
            return created;
        }
    }
    if (auto opened = open_archive(slot, host); !opened) return opened;
    std::span<const Sample> rest(batch.samples);
    bool is_first = true;
    while (!rest.empty()) {
        const auto part = rest.first(samples_of_one_record(rest));
        const auto appended = append_part(slot, batch, heartbeat, part, report);
        if (!appended && is_first) return std::unexpected(appended.error());
        if (!appended) {
            note_failure(slot, appended.error());
            refuse_rest(report, batch.host, rest, appended.error());
            return {};
        }
        rest = rest.subspan(*appended);
        is_first = false;
    }
    return {};
}

// The record, and with it what the first of the late samples fill: how many of these were judged.
Result<std::size_t> LocalStore::append_record(Slot& slot, std::span<const Sample> samples,
                                              std::span<const LateSample> late,
                                              JournalRecord& record, SampleTime::duration advance,
                                              AppendReport& report) {
    AppendReport judged;
    const auto filled = slot.archive->accept_late(samples, late, record, judged);
    if (!filled) return std::unexpected(filled.error());
    if (!record.samples.empty() || changes_shown_rows(record)) {
        if (auto written = write_record(slot, record, advance); !written) {
            return std::unexpected(written.error());
        }
    }
    judged.stored = record.samples.size() + filled->stored;
    add_to(report, std::move(judged));
    return filled->judged;
}

Result<std::size_t> LocalStore::append_part(Slot& slot, const Batch& batch, Seconds heartbeat,
                                            std::span<const Sample> samples, AppendReport& report) {
    const std::string& host = batch.host;
    AppendReport judged;
    auto plan = slot.archive->accept(host, samples, newest_time(), judged);
    if (!plan) return std::unexpected(plan.error());
    std::ranges::stable_sort(plan->late, {}, &LateSample::column);
    JournalRecord record = std::move(plan->record);
    record.heartbeat = std::clamp(heartbeat, Seconds{0}, kHeartbeatMax);
    SampleTime::duration advance = plan->advance;
    std::span<const LateSample> late(plan->late);
    for (bool is_first = true; is_first || !late.empty(); is_first = false) {
        const auto written = append_record(slot, samples, late, record, advance, judged);
        if (!written && is_first) return std::unexpected(written.error());
        if (!written) {
            note_failure(slot, written.error());
            for (const LateSample& sample : late) {
                refuse(judged, host, samples[sample.number], written.error());
            }
            break;
        }
        late = late.subspan(*written);
        record = {};
        record.heartbeat = std::clamp(heartbeat, Seconds{0}, kHeartbeatMax);
        record.host = host;
        record.columns_before = static_cast<std::uint32_t>(slot.archive->columns().size());
        advance = {};
    }
    add_to(report, std::move(judged));
    return plan->judged;
}

// The journal first: what it has not, no archive may have either, once a power cut is over. A state
// is written only behind a commit, and no row that is shown is overwritten before one.
Result<void> LocalStore::write_record(Slot& slot, JournalRecord& record,
                                      SampleTime::duration advance) {
    HostArchive& archive = *slot.archive;
    if (!archive.has_room_for(record) || !archive.keeps_open_rows(record)) {
        if (auto committed = journal_->commit_through(archive.applied_sequence()); !committed) {
            return committed;
        }
        if (auto made = archive.make_room(record); !made) return made;
    }
    record.previous_sequence = archive.applied_sequence();
    const auto sequence = journal_->append(record);
    if (!sequence) return std::unexpected(sequence.error());

    if (journal_->committed() >= archive.applied_sequence()) slot.uncommitted = {};
    slot.uncommitted += advance;
    const bool may_overwrite =
        slot.uncommitted >= archive.layout().spare_time() || changes_shown_rows(record);
    if (may_overwrite || options_.commit_interval.count() == 0) {
        if (auto committed = journal_->commit_through(*sequence); !committed) return committed;
        slot.uncommitted = {};
    }
    return archive.apply(record);
}

Retention LocalStore::retention_for(std::string_view host) const {
    const auto own = options_.retention_of ? options_.retention_of(host) : std::nullopt;
    return own && own->check() ? *own : options_.retention;
}

Result<void> LocalStore::create_archive(Slot& slot, Host& host, const Retention& retention,
                                        std::size_t columns) {
    // Records of an archive of this name that is no more are not to be replayed into this one.
    if (auto committed = journal_->commit(); !committed) return committed;
    auto created = HostArchive::create(
        host.path,
        {.retention = retention, .columns = columns, .values_per_run = options_.values_per_run},
        journal_->committed());
    if (!created) return std::unexpected(created.error());
    slot.exists = true;
    slot.archive.emplace(*std::move(created));
    count_opened(host);
    return {};
}

// ---- Inserting ----

Result<void> LocalStore::insert(const std::string& host, const SeriesCopy& copy) {
    if (auto checked = check_writes(); !checked) return checked;
    const auto known = find_or_add_host(host);
    if (!known) return std::unexpected(known.error());
    close_least_used();
    const auto slot = (*known)->slot.lock();
    (*known)->last_use = ++uses_;
    auto inserted = insert_into(*slot, **known, copy);
    if (!inserted) note_failure(*slot, inserted.error());
    return inserted;
}

Result<void> LocalStore::insert_into(Slot& slot, Host& host, const SeriesCopy& copy) {
    if (!slot.exists) {
        const auto type = check_new_series(copy.column.plugin, copy.column.key);
        if (!type) return std::unexpected(type.error());
        if (auto created = create_archive(slot, host, copy.retention, 1); !created) return created;
    }
    if (auto opened = open_archive(slot, host); !opened) return opened;
    // It may grow, and so write what the journal has not committed.
    if (auto committed = journal_->commit_through(slot.archive->applied_sequence()); !committed) {
        return committed;
    }
    if (auto inserted = slot.archive->insert(copy); !inserted) return inserted;
    slot.has_unsaved_insert = true;
    return {};
}

// ---- Recovering ----

Result<LocalStore::Replayed> LocalStore::replay(const JournalRecord& record) {
    Host* const host = find_host(record.host);
    if (host == nullptr) return Replayed{.lost = Error{ErrorCode::kNotFound, "it has no archive"}};
    close_least_used();
    const auto slot = host->slot.lock();
    host->last_use = ++uses_;
    if (auto opened = open_archive(*slot, *host); !opened) {
        if (!is_lasting(opened.error())) return std::unexpected(opened.error());
        return Replayed{.lost = opened.error()};
    }
    HostArchive& archive = *slot->archive;
    if (record.sequence <= archive.applied_sequence()) return Replayed{};
    const bool follows_a_gap = record.previous_sequence != archive.applied_sequence();
    auto replayed = archive.check_record(record);
    const bool fits = replayed.has_value();
    // The archive of a backup may be from before it grew. The segments are synced by now.
    if (fits && writes()) replayed = archive.make_room(record);
    if (replayed && !archive.has_room_for(record)) {
        replayed = fail(ErrorCode::kUnsupported, "only a writer can make the archive larger");
    }
    if (replayed) replayed = archive.apply(record);
    if (!replayed) {
        if (fits && replayed.error().code == ErrorCode::kDamaged) slot->failure = replayed.error();
        return Replayed{.lost = replayed.error(), .follows_a_gap = follows_a_gap};
    }
    ++recovery_.records;
    recovery_.samples += record.samples.size();
    return Replayed{.follows_a_gap = follows_a_gap};
}

// An archive that has records beyond the journal's end would be taken to have those that get the
// same numbers from now on.
Result<void> LocalStore::renumber(HostArchive& archive, std::uint64_t last_sequence) {
    if (archive.applied_sequence() <= last_sequence) return {};
    archive.restart_sequence(last_sequence);
    return archive.checkpoint();
}

// Those that the journal names: it never was behind them.
Result<void> LocalStore::renumber_archives(std::uint64_t last_sequence) {
    for (const auto& [name, host] : all_hosts()) {
        const auto slot = host->slot.lock();
        if (!slot->archive || slot->archive->applied_sequence() <= last_sequence) continue;
        recovery_.complaints.push_back(fmt::format(
            "{}: its archive has records up to {}, the journal ends at {}: it lost some, "
            "or the archive is from elsewhere",
            name, slot->archive->applied_sequence(), last_sequence));
        if (auto renumbered = renumber(*slot->archive, last_sequence); !renumbered) {
            return renumbered;
        }
    }
    return {};
}

Result<void> LocalStore::recover() {
    const auto directory = directory_ / "journal";
    // What a killed process left to the system has to be lasting before archives have it.
    if (writes()) {
        if (auto synced = sync_journal(directory); !synced) return synced;
    }
    struct Lost {
        std::uint64_t samples = 0;
        std::string reason;
    };
    std::map<std::string, Lost> lost_of_hosts;
    std::set<std::string> hosts_with_gaps;
    is_replaying_ = true;
    const auto end = replay_journal(directory, [&](JournalRecord& record) -> Result<void> {
        const auto replayed = replay(record);
        if (!replayed) return std::unexpected(replayed.error());
        if (replayed->follows_a_gap) hosts_with_gaps.insert(record.host);
        if (replayed->lost) {
            Lost& host = lost_of_hosts[record.host];
            host.samples += record.samples.size();
            host.reason = replayed->lost->message;
        }
        return {};
    });
    is_replaying_ = false;
    if (!end) return std::unexpected(end.error());
    recovery_.complaints = end->complaints;
    for (const auto& [host, lost] : lost_of_hosts) {
        recovery_.complaints.push_back(fmt::format("{}: {} of the journal cannot be stored: {}",
                                                   host, counted(lost.samples, "sample", "samples"),
                                                   lost.reason));
    }
    for (const std::string& host : hosts_with_gaps) {
        recovery_.complaints.push_back(
            fmt::format("{}: records of the journal before those that were applied are missing; "
                        "samples of it are lost",
                        host));
    }
    if (!writes()) return {};
    if (auto renumbered = renumber_archives(end->last_sequence); !renumbered) return renumbered;
    if (!recovery_.complaints.empty()) {
        if (auto kept = set_segments_aside(directory, directory_ / "journal-aside"); !kept) {
            return kept;
        }
    }
    auto journal =
        Journal::open(directory, *end, {.segment_bytes = options_.journal_segment_bytes});
    if (!journal) return std::unexpected(journal.error());
    journal_ = *std::move(journal);
    return {};
}

}  // namespace kurabe::store
