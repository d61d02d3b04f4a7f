// Opening, locking, reading and changing an .rrd file.
#include "store/rrd/archive.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "store/bus_guard.hpp"

namespace kurabe::store::rrd {
namespace {

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

Archive::Archive(File file, MappedFile mapping, Header header, File::Access access,
                 Identity identity)
    : file_(std::move(file)),
      mapping_(std::move(mapping)),
      header_(std::move(header)),
      access_(access),
      identity_(identity) {
    remember_places();
}

void Archive::remember_places() {
    rra_offsets_.clear();
    for (std::size_t rra = 0; rra < header_.rras.size(); ++rra) {
        rra_offsets_.push_back(header_.rra_offset(rra));
    }
    const auto definitions = mapping_.bytes().first(header_.live_offset());
    definitions_.assign(definitions.begin(), definitions.end());
    live_.resize(header_.bytes() - header_.live_offset());
}

// A file that is replaced while we wait for its lock is not the one that the name means afterwards.
Result<Archive> Archive::open(const std::filesystem::path& path, File::Access access,
                              const LockWait& wait) {
    for (;;) {
        auto file = File::open_following(path, access);
        if (!file) return opening_failed(path, file.error());
        if (auto locked = lock_file(*file, access, wait); !locked) {
            return std::unexpected(locked.error());
        }
        struct stat status {};
        if (::fstat(file->descriptor(), &status) == -1) return opening_failed(path, errno);
        if (status.st_nlink != 0) return open_locked(std::move(*file), access, status);
    }
}

Result<Archive> Archive::open_locked(File file, File::Access access, const struct stat& status) {
    const std::string& name = file.path().native();
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size == 0) return fail(ErrorCode::kDamaged, fmt::format("'{}' is empty", name));
    auto mapping = MappedFile::map(file, access, size);
    if (!mapping) return std::unexpected(mapping.error());
    BusGuard::install();
    auto header = [&]() -> Result<Header> {
        const BusGuard guard(*mapping);
        auto decoded = decode_header(name, mapping->bytes(), size);
        if (guard.tripped()) return lost_bytes(file);
        return decoded;
    }();
    if (!header) return std::unexpected(header.error());
    if (access == File::Access::kWrite) {
        if (auto filled = file.fill_holes(header->file_bytes()); !filled) {
            return std::unexpected(filled.error());
        }
    }
    return Archive(std::move(file), std::move(*mapping), std::move(*header), access,
                   {status.st_dev, status.st_ino});
}

std::span<std::byte> Archive::live_bytes() const noexcept {
    return mapping_.bytes().subspan(header_.live_offset(), live_.size());
}

Result<void> Archive::read_rows(std::size_t rra, std::uint64_t first,
                                std::span<Value> values) const {
    const std::uint64_t rows = header_.rras[rra].rows;
    const auto ring = mapping_.bytes().subspan(rra_offsets_[rra], rows * header_.row_bytes());
    const auto target = as_bytes(values);
    assert(first < rows && target.size() % header_.row_bytes() == 0);
    assert(target.size() <= ring.size());
    const std::size_t to_the_end =
        std::min<std::uint64_t>(target.size(), (rows - first) * header_.row_bytes());
    const BusGuard guard(mapping_);
    std::memcpy(target.data(), ring.data() + first * header_.row_bytes(), to_the_end);
    std::memcpy(target.data() + to_the_end, ring.data(), target.size() - to_the_end);
    if (guard.tripped()) return lost_bytes(file_);
    return {};
}

// Rows that lie one after the other in the file, where a ring's end does not part them.
void Archive::find_places(const RowWrites& rows) {
    stores_.clear();
    const std::uint64_t row_bytes = header_.row_bytes();
    for (std::size_t i = 0; i < rows.places().size(); ++i) {
        const RowWrites::Place& place = rows.places()[i];
        const Value* const values = rows.values(i).data();
        std::byte* const ring = mapping_.bytes().data() + rra_offsets_[place.rra];
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
    const BusGuard guard(mapping_);
    store_rows();
    std::atomic_signal_fence(std::memory_order_seq_cst);  // rows first, also for the compiler
    copy_with_few_stores(live, live_);
    if (guard.tripped()) return lost_bytes(file_);
    return {};
}

Result<void> Archive::discard() {
    const BusGuard guard(mapping_);
    auto read = decode_live(path().native(), live_bytes(), header_);
    if (guard.tripped()) return lost_bytes(file_);
    return read;
}

void Archive::unlock() noexcept {
    unlock_file(file_);
}

bool Archive::definitions_changed() const noexcept {
    return std::memcmp(mapping_.bytes().data(), definitions_.data(), definitions_.size()) != 0;
}

Result<void> Archive::lock_again(const LockWait& wait) {
    if (auto locked = lock_file(file_, access_, wait); !locked) return locked;
    struct stat status {};
    if (::stat(path().c_str(), &status) == -1) return opening_failed(path(), errno);
    if (Identity{status.st_dev, status.st_ino} != identity_) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("'{}' was replaced by another file", path().native()));
    }
    if (static_cast<std::uint64_t>(status.st_size) < mapping_.bytes().size()) {
        return lost_bytes(file_);
    }
    const BusGuard guard(mapping_);
    if (definitions_changed()) {
        auto header = decode_header(path().native(), mapping_.bytes(), mapping_.bytes().size());
        if (!header) return std::unexpected(header.error());
        header_ = std::move(*header);
        ++definitions_version_;
        remember_places();
    } else if (auto read = decode_live(path().native(), live_bytes(), header_); !read) {
        return read;
    }
    if (guard.tripped()) return lost_bytes(file_);
    return {};
}

}  // namespace kurabe::store::rrd
