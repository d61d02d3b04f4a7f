// Opened once, and asked then who may read it.
#include "cli/token_file.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collectors/descriptor.hpp"

namespace kurabe::cli {

namespace {

std::unexpected<Error> bad(const std::filesystem::path& file, std::string_view reason) {
    return fail(ErrorCode::kInvalid, fmt::format("{}: {}", file.string(), reason));
}

}  // namespace

Result<std::string> read_token(const std::filesystem::path& file) {
    const collectors::Descriptor opened(
        ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status{};
    if (opened.number() < 0 || ::fstat(opened.number(), &status) != 0) {
        return bad(file, std::generic_category().message(errno));
    }
    if (!S_ISREG(status.st_mode)) return bad(file, "is no file");
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return bad(file, "others may read this token; 'chmod 600' it");
    }
    std::string text(kTokenBytesMax + 1, '\0');
    const ssize_t got = ::read(opened.number(), text.data(), text.size());
    if (got < 0) return bad(file, std::generic_category().message(errno));
    text.resize(static_cast<std::size_t>(got));
    text.resize(std::min(text.find_first_of("\r\n"), text.size()));
    if (text.empty()) return bad(file, "its first line has no token");
    if (text.size() > kTokenBytesMax) return bad(file, "the token is too long");
    const auto is_odd = [](char c) { return c <= 0x20 || c > 0x7e; };
    if (std::ranges::any_of(text, is_odd)) {
        return bad(file, "a token consists of letters, digits and signs without blanks");
    }
    return text;
}

}  // namespace kurabe::cli
