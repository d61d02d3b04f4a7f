// The first line of a secret file.
#include "cli/token_file.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "collectors/secret_file.hpp"

namespace kurabe::cli {

namespace {

std::unexpected<Error> bad(const std::filesystem::path& file, std::string_view reason) {
    return fail(ErrorCode::kInvalid, fmt::format("{}: {}", file.string(), reason));
}

}  // namespace

Result<std::string> read_token(const std::filesystem::path& file,
                               const std::optional<std::filesystem::path>& credentials) {
    const auto opened = collectors::open_secret_file(file, credentials);
    if (!opened) return std::unexpected(opened.error());
    std::string text(kTokenBytesMax + 1, '\0');
    const ssize_t got = ::read(opened->number(), text.data(), text.size());
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
