// Opening, locking, reading and changing an .rrd file.
#include "store/rrd/archive.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "store/bus_guard.hpp"

namespace kurabe::store::rrd {
namespace {

// Each was for nothing because another program replaced the file meanwhile. More while there is
// time to wait: beside one that rewrites the file over and over, it may take thousands.
constexpr int kOpeningAttemptsMin = 100;
constexpr std::chrono::milliseconds kPauseBetweenMore{1};

// "opening 'F': No such file or directory", as rrdtool says it.
std::unexpected<Error> opening_failed(const std::filesystem::path& path, int error) {
    const ErrorCode code = system_error(path, "open", error).code;
    return fail(code, fmt::format("opening '{}': {}", path.string(),
                                  std::system_category().message(error)));
}

std::unexpected<Error> lost_bytes(const File& file) {
    return fail(ErrorCode::kDamaged,
                fmt::format("'{}' was cut while it was in use", file.path().native()));
}

// The processor's instruction for copying, which compilers and the C library like for longer
// ranges, stores a few bytes at a time, and a process may be killed after any of them. memmove in
// pieces is what makes the fewest stores.
void copy_with_few_stores(std::span<std::byte> to, std::span<const std::byte> from) noexcept {
    constexpr std::size_t kPieceBytes = 1024;
    for (std::size_t begin = 0; begin < from.size(); begin += kPieceBytes) {
        const std::size_t bytes = std::min(kPieceBytes, from.size() - begin);
        std::memmove(to.data() + begin, from.data() + begin, bytes);
    }
}

std::span<std::byte> as_bytes(std::span<Value> values) noexcept {
    return std::as_writable_bytes(values);
}

}  // namespace

std::span<Value> RowWrites::add(const Place& place) {
    places_.push_back(place);
    values_.resize(values_.size() + sources_);
    return std::span(values_).last(sources_);
}

void RowWrites::clear() noexcept {
    places_.clear();
    values_.clear();
}

Archive::Identity Archive::Identity::of(const struct stat& status) noexcept {
    return {status.st_dev, status.st_ino};
}

Archive::Archive(File file, Header header, File::Access access, Identity identity)
    : file_(std::move(file)), header_(std::move(header)), access_(access), identity_(identity) {}

// `header` are its bytes.
void Archive::remember_places(std::span<const std::byte> header) {
    rra_offsets_.clear();
    for (std::size_t rra = 0; rra < header_.rras.size(); ++rra) {
        rra_offsets_.push_back(header_.rra_offset(rra));
    }
    const auto definitions = header.first(header_.live_offset());
    definitions_.assign(definitions.begin(), definitions.end());
    live_.resize(header_.bytes() - header_.live_offset());
}

// A file that is replaced while we wait for its lock is not the one that the name means afterwards,
// though it may live on under another name. One without any name can be open as /dev/fd/N.
Result<Archive> Archive::open(const std::filesystem::path& path, File::Access access,
                              const LockWait& wait) {
    using std::chrono::steady_clock;
    const auto deadline = steady_clock::now() + wait.longest;
    LockWait left = wait;
    for (int attempt = 1;; attempt = std::min(attempt + 1, kOpeningAttemptsMin)) {
        auto file = File::open_following(path, access);
        if (!file) return opening_failed(path, file.error());
        if (auto locked = lock_file(*file, access, left); !locked) {
            return std::unexpected(locked.error());
        }
        struct stat status {};
        struct stat named {};
        if (::fstat(file->descriptor(), &status) == -1 || ::stat(path.c_str(), &named) == -1) {
            return opening_failed(path, errno);
        }
        if (Identity::of(status) == Identity::of(named)) {
            return open_locked(std::move(*file), access, status);
        }
        left.longest =
            std::max(std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now()),
                     std::chrono::milliseconds{0});
        if (attempt < kOpeningAttemptsMin) continue;
        if (left.longest == std::chrono::milliseconds{0}) break;
        std::this_thread::sleep_for(kPauseBetweenMore);
    }
    return fail(ErrorCode::kInUse, fmt::format("'{}' is replaced again and again", path.native()));
}

Result<Archive> Archive::in_memory(std::string_view name, std::span<const std::byte> bytes) {
    auto file = File::in_memory(name);
    if (!file) return std::unexpected(file.error());
    if (auto written = file->write(bytes, 0); !written) return std::unexpected(written.error());
    struct stat status {};
    if (::fstat(file->descriptor(), &status) == -1) return opening_failed(name, errno);
    return open_locked(std::move(*file), File::Access::kRead, status);
}

