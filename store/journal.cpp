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
            complain(end,
                     fmt::format("{}: the records {} to {} before it are missing{}",
                                 segment_name(first), end.last_sequence + 1, first - 1, cut_off));
        }
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
        cut_off = read->cut_off ? fmt::format(": {} behind {}", *read->cut_off, end.last_sequence)
                                : std::string();
    }
    return end;
}

Result<std::unique_ptr<Journal>> Journal::open(const std::filesystem::path& directory,
                                               std::uint64_t last_sequence,
                                               const JournalOptions& options) {
    if (options.segment_bytes < kSegmentBytesMin || options.segment_bytes > kSegmentBytesMax) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("segments of {} bytes: {} to {} are possible",
                                options.segment_bytes, kSegmentBytesMin, kSegmentBytesMax));
    }
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error) {
        return std::unexpected(system_error(directory, "make this directory", error.value()));
    }
    if (auto synced = sync_directory(directory.parent_path()); !synced) {
        return std::unexpected(synced.error());
    }
    return std::unique_ptr<Journal>(new Journal(directory, last_sequence, options));
}

std::unexpected<Error> Journal::fail_for_good(Error error) {
    error.code = ErrorCode::kDamaged;
    failure_ = error;
    return std::unexpected(std::move(error));
}

Result<void> Journal::make_room(std::size_t bytes) {
    if (segment_ && segment_->position + bytes <= options_.segment_bytes) return {};
    if (auto committed = commit_segment(); !committed) return committed;
    auto file = create_segment(directory_, last_sequence_ + 1, options_.segment_bytes);
    if (!file) return std::unexpected(file.error());
    segment_.emplace(Segment{.file = *std::move(file),
                             .first_sequence = last_sequence_ + 1,
                             .position = kSegmentHeaderBytes});
    return {};
}

Result<std::uint64_t> Journal::append(JournalRecord& record) {
    const std::lock_guard lock(mutex_);
    if (failure_) return std::unexpected(*failure_);
    record.sequence = last_sequence_ + 1;
    bytes_.clear();
    if (auto written = append_record(record, bytes_); !written) {
        return std::unexpected(written.error());
    }
    if (auto made = make_room(bytes_.size()); !made) return std::unexpected(made.error());
    // After a part of it, the next record would not be found.
    if (auto written = segment_->file.write(bytes_, segment_->position); !written) {
        return fail_for_good(written.error());
    }
    segment_->position += bytes_.size();
    segment_->is_committed = false;
    last_sequence_ = record.sequence;
    return last_sequence_;
}

Result<void> Journal::commit_segment() {
    if (failure_) return std::unexpected(*failure_);
    if (!segment_ || segment_->is_committed) return {};
    if (auto synced = segment_->file.sync_data(); !synced) return fail_for_good(synced.error());
    segment_->is_committed = true;
    return {};
}

Result<void> Journal::commit() {
    const std::lock_guard lock(mutex_);
    return commit_segment();
}

std::uint64_t Journal::end_segment() {
    const std::lock_guard lock(mutex_);
    if (segment_ && segment_->position > kSegmentHeaderBytes && commit_segment()) segment_.reset();
    return last_sequence_;
}

Result<void> Journal::remove_through(std::uint64_t sequence) {
    const std::lock_guard lock(mutex_);
    const auto segments = list_segments(directory_);
    if (!segments) return std::unexpected(segments.error());
    for (std::size_t i = 0; i < segments->size(); ++i) {
        const bool is_written = segment_ && (*segments)[i] == segment_->first_sequence;
        const std::uint64_t next =
            i + 1 < segments->size() ? (*segments)[i + 1] : last_sequence_ + 1;
        if (is_written || next > sequence + 1) break;
        std::error_code error;
        std::filesystem::remove(directory_ / segment_name((*segments)[i]), error);
        if (error) {
            return std::unexpected(
                system_error(directory_ / segment_name((*segments)[i]), "remove", error.value()));
        }
    }
    return {};
}

}  // namespace kurabe::store
