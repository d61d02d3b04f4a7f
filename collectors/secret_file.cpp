// Opened once, and asked then who may read it.
#include "collectors/secret_file.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kurabe::collectors {
namespace {

namespace fs = std::filesystem;

bool is_below(const fs::path& file, const fs::path& directory) {
    std::error_code error;
    const fs::path inner = fs::canonical(file, error);
    if (error) return false;
    const fs::path outer = fs::canonical(directory, error);
    if (error || outer == outer.root_path()) return false;
    return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

}  // namespace

Result<Descriptor> open_secret_file(const fs::path& file,
                                    const std::optional<fs::path>& credentials,
                                    std::optional<uid_t> other_owner) {
    const auto bad = [&file](std::string_view reason) {
        return fail(ErrorCode::kInvalid, fmt::format("{}: {}", file.string(), reason));
    };
    Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status{};
    if (opened.number() < 0 || ::fstat(opened.number(), &status) != 0) {
        return bad(std::generic_category().message(errno));
    }
    if (!S_ISREG(status.st_mode)) return bad("is no file");
    if (status.st_uid != 0 && status.st_uid != ::geteuid() && status.st_uid != other_owner) {
        return bad("belongs to another user; a secret is root's or this user's");
    }
    const bool is_credential = status.st_uid == 0 && credentials && is_below(file, *credentials);
    const auto others = static_cast<mode_t>(is_credential ? S_IRWXO : S_IRWXG | S_IRWXO);
    if ((status.st_mode & others) != 0) return bad("others may read it; 'chmod 600' it");
    return opened;
}

}  // namespace kurabe::collectors
