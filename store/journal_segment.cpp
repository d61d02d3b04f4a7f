// Makes segments so that they are whole when they have their name, and reads them whole.
#include "store/journal_segment.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "store/bytes.hpp"
#include "store/crc32c.hpp"

namespace kurabe::store {
namespace {

constexpr std::string_view kJournalMagic = "KURABEJ\n";
// Since 2 a record may end with a heartbeat; what else is in it is the same.
constexpr std::uint32_t kVersionMin = 1;
constexpr std::uint32_t kVersion = 2;
constexpr std::string_view kJournalSuffix = ".journal";
constexpr std::size_t kDigits = 16;
constexpr std::size_t kChecksumOffset = 24;

std::array<std::byte, kSegmentHeaderBytes> header_of(std::uint64_t first_sequence) {
    std::array<std::byte, kSegmentHeaderBytes> header{};
    ByteWriter writer(header);
    writer.put_text(kJournalMagic);
    writer.put_u32(kVersion);
    writer.put_u32(0);
    writer.put_u64(first_sequence);
    writer.put_u32(crc32c(std::span(header).first(kChecksumOffset)));
    return header;
}

struct Header {
    std::uint32_t version = kVersion;
    // Why it is not that of the segment.
    std::optional<std::string> trouble = {};
};

Header read_header(std::span<const std::byte> header, std::uint64_t first_sequence) {
    if (header.size() < kSegmentHeaderBytes) return {.trouble = "it is too short"};
    ByteReader reader(header);
    if (reader.text(kJournalMagic.size()) != kJournalMagic) return {.trouble = "it is no journal"};
    const std::uint32_t version = reader.u32();
    reader.skip(sizeof(std::uint32_t));
    const std::uint64_t sequence = reader.u64();
    if (reader.u32() != crc32c(header.first(kChecksumOffset))) {
        return {.trouble = "its checksum is wrong"};
    }
    if (sequence != first_sequence) return {.trouble = "it has another name"};
    return {.version = version};
}

std::unexpected<Error> fail_for_version(const std::filesystem::path& path, std::uint32_t version) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("{}: version {} of the journal; this program reads {} to {}: use the "
                            "program that wrote it, or a newer one",
                            path.string(), version, kVersionMin, kVersion));
}

std::optional<std::uint64_t> sequence_of_name(std::string_view name) {
    if (name.size() != kDigits + kJournalSuffix.size() || !name.ends_with(kJournalSuffix))
        return std::nullopt;
    const std::string_view digits = name.substr(0, kDigits);
    std::uint64_t sequence = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), sequence, 16);
    const bool is_whole = error == std::errc{} && end == digits.data() + digits.size();
    if (!is_whole || segment_name(sequence) != name) return std::nullopt;
    if (sequence == 0 || sequence > kSequenceMax) return std::nullopt;
    return sequence;
}

Result<std::vector<std::byte>> read_file(const std::filesystem::path& path) {
    const auto file = File::open(path, File::Access::kRead);
    if (!file) return std::unexpected(file.error());
    const auto size = file->size();
    if (!size) return std::unexpected(size.error());
    if (*size > kSegmentBytesMax) {
        return fail(ErrorCode::kDamaged, fmt::format("{}: longer than a segment", path.string()));
    }
    std::vector<std::byte> bytes(static_cast<std::size_t>(*size));
    const auto got = file->read(bytes, 0);
    if (!got) return std::unexpected(got.error());
    bytes.resize(*got);
    return bytes;
}

