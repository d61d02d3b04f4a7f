// A temporary file in the target's directory, renamed when it is whole.
#include "store/new_file.hpp"

#include <cerrno>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kurabe::store {
namespace {

constexpr mode_t kMadeForAll = 0644;
constexpr mode_t kMadeByUmask = 0666;
constexpr mode_t kPermissions = 0777;
constexpr std::size_t kPendingBytesMax = 1U << 20;

std::unexpected<Error> creating_failed(const std::filesystem::path& target, int error) {
    const ErrorCode code =
        error == EEXIST ? ErrorCode::kInvalid : system_error(target, "create", error).code;
    return fail(code, fmt::format("creating '{}': {}", target.string(),
                                  std::system_category().message(error)));
}

// What the new file takes over from the old one, if there is one.
struct Rights {
    mode_t mode;
    uid_t user;
    gid_t group;
};

Result<std::optional<Rights>> rights_of(const std::filesystem::path& target) {
    struct stat status {};
    if (::stat(target.c_str(), &status) == -1) return std::nullopt;
    if (S_ISDIR(status.st_mode)) return creating_failed(target, EISDIR);
    if (!S_ISREG(status.st_mode)) {
        return fail(
            ErrorCode::kInvalid,
            fmt::format("creating '{}': what has this name is no regular file", target.string()));
    }
    return Rights{
        .mode = status.st_mode & kPermissions, .user = status.st_uid, .group = status.st_gid};
}

// A process that may not give files away keeps the new one. What its group might do is no other
// group's right.
void give_rights(int descriptor, const Rights& rights) noexcept {
    constexpr auto kSameUser = static_cast<uid_t>(-1);
    const bool has_group = ::fchown(descriptor, rights.user, rights.group) == 0 ||
                           ::fchown(descriptor, kSameUser, rights.group) == 0;
    (void)::fchmod(descriptor, has_group ? rights.mode : rights.mode & ~mode_t{S_IRWXG});
}

// Zero or an errno. Some file systems cannot rename without replacing, but all that matter link.
int name_unless_taken(const char* temporary, const char* target) noexcept {
    if (::renameat2(AT_FDCWD, temporary, AT_FDCWD, target, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    if (::link(temporary, target) == -1) return errno;
    (void)::unlink(temporary);
    return 0;
}

std::filesystem::path directory_of(const std::filesystem::path& file) {
    return file.has_parent_path() ? file.parent_path() : ".";
}

}  // namespace

NewFile::NewFile(File file, std::filesystem::path target)
    : temporary_(file.path()), file_(std::move(file)) {
    file_.set_path(std::move(target));
}

NewFile::NewFile(NewFile&& other) noexcept
    : temporary_(std::exchange(other.temporary_, {})),
      file_(std::move(other.file_)),
      pending_(std::move(other.pending_)),
      written_(other.written_) {}

NewFile::~NewFile() {
    if (!temporary_.empty()) (void)::unlink(temporary_.c_str());
}

Result<NewFile> NewFile::create(const std::filesystem::path& target, Readers readers) {
    const auto rights = rights_of(target);
    if (!rights) return std::unexpected(rights.error());
    // Nobody may open it who may not open the old one.
    const bool is_private = *rights || readers == Readers::kOwner;
    auto file = File::create_temporary(target, is_private ? S_IRUSR | S_IWUSR : kMadeByUmask);
    if (!file) return creating_failed(target, file.error());
    if (*rights) {
        give_rights(file->descriptor(), **rights);
    } else if (readers == Readers::kAll) {
        (void)::fchmod(file->descriptor(), kMadeForAll);
    }
    return NewFile(std::move(*file), target);
}

Result<void> NewFile::flush() {
    if (auto written = file_.write(pending_, written_); !written) return written;
    written_ += pending_.size();
    pending_.clear();
    return {};
}

Result<void> NewFile::write(std::span<const std::byte> bytes) {
    if (pending_.size() + bytes.size() > kPendingBytesMax) {
        if (auto flushed = flush(); !flushed) return flushed;
    }
    if (bytes.size() > kPendingBytesMax) {
        if (auto written = file_.write(bytes, written_); !written) return written;
        written_ += bytes.size();
        return {};
    }
    pending_.insert(pending_.end(), bytes.begin(), bytes.end());
    return {};
}

Result<void> NewFile::take_name(Existing existing) {
    const char* const target = file_.path().c_str();
    const int error = existing == Existing::kKeep
                          ? name_unless_taken(temporary_.c_str(), target)
                          : (::rename(temporary_.c_str(), target) == 0 ? 0 : errno);
    if (error != 0) return creating_failed(file_.path(), error);
    temporary_.clear();
    return {};
}

Result<void> NewFile::commit(Existing existing, Durability durability) {
    if (auto flushed = flush(); !flushed) return flushed;
    if (durability == Durability::kCache) return take_name(existing);
    if (auto synced = file_.sync_data(); !synced) return synced;
    if (auto named = take_name(existing); !named) return named;
    return sync_directory(directory_of(file_.path()));
}

}  // namespace kurabe::store
