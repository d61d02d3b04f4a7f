// Files named by their number: "00000000000000000042.lines".
#include "collectors/agent/spool.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "store/file.hpp"
#include "store/new_file.hpp"

namespace kurabe::collectors::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".lines";
constexpr std::string_view kUnfinished = ".kurabe-";  // what store::NewFile begins with
constexpr std::size_t kDigits = 20;
constexpr std::size_t kBatchBytesMax = 16 << 20;
constexpr int kWrittenAtOnce = 64;

std::optional<std::uint64_t> number_of(std::string_view name) {
    if (name.size() != kDigits + kSuffix.size() || !name.ends_with(kSuffix)) return std::nullopt;
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(name.data(), name.data() + kDigits, number);
    if (error != std::errc{} || stop != name.data() + kDigits) return std::nullopt;
    return number;
}

}  // namespace

// What is not there, or no file.
bool Spool::is_lost(ErrorCode code) noexcept {
    return code == ErrorCode::kNotFound || code == ErrorCode::kDamaged;
}

Result<Spool> Spool::open(const std::optional<fs::path>& directory, const SpoolLimits& limits) {
    Spool spool(directory, limits);
    if (!directory) return spool;
    if (auto made = store::make_directories(*directory); !made) {
        return std::unexpected(made.error());
    }
    auto lock = store::LockFile::own(*directory);
    if (!lock) return std::unexpected(lock.error());
    spool.lock_ = *std::move(lock);
    if (auto listed = spool.list(); !listed) return std::unexpected(listed.error());
    return spool;
}

Result<void> Spool::list() {
    std::vector<Entry> found;
    std::error_code error;
    fs::directory_iterator files(*directory_, error);
    for (; !error && files != fs::directory_iterator(); files.increment(error)) {
        const std::string name = files->path().filename();
        std::error_code ignored;
        if (name.starts_with(kUnfinished)) fs::remove(files->path(), ignored);
        const auto number = number_of(name);
        if (!number || !files->is_regular_file(ignored)) continue;
        const std::uintmax_t bytes = files->file_size(ignored);
        found.push_back({*number, ignored ? 0 : static_cast<std::size_t>(bytes), std::nullopt});
    }
    if (error) return std::unexpected(store::system_error(*directory_, "read", error.value()));
    std::ranges::sort(found, {}, &Entry::number);
    for (Entry& entry : found) push(std::move(entry));
    if (!entries_.empty()) next_ = entries_.back().number + 1;
    keep_to_limits();
    return {};
}

fs::path Spool::file_of(std::uint64_t number) const {
    return *directory_ / fmt::format("{:020}{}", number, kSuffix);
}

Result<void> Spool::add(std::string lines) {
    if (lines.empty()) return {};
    const std::uint64_t number = next_++;
    const std::size_t bytes = lines.size();
    Result<void> written;
    if (directory_) written = write(number, lines);
    const bool is_in_file = directory_ && written;
    push({number, bytes, is_in_file ? std::nullopt : std::optional<std::string>(std::move(lines))});
    if (is_in_file) write_waiting();
    keep_to_limits();
    return written;
}

// Some of them: each is synced, and whoever adds lines has others to collect.
void Spool::write_waiting() {
    int rest = kWrittenAtOnce;
    for (Entry& entry : entries_) {
        if (memory_bytes_ == 0 || rest == 0) return;
        if (!entry.lines) continue;
        if (!write(entry.number, *entry.lines)) return;
        --rest;
        memory_bytes_ -= entry.bytes;
        file_bytes_ += entry.bytes;
        entry.lines.reset();
    }
}

Result<void> Spool::write(std::uint64_t number, std::string_view lines) const {
    auto file = store::NewFile::create(file_of(number));
    if (!file) return std::unexpected(file.error());
    if (auto written = file->write(std::as_bytes(std::span(lines))); !written) return written;
    return file->commit();
}

Result<std::string> Spool::read(const Entry& entry) const {
    if (entry.lines) return *entry.lines;
    const auto file = store::File::open(file_of(entry.number), store::File::Access::kRead);
    if (!file) return std::unexpected(file.error());
    const auto size = file->size();
    if (!size) return std::unexpected(size.error());
    std::string lines(static_cast<std::size_t>(std::min<std::uint64_t>(*size, kBatchBytesMax)),
                      '\0');
    const auto got = file->read(std::as_writable_bytes(std::span(lines)), 0);
    if (!got) return std::unexpected(got.error());
    lines.resize(*got);
    return lines;
}

Result<std::optional<Spool::Batches>> Spool::oldest(std::size_t bytes_max) {
    std::optional<Batches> batches;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const Entry& entry = entries_[i];
        if (batches && batches->lines.size() + entry.bytes > bytes_max) break;
        auto lines = read(entry);
        if (!lines && batches) break;  // the next call begins with it
        if (!lines) {
            if (is_lost(lines.error().code)) set_aside(entry);
            return std::unexpected(std::move(lines).error());
        }
        if (!batches) batches.emplace();
        batches->lines += *lines;
        batches->last = entry.number;
        ++batches->count;
    }
    return batches;
}

void Spool::set_aside(const Entry& entry) {
    const fs::path file = file_of(entry.number);
    std::error_code ignored;
    fs::rename(file, fs::path(file) += ".bad", ignored);
    file_bytes_ -= entry.bytes;
    entries_.pop_front();
}

Result<void> Spool::remove_through(std::uint64_t last) {
    Result<void> removed;
    while (!entries_.empty() && entries_.front().number <= last) {
        if (auto gone = remove(entries_.begin()); !gone && removed) removed = gone;
    }
    return removed;
}

void Spool::push(Entry entry) {
    (entry.lines ? memory_bytes_ : file_bytes_) += entry.bytes;
    entries_.push_back(std::move(entry));
}

Result<void> Spool::remove(Entries::iterator at) {
    const Entry entry = std::move(*at);
    entries_.erase(at);
    (entry.lines ? memory_bytes_ : file_bytes_) -= entry.bytes;
    return entry.lines ? Result<void>() : store::remove_file(file_of(entry.number));
}

void Spool::drop_oldest(bool is_in_memory) {
    const auto oldest = std::ranges::find_if(
        entries_, [&](const Entry& entry) { return entry.lines.has_value() == is_in_memory; });
    static_cast<void>(remove(oldest));
    ++dropped_;
}

// What has room is not given up for what has none: a full disk takes no file away.
void Spool::keep_to_limits() {
    while (file_bytes_ > limits_.bytes) drop_oldest(false);
    while (memory_bytes_ > limits_.memory_bytes) drop_oldest(true);
    while (entries_.size() > limits_.batches) {
        static_cast<void>(remove(entries_.begin()));
        ++dropped_;
    }
}

}  // namespace kurabe::collectors::agent
