// The one wrapper of Boost.Interprocess.
#include "store/mapped_file.hpp"

#include <boost/interprocess/exceptions.hpp>
#include <boost/interprocess/mapped_region.hpp>

namespace kurabe::store {
namespace {

namespace interprocess = boost::interprocess;

// Lets Boost map a file that is already open, because its own file_mapping follows symbolic links
// and leaks its descriptor into child processes.
class OpenFile {
  public:
    OpenFile(int descriptor, interprocess::mode_t mode) noexcept
        : descriptor_(descriptor), mode_(mode) {}
    [[nodiscard]] interprocess::mapping_handle_t get_mapping_handle() const noexcept {
        return {descriptor_, false};
    }
    [[nodiscard]] interprocess::mode_t get_mode() const noexcept { return mode_; }

  private:
    int descriptor_;
    interprocess::mode_t mode_;
};

interprocess::mode_t mode_of(MappedFile::Access access) noexcept {
    switch (access) {
        case MappedFile::Access::kRead:
            return interprocess::read_only;
        case MappedFile::Access::kWrite:
            return interprocess::read_write;
        case MappedFile::Access::kPrivate:
            break;
    }
    return interprocess::copy_on_write;
}

}  // namespace

struct MappedFile::Region {
    interprocess::mapped_region mapping;
    std::atomic<bool> lost = false;
};

MappedFile::MappedFile(std::unique_ptr<Region> region) noexcept : region_(std::move(region)) {}
MappedFile::MappedFile(MappedFile&&) noexcept = default;
MappedFile& MappedFile::operator=(MappedFile&&) noexcept = default;
MappedFile::~MappedFile() = default;

Result<MappedFile> MappedFile::map(const File& file, Access access, std::uint64_t bytes) {
    const interprocess::mode_t mode = mode_of(access);
    try {
        auto region = std::make_unique<Region>();
        region->mapping =
            interprocess::mapped_region(OpenFile(file.descriptor(), mode), mode, 0, bytes);
        // A row lies far from the next one: reading around it would fill memory with other rows.
        (void)region->mapping.advise(interprocess::mapped_region::advice_random);
        return MappedFile(std::move(region));
    } catch (const interprocess::interprocess_exception& exception) {
        return std::unexpected(
            system_error(file.path(), "map into memory", exception.get_native_error()));
    }
}

std::span<std::byte> MappedFile::bytes() const noexcept {
    return {static_cast<std::byte*>(region_->mapping.get_address()), region_->mapping.get_size()};
}

std::atomic<bool>& MappedFile::lost() const noexcept {
    return region_->lost;
}

bool MappedFile::flush() const {
    return region_->mapping.flush(0, 0, false);
}

}  // namespace kurabe::store
