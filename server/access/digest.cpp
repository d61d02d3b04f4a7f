// Calls of libcrypto that need no context of ours.
#include "server/access/digest.hpp"

#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

namespace kurabe::server {
namespace {

static_assert(std::tuple_size_v<Digest> == SHA256_DIGEST_LENGTH);

constexpr std::string_view kDigits = "0123456789abcdef";

const unsigned char* bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

// Without memory, or with a broken installation.
[[noreturn]] void give_up() {
    throw std::runtime_error("libcrypto computes no digest");
}

}  // namespace

Digest sha256(std::string_view text) {
    Digest digest{};
    if (::SHA256(bytes_of(text), text.size(), digest.data()) == nullptr) give_up();
    return digest;
}

Digest hmac_sha256(const Digest& key, std::string_view text) {
    Digest digest{};
    unsigned length = 0;
    if (::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(text),
               text.size(), digest.data(), &length) == nullptr ||
        length != digest.size()) {
        give_up();
    }
    return digest;
}

bool are_equal(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() &&
           ::CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

bool are_equal(const Digest& left, const Digest& right) noexcept {
    return ::CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

Result<Digest> random_secret() {
    Digest secret{};
    if (::RAND_priv_bytes(secret.data(), static_cast<int>(secret.size())) != 1) {
        return fail(ErrorCode::kSystem, "the system gives no random numbers");
    }
    return secret;
}

std::string to_hex(const Digest& digest) {
    std::string digits;
    digits.reserve(2 * digest.size());
    for (const std::uint8_t byte : digest) {
        digits += kDigits[byte >> 4U];
        digits += kDigits[byte & 0xFU];
    }
    return digits;
}

std::optional<Digest> digest_from_hex(std::string_view digits) noexcept {
    Digest digest{};
    if (digits.size() != 2 * digest.size()) return std::nullopt;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const std::size_t value = kDigits.find(digits[i]);
        if (value == std::string_view::npos) return std::nullopt;
        digest[i / 2] = static_cast<std::uint8_t>(digest[i / 2] * 16U + value);
    }
    return digest;
}

void wipe(std::string& secret) noexcept {
    ::OPENSSL_cleanse(secret.data(), secret.size());
    secret.clear();
}

}  // namespace kurabe::server