Result<Archive> Archive::open_locked(File file, File::Access access, const struct stat& status) {
    if (status.st_size == 0) {
        return fail(ErrorCode::kDamaged, fmt::format("'{}' is empty", file.path().native()));
    }
    return access == File::Access::kWrite ? open_mapped(std::move(file), access, status)
                                          : open_unmapped(std::move(file), status);
}

Result<Archive> Archive::open_mapped(File file, File::Access access, const struct stat& status) {
    const std::string& name = file.path().native();
    const auto size = static_cast<std::uint64_t>(status.st_size);
    auto mapping = MappedFile::map(file, MappedFile::access_of(access), size);
    if (!mapping) return std::unexpected(mapping.error());
    BusGuard::install();
    const BusGuard guard(*mapping);
    auto header = decode_header(name, mapping->bytes(), size);
    if (guard.tripped()) return lost_bytes(file);
    if (!header) return std::unexpected(header.error());
    if (auto filled = file.fill_holes(header->file_bytes()); !filled) {
        return std::unexpected(filled.error());
    }
    Archive archive(std::move(file), std::move(*header), access, Identity::of(status));
    archive.remember_places(mapping->bytes());
    archive.mapping_ = std::move(*mapping);
    return archive;
}

// Most headers are within what is read first.
Result<Archive> Archive::open_unmapped(File file, const struct stat& status) {
    constexpr std::size_t kFirstBytes = 4096;
    const auto size = static_cast<std::uint64_t>(status.st_size);
    std::vector<std::byte> bytes(std::min<std::uint64_t>(size, kFirstBytes));
    auto got = file.read(bytes, 0);
    if (!got) return std::unexpected(got.error());
    const std::uint64_t needed = std::min(header_bytes(std::span(bytes).first(*got)), size);
    if (needed > bytes.size()) {
        bytes.resize(needed);
        got = file.read(bytes, 0);
        if (!got) return std::unexpected(got.error());
    }
    bytes.resize(*got);
    auto header = decode_header(file.path().native(), bytes, size);
    if (!header) return std::unexpected(header.error());
    Archive archive(std::move(file), std::move(*header), File::Access::kRead, Identity::of(status));
    archive.remember_places(bytes);
    return archive;
}

std::span<std::byte> Archive::live_bytes() const noexcept {
    return mapping_->bytes().subspan(header_.live_offset(), live_.size());
}

Result<void> Archive::copy_out(std::uint64_t offset, std::span<std::byte> target) const {
    if (target.empty()) return {};
    if (!mapping_) {
        const auto got = file_.read(target, offset);
        if (!got) return std::unexpected(got.error());
        return *got == target.size() ? Result<void>() : lost_bytes(file_);
    }
    const BusGuard guard(*mapping_);
    std::memcpy(target.data(), mapping_->bytes().data() + offset, target.size());
    if (guard.tripped()) return lost_bytes(file_);
    return {};
}

Result<void> Archive::read_rows(std::size_t rra, std::uint64_t first,
                                std::span<Value> values) const {
    const std::uint64_t row_bytes = header_.row_bytes();
    const std::uint64_t rows = header_.rras[rra].rows;
    const auto target = as_bytes(values);
    assert(first < rows && target.size() % row_bytes == 0 && target.size() <= rows * row_bytes);
    const std::size_t to_the_end =
        std::min<std::uint64_t>(target.size(), (rows - first) * row_bytes);
    auto read = copy_out(rra_offsets_[rra] + first * row_bytes, target.first(to_the_end));
    if (read) read = copy_out(rra_offsets_[rra], target.subspan(to_the_end));
    return read;
}

// In pieces of whole rows, of which one value each is kept.
Result<void> Archive::read_column(std::size_t rra, std::size_t source, std::uint64_t first,
                                  std::span<Value> values) const {
    const std::size_t sources = header_.sources.size();
    if (sources == 1) return read_rows(rra, first, values);
    constexpr std::size_t kPieceValues = 8192;
    const std::uint64_t rows = header_.rras[rra].rows;
    const std::size_t rows_at_once = std::max<std::size_t>(kPieceValues / sources, 1);
    std::vector<Value> piece(std::min(rows_at_once, values.size()) * sources);
    for (std::size_t done = 0; done < values.size(); done += rows_at_once) {
        const std::size_t count = std::min(rows_at_once, values.size() - done);
        const auto target = std::span(piece).first(count * sources);
        if (auto read = read_rows(rra, (first + done) % rows, target); !read) return read;
        for (std::size_t i = 0; i < count; ++i) values[done + i] = target[i * sources + source];
    }
    return {};
}

