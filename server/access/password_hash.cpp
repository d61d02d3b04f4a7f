// crypt_r, whose state is too large for a stack and is wiped behind it.
#include "server/access/password_hash.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include <crypt.h>
#include <fmt/format.h>

#include "server/access/digest.hpp"
#include "store/ascii.hpp"

namespace kurabe::server {
namespace {

constexpr std::string_view kPrefix = "$2y$";  // Apache's; "$2b$" is the same
constexpr std::size_t kHashBytes = 60;
constexpr std::size_t kCostAt = 4;  // "$2y$10$"
constexpr std::size_t kSaltAt = 7;

bool is_of_base64(char c) {
    return store::is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '/';
}

struct Wipe {
    void operator()(crypt_data* data) const {
        ::explicit_bzero(data, sizeof *data);
        delete data;  // NOLINT(cppcoreguidelines-owning-memory)
    }
};

// Empty when libcrypt refuses.
std::string crypt(const std::string& password, const std::string& setting) {
    const std::unique_ptr<crypt_data, Wipe> data(new crypt_data{});
    const char* const hash = ::crypt_r(password.c_str(), setting.c_str(), data.get());
    if (hash == nullptr || std::strlen(hash) != kHashBytes) return {};
    return hash;
}

bool begins_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80;  // of UTF-8
}

Result<void> check_password(std::string_view password) {
    if (password.empty()) return fail(ErrorCode::kInvalid, "the password is empty");
    const auto characters = std::ranges::count_if(password, begins_character);
    if (std::cmp_less(characters, kPasswordCharactersMin)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("the password is short: {} characters are the least",
                                kPasswordCharactersMin));
    }
    if (password.size() > kPasswordBytesMax) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("the password is over {} bytes, of which bcrypt takes no more",
                                kPasswordBytesMax));
    }
    if (std::ranges::any_of(password, store::is_control)) {
        return fail(ErrorCode::kInvalid, "the password holds a control character");
    }
    return {};
}

}  // namespace

Result<void> check_password_hash(std::string_view hash) {
    const bool is_bcrypt =
        hash.size() == kHashBytes && (hash.starts_with("$2y$") || hash.starts_with("$2b$")) &&
        store::is_digit(hash[kCostAt]) && store::is_digit(hash[kCostAt + 1]) &&
        hash[kCostAt + 2] == '$' && std::ranges::all_of(hash.substr(kSaltAt), is_of_base64);
    if (!is_bcrypt) {
        return fail(ErrorCode::kInvalid,
                    "is no bcrypt hash ($2y$ or $2b$), others are too weak; write it with "
                    "'kurabe user set' or 'htpasswd -B -C 10'");
    }
    const int cost = (hash[kCostAt] - '0') * 10 + (hash[kCostAt + 1] - '0');
    if (cost < kPasswordCostMin || cost > kPasswordCostMax) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("has the cost {}, from {} to {} are taken; write it with 'kurabe "
                                "user set' or 'htpasswd -B -C 10'",
                                cost, kPasswordCostMin, kPasswordCostMax));
    }
    return {};
}

bool password_matches(const std::string& password, const std::string& hash) {
    // What is longer than a C string would be another password.
    if (password.find('\0') != std::string::npos) return false;
    const std::string made = crypt(password, hash);
    return !made.empty() && are_equal(made, hash);
}

Result<std::string> hash_password(const std::string& password, int cost) {
    if (auto checked = check_password(password); !checked) {
        return std::unexpected(checked.error());
    }
    std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
    const char* const made =
        ::crypt_gensalt_rn(std::string(kPrefix).c_str(), static_cast<unsigned long>(cost), nullptr,
                           0, setting.data(), static_cast<int>(setting.size()));
    std::string hash = made == nullptr ? std::string() : crypt(password, setting.data());
    if (hash.empty()) return fail(ErrorCode::kSystem, "libcrypt makes no bcrypt hash");
    return hash;
}

}  // namespace kurabe::server