// What the whole records behind a place where one is not say of how far the journal was committed.
std::uint64_t committed_behind(std::span<const std::byte> bytes, std::uint64_t next_sequence) {
    constexpr std::uint64_t kSequencesAhead = 1'000'000;
    constexpr std::size_t kRecordBytesMin = kJournalFrameBytes + sizeof(std::uint64_t);
    constexpr std::size_t kZeroesBytes = 4096;
    // Of places that look like a record and are none: a checksum may be over a megabyte.
    constexpr int kMistakesMax = 1000;
    std::uint64_t committed = 0;
    int mistakes = 0;
    for (std::size_t i = 0; i + kRecordBytesMin <= bytes.size() && mistakes < kMistakesMax;) {
        // Most of it is what was never written; a length is not zero.
        if (is_all_zero(bytes.subspan(i, std::min(kZeroesBytes, bytes.size() - i)))) {
            i += kZeroesBytes - sizeof(std::uint32_t);
            continue;
        }
        ByteReader reader(bytes.subspan(i));
        const std::uint32_t size = reader.u32();
        reader.skip(sizeof(std::uint32_t));
        const std::uint64_t sequence = reader.u64();
        const bool may_be = size > 0 && size <= kJournalRecordBytesMax &&
                            sequence > next_sequence && sequence - next_sequence < kSequencesAhead;
        if (!may_be) {
            ++i;
        } else if (const auto found = read_record(bytes.subspan(i)); found) {
            committed = std::max(committed, found->record.committed_sequence);
            i += found->bytes;
        } else {
            ++mistakes;
            ++i;
        }
    }
    return committed;
}

}  // namespace

std::string segment_name(std::uint64_t first_sequence) {
    return fmt::format("{:016x}{}", first_sequence, kJournalSuffix);
}

Result<std::vector<std::uint64_t>> list_segments(const std::filesystem::path& directory) {
    std::vector<std::uint64_t> sequences;
    std::error_code error;
    std::filesystem::directory_iterator entries(directory, error);
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
        const auto sequence = sequence_of_name(entries->path().filename().string());
        if (sequence) sequences.push_back(*sequence);
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        return std::unexpected(system_error(directory, "read", error.value()));
    }
    std::ranges::sort(sequences);
    return sequences;
}

Result<File> create_segment(const std::filesystem::path& directory, std::uint64_t first_sequence,
                            std::uint64_t bytes) {
    const std::filesystem::path path = directory / segment_name(first_sequence);
    // One that is there has no record; it may be linked elsewhere, and is not to be written.
    if (auto removed = remove_file(path); !removed) return std::unexpected(removed.error());
    auto file = File::create(path);
    if (!file) return file;
    Result<void> made = file->reserve(bytes);
    if (made) made = file->write(header_of(first_sequence), 0);
    if (made) made = file->sync_data();
    if (made) made = sync_directory(directory);
    if (made) return file;
    std::error_code ignored;  // the first error is the one to tell
    std::filesystem::remove(path, ignored);
    return std::unexpected(made.error());
}

Result<SegmentEnd> read_segment(const std::filesystem::path& directory,
                                std::uint64_t first_sequence,
                                const std::function<Result<void>(JournalRecord&)>& apply) {
    const std::filesystem::path path = directory / segment_name(first_sequence);
    const auto bytes = read_file(path);
    if (!bytes) return std::unexpected(bytes.error());
    SegmentEnd end{.next_sequence = first_sequence};
    const std::span<const std::byte> all = *bytes;
    if (is_all_zero(all.first(std::min(all.size(), kSegmentHeaderBytes)))) return end;
    const Header header = read_header(all, first_sequence);
    if (header.version < kVersionMin || header.version > kVersion) {
        return fail_for_version(path, header.version);
    }
    end.bad_header = header.trouble;
    if (end.bad_header) return end;
    std::span<const std::byte> left = all.subspan(kSegmentHeaderBytes);
    while (true) {
        auto found = read_record(left);
        if (!found) {
            if (is_all_zero(left)) return end;
            end.cut_off = found.error().message;
            const std::uint64_t committed = committed_behind(left, end.next_sequence);
            if (committed >= end.next_sequence) end.committed = committed;
            return end;
        }
        if (found->record.sequence != end.next_sequence) {
            end.cut_off = fmt::format("record {} follows on {}", found->record.sequence,
                                      end.next_sequence - 1);
            return end;
        }
        if (auto applied = apply(found->record); !applied) {
            return std::unexpected(applied.error());
        }
        ++end.next_sequence;
        left = left.subspan(found->bytes);
    }
}

}  // namespace kurabe::store