// Rows that lie one after the other in the file, where a ring's end does not part them.
void Archive::find_places(const RowWrites& rows) {
    stores_.clear();
    const std::uint64_t row_bytes = header_.row_bytes();
    for (std::size_t i = 0; i < rows.places().size(); ++i) {
        const RowWrites::Place& place = rows.places()[i];
        const Value* const values = rows.values(i).data();
        std::byte* const ring = mapping_->bytes().data() + rra_offsets_[place.rra];
        const std::uint64_t to_the_end =
            std::min(place.count, header_.rras[place.rra].rows - place.row);
        stores_.push_back({ring + place.row * row_bytes, values, to_the_end});
        if (to_the_end < place.count) {
            stores_.push_back({ring, values, place.count - to_the_end});
        }
    }
}

void Archive::store_rows() const noexcept {
    const std::uint64_t row_bytes = header_.row_bytes();
    for (const RowStore& store : stores_) {
        std::byte* to = store.to;
        for (std::uint64_t row = 0; row < store.count; ++row, to += row_bytes) {
            std::memmove(to, store.values, row_bytes);
        }
    }
}

// Everything that takes long is done before the first byte is stored: what is killed between the
// first and the last store leaves a file that is neither old nor new.
Result<void> Archive::commit(const RowWrites& rows) {
    assert(access_ == File::Access::kWrite);
    encode_live(header_, live_);
    find_places(rows);
    const auto live = live_bytes();
    const BusGuard guard(*mapping_);
    store_rows();
    std::atomic_signal_fence(std::memory_order_seq_cst);  // rows first, also for the compiler
    copy_with_few_stores(live, live_);
    if (guard.tripped()) return lost_bytes(file_);
    return {};
}

Result<void> Archive::commit_header(const Header& header, const RowWrites& rows) {
    assert(access_ == File::Access::kWrite && header.bytes() == header_.bytes());
    std::vector<std::byte> bytes(header.bytes());
    encode_header(header, bytes);
    find_places(rows);
    {
        const BusGuard guard(*mapping_);
        store_rows();
        std::atomic_signal_fence(std::memory_order_seq_cst);
        copy_with_few_stores(mapping_->bytes().first(bytes.size()), bytes);
        if (guard.tripped()) return lost_bytes(file_);
    }
    header_ = header;
    remember_places(bytes);
    return {};
}

Result<void> Archive::discard() {
    assert(access_ == File::Access::kWrite);
    const BusGuard guard(*mapping_);
    auto read = decode_live(path().native(), live_bytes(), header_);
    if (guard.tripped()) return lost_bytes(file_);
    return read;
}

void Archive::unlock() noexcept {
    unlock_file(file_);
}

bool Archive::definitions_changed() const noexcept {
    return std::memcmp(mapping_->bytes().data(), definitions_.data(), definitions_.size()) != 0;
}

Result<void> Archive::lock_again(const LockWait& wait) {
    if (auto locked = lock_file(file_, access_, wait); !locked) return locked;
    auto read = read_if_still_named();
    if (!read) unlock();
    return read;
}

Result<void> Archive::read_if_still_named() {
    struct stat status {};
    if (::stat(path().c_str(), &status) == -1) return opening_failed(path(), errno);
    if (Identity::of(status) != identity_) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("'{}' was replaced by another file", path().native()));
    }
    const auto size = static_cast<std::uint64_t>(status.st_size);
    const std::uint64_t had = mapping_ ? mapping_->bytes().size() : header_.file_bytes();
    if (size < had) return lost_bytes(file_);
    if (!mapping_) {
        auto mapping = MappedFile::map(file_, MappedFile::access_of(access_), size);
        if (!mapping) return std::unexpected(mapping.error());
        BusGuard::install();
        mapping_ = std::move(*mapping);
    }
    return read_again();
}

Result<void> Archive::read_again() {
    const BusGuard guard(*mapping_);
    const auto bytes = mapping_->bytes();
    if (definitions_changed()) {
        auto header = decode_header(path().native(), bytes, bytes.size());
        if (!header) return std::unexpected(header.error());
        header_ = std::move(*header);
        ++definitions_version_;
        remember_places(bytes);
    } else if (auto read = decode_live(path().native(), live_bytes(), header_); !read) {
        return read;
    }
    if (guard.tripped()) return lost_bytes(file_);
    return {};
}

}  // namespace kurabe::store::rrd
