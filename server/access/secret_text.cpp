// The directory's lock makes changes wait for each other.
#include "server/access/secret_text.hpp"

#include <cerrno>
#include <span>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collectors/descriptor.hpp"
#include "collectors/secret_file.hpp"
#include "store/new_file.hpp"

namespace kurabe::server {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> failed(const fs::path& path, int error) {
    return fail(ErrorCode::kSystem,
                fmt::format("{}: {}", path.native(), std::generic_category().message(error)));
}

fs::path directory_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : ".";
}

// What root makes in a directory of the server's user is for that user, and root's to change: the
// user of a service may exist only while that runs.
std::optional<struct stat> status_for_root(const fs::path& directory) {
    struct stat status{};
    if (::geteuid() != 0 || ::stat(directory.c_str(), &status) != 0) return std::nullopt;
    return status;
}

Result<void> replace(const fs::path& path, std::string_view text) {
    auto file = store::NewFile::create(path, store::NewFile::Readers::kOwner);
    if (!file) return std::unexpected(file.error());
    if (auto written = file->write(std::as_bytes(std::span(text))); !written) return written;
    return file->commit();
}

}  // namespace

Result<std::string> read_secret(const SecretFile& file) {
    std::error_code ignored;
    if (!fs::exists(file.path, ignored)) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("{}: there is no such file", file.path.native()));
    }
    std::optional<uid_t> other_owner = file.other_owner;
    const auto directory = status_for_root(directory_of(file.path));
    if (!other_owner && directory) other_owner = directory->st_uid;
    const auto opened = collectors::open_secret_file(file.path, file.credentials, other_owner);
    if (!opened) return std::unexpected(opened.error());
    std::string text;
    while (text.size() <= file.bytes_max) {
        constexpr std::size_t kPartBytes = 64 << 10;
        const std::size_t had = text.size();
        text.resize(had + kPartBytes);
        const ssize_t got = ::read(opened->number(), text.data() + had, kPartBytes);
        if (got < 0) return failed(file.path, errno);
        text.resize(had + static_cast<std::size_t>(got));
        if (got == 0) return text;
    }
    return fail(ErrorCode::kLimit, fmt::format("{}: has more than {} bytes, the limit",
                                               file.path.native(), file.bytes_max));
}

Result<void> change_secret(
    const SecretFile& file,
    const std::function<Result<std::string>(std::string_view text)>& change) {
    const fs::path directory = directory_of(file.path);
    const collectors::Descriptor lock(
        ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (lock.number() < 0 || ::flock(lock.number(), LOCK_EX) != 0) return failed(directory, errno);
    auto text = read_secret(file);
    const bool is_new = !text && text.error().code == ErrorCode::kNotFound;
    if (!text && !is_new) return std::unexpected(text.error());
    const auto owner = status_for_root(is_new ? directory : file.path);
    const auto changed = change(is_new ? std::string_view() : std::string_view(*text));
    if (!changed) return std::unexpected(changed.error());
    if (auto replaced = replace(file.path, *changed); !replaced) return replaced;
    if (owner) (void)!::lchown(file.path.c_str(), owner->st_uid, owner->st_gid);
    return {};
}

}  // namespace kurabe::server
