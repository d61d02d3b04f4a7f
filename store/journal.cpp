// One segment is written at a time, and is full when the next record has no room in it.
#include "store/journal.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace kurabe::store {
namespace {

constexpr std::size_t kComplaintsMax = 20;

void complain(JournalEnd& end, std::string text) {
    if (end.complaints.size() < kComplaintsMax) end.complaints.push_back(std::move(text));
}

}  // namespace

Result<JournalEnd> replay_journal(const std::filesystem::path& directory,
                                  const std::function<Result<void>(JournalRecord&)>& apply) {
    const auto segments = list_segments(directory);
    if (!segments) return std::unexpected(segments.error());
    JournalEnd end;
    std::string cut_off;  // why the segment before ends
    for (const std::uint64_t first : *segments) {
        // Behind the last commit a crash leaves anything; then the next segment begins where it
        // ends.
        if (end.last_sequence > 0 && first > end.last_sequence + 1) {
            complain(end, fmt::format("the records {} to {} of the journal are missing{}",
                                      end.last_sequence + 1, first - 1, cut_off));
        }
        end.last_sequence = std::max(end.last_sequence, first - 1);
        const auto read = read_segment(directory, first, [&](JournalRecord& record) {
            if (record.sequence <= end.last_sequence) return Result<void>{};
            end.last_sequence = record.sequence;
            ++end.records;
            return apply(record);
        });
        if (!read) return std::unexpected(read.error());
        if (read->bad_header) {
            complain(end, fmt::format("{}: {}", segment_name(first), *read->bad_header));
        }
        cut_off = read->cut_off ? fmt::format(": in {} {} behind record {}", segment_name(first),
                                              *read->cut_off, end.last_sequence)
                                : std::string();
        if (read->committed > end.last_sequence) {
            complain(end, fmt::format("the records {} to {} of the journal were on the disk and "
                                      "cannot be read{}",
                                      end.last_sequence + 1, read->committed, cut_off));
        }
    }
    return end;
}

Result<void> sync_journal(const std::filesystem::path& directory) {
    const auto segments = list_segments(directory);
    if (!segments) return std::unexpected(segments.error());
    for (const std::uint64_t first : *segments) {
        const auto file = File::open(directory / segment_name(first), File::Access::kRead);
        if (!file) return std::unexpected(file.error());
        if (auto synced = file->sync_data(); !synced) return synced;
    }
    return segments->empty() ? Result<void>{} : sync_directory(directory);
}

// As links: they are never written again, only removed.
Result<void> set_segments_aside(const std::filesystem::path& directory,
                                const std::filesystem::path& aside) {
    const auto segments = list_segments(directory);
    if (!segments) return std::unexpected(segments.error());
    std::error_code error;
    std::filesystem::create_directories(aside, error);
    for (std::size_t i = 0; !error && i < segments->size(); ++i) {
        const std::string name = segment_name((*segments)[i]);
        std::filesystem::path target = aside / name;
        for (int n = 1; std::filesystem::exists(target); ++n) {
            target = aside / fmt::format("{}.{}", name, n);
        }
        std::filesystem::create_hard_link(directory / name, target, error);
    }
    if (!error) return sync_directory(aside);
    return std::unexpected(system_error(aside, "set the journal aside in", error.value()));
}

Result<std::unique_ptr<Journal>> Journal::open(const std::filesystem::path& directory,
                                               const JournalEnd& end,
                                               const JournalOptions& options) {
    if (options.segment_bytes < kSegmentBytesMin || options.segment_bytes > kSegmentBytesMax) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("segments of {} bytes: {} to {} are possible",
                                options.segment_bytes, kSegmentBytesMin, kSegmentBytesMax));
    }
    auto made = make_directories(directory);
    if (made) made = sync_directory(directory.parent_path());
    if (!made) return std::unexpected(made.error());
    return std::unique_ptr<Journal>(new Journal(directory, end, options));
}

std::unexpected<Error> Journal::fail_for_good(Error error) {
    error.code = ErrorCode::kDamaged;
    failure_ = error;
    return std::unexpected(std::move(error));
}

// Of a record that could not be written whole; what was before it stays.
std::unexpected<Error> Journal::take_back(Error error) {
    auto cut = segment_->file.truncate(segment_->position);
    if (cut) cut = segment_->file.sync_data();
    if (!cut) return fail_for_good(std::move(error));
    committed_ = last_sequence_;
    segment_.reset();  // the next record tries a new one
    return std::unexpected(std::move(error));
}

