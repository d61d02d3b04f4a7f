// What a name may not hold.
#include "server/access/account_name.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kurabe::server {

Result<void> check_account_name(std::string_view name) {
    const auto bad = [](std::string_view reason) {
        return fail(ErrorCode::kInvalid, fmt::format("the name {}", reason));
    };
    if (name.empty()) return bad("is empty");
    if (name.size() > kAccountNameBytesMax) {
        return bad(fmt::format("has over {} bytes", kAccountNameBytesMax));
    }
    const auto is_odd = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == ':' || c == ',';
    };
    if (std::ranges::any_of(name, is_odd)) return bad("holds a ':', a ',' or a control character");
    if (name.front() == ' ' || name.back() == ' ') return bad("begins or ends with a blank");
    if (name.front() == '#' || name.front() == '-') return bad("begins with '#' or '-'");
    return {};
}

}  // namespace kurabe::server
