// Line by line.
#include "server/access/users_file.hpp"

#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "server/access/account_name.hpp"
#include "server/access/password_hash.hpp"

namespace kurabe::server {
namespace {

auto lines_of(std::string_view text) {
    return text | std::views::split('\n') |
           std::views::transform([](auto part) { return std::string_view(part); });
}

std::string_view without_return(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

// What split() leaves behind the last newline.
bool is_end(std::string_view line, std::string_view text) {
    return line.empty() && line.data() == text.data() + text.size();
}

bool is_of(std::string_view line, std::string_view name) {
    return line.starts_with(name) && line.substr(name.size()).starts_with(':');
}

Result<void> add_user(std::string_view line, Users& users) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        return fail(ErrorCode::kInvalid, "is no 'NAME:HASH'; write it with 'kurabe user set'");
    }
    const std::string_view name = line.substr(0, colon);
    if (auto checked = check_account_name(name); !checked) return checked;
    const std::string_view hash = line.substr(colon + 1);
    if (auto checked = check_password_hash(hash); !checked) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("the password of '{}' {}", name, checked.error().message));
    }
    if (!users.emplace(name, hash).second) {
        return fail(ErrorCode::kInvalid, fmt::format("the user '{}' is there twice", name));
    }
    if (users.size() > kUsersMax) {
        return fail(ErrorCode::kLimit, fmt::format("more than {} users", kUsersMax));
    }
    return {};
}

}  // namespace

Result<Users> parse_users(std::string_view text, std::string_view file) {
    Users users;
    int number = 0;
    for (const std::string_view whole : lines_of(text)) {
        ++number;
        const std::string_view line = without_return(whole);
        if (line.empty() || line.front() == '#') continue;
        if (auto added = add_user(line, users); !added) {
            return fail(added.error().code,
                        fmt::format("{}:{}: {}", file, number, added.error().message));
        }
    }
    return users;
}

std::string with_user(std::string_view text, std::string_view name, std::string_view hash) {
    std::string made;
    const std::string own = fmt::format("{}:{}\n", name, hash);
    bool is_there = false;
    for (const std::string_view line : lines_of(text)) {
        if (is_of(line, name)) {
            if (!is_there) made += own;
            is_there = true;
        } else if (!is_end(line, text)) {
            made += fmt::format("{}\n", line);
        }
    }
    return is_there ? made : made + own;
}

bool has_user(std::string_view text, std::string_view name) {
    return std::ranges::any_of(lines_of(text),
                               [name](std::string_view line) { return is_of(line, name); });
}

std::string without_user(std::string_view text, std::string_view name) {
    std::string made;
    for (const std::string_view line : lines_of(text)) {
        if (!is_of(line, name) && !is_end(line, text)) made += fmt::format("{}\n", line);
    }
    return made;
}

}  // namespace kurabe::server