Result<void> Journal::start_segment() {
    if (auto committed = commit_segment(); !committed) return committed;
    auto file = create_segment(directory_, last_sequence_ + 1, options_.segment_bytes);
    if (!file) return std::unexpected(file.error());
    // What it did not need is given back; the next one has more reason to fail.
    if (segment_) (void)segment_->file.truncate(segment_->position);
    segment_ = std::make_shared<Segment>(*std::move(file), last_sequence_ + 1, kSegmentHeaderBytes);
    has_records_ = false;
    return {};
}

Result<void> Journal::make_room(std::size_t bytes) {
    if (segment_ && segment_->position + bytes <= options_.segment_bytes) return {};
    return start_segment();
}

Result<std::uint64_t> Journal::append(JournalRecord& record) {
    const std::lock_guard lock(mutex_);
    if (failure_) return std::unexpected(*failure_);
    record.sequence = last_sequence_ + 1;
    record.committed_sequence = committed_;
    bytes_.clear();
    if (auto written = append_record(record, bytes_); !written) {
        return std::unexpected(written.error());
    }
    if (auto made = make_room(bytes_.size()); !made) return std::unexpected(made.error());
    if (auto written = segment_->file.write(bytes_, segment_->position); !written) {
        return take_back(std::move(written.error()));
    }
    segment_->position += bytes_.size();
    last_sequence_ = record.sequence;
    has_records_ = true;
    return last_sequence_;
}

Result<void> Journal::commit_segment() {
    if (failure_) return std::unexpected(*failure_);
    if (!segment_ || committed_ == last_sequence_) return {};
    if (auto synced = segment_->file.sync_data(); !synced) return fail_for_good(synced.error());
    committed_ = last_sequence_;
    return {};
}

Result<void> Journal::commit_through(std::uint64_t sequence) {
    const std::lock_guard one_at_a_time(sync_mutex_);
    std::shared_ptr<Segment> segment;
    std::uint64_t last = 0;
    {
        const std::lock_guard lock(mutex_);
        if (failure_) return std::unexpected(*failure_);
        if (committed_ >= std::min(sequence, last_sequence_)) return {};
        segment = segment_;
        last = last_sequence_;
    }
    const auto synced = segment->file.sync_data();
    const std::lock_guard lock(mutex_);
    if (!synced) return fail_for_good(synced.error());
    // The newest one is never removed by us.
    if (segment == segment_ && segment->file.is_removed()) {
        return fail_for_good({ErrorCode::kDamaged,
                              segment->file.path().string() + ": was removed while it was in use"});
    }
    committed_ = std::max(committed_, last);
    return {};
}

std::uint64_t Journal::last_sequence() const {
    const std::lock_guard lock(mutex_);
    return last_sequence_;
}

std::optional<Error> Journal::failure() const {
    const std::lock_guard lock(mutex_);
    return failure_;
}

std::uint64_t Journal::committed() const {
    const std::lock_guard lock(mutex_);
    return committed_;
}

std::uint64_t Journal::begin_segment() {
    const std::lock_guard lock(mutex_);
    if (!failure_ && has_records_) (void)start_segment();
    return last_sequence_;
}

Result<void> Journal::remove_segment(std::uint64_t first_sequence) {
    return remove_file(directory_ / segment_name(first_sequence));
}

Result<void> Journal::remove_through(std::uint64_t sequence) {
    const std::lock_guard lock(mutex_);
    if (failure_) return std::unexpected(*failure_);
    const auto segments = list_segments(directory_);
    if (!segments) return std::unexpected(segments.error());
    for (std::size_t i = 0; i + 1 < segments->size() && (*segments)[i + 1] <= sequence + 1; ++i) {
        if (auto removed = remove_segment((*segments)[i]); !removed) return removed;
    }
    // On a full disk no other could be begun beside the newest. Between these two steps the number
    // is nowhere; an archive that is ahead of its journal is renumbered when it is opened.
    const bool is_superfluous = has_records_ && last_sequence_ <= sequence && !segments->empty();
    if (!is_superfluous) return {};
    segment_.reset();
    if (auto removed = remove_segment(segments->back()); !removed) return removed;
    has_records_ = false;
    return start_segment();
}

}  // namespace kurabe::store
