// Passwords of requests against hashes that take long to compute, so that a page of 800 pictures
// costs one of them and whoever guesses can neither go on nor keep the server from its work.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "server/access/credentials.hpp"
#include "server/access/digest.hpp"
#include "server/access/users_file.hpp"
#include "store/types.hpp"

namespace kurabe::server {

inline constexpr store::Seconds kPasswordRemembered{600};
inline constexpr int kPasswordFailuresMax = 10;  // of a peer within kPasswordFailuresWindow
inline constexpr store::Seconds kPasswordFailuresWindow{60};

// Thread-safe.
class PasswordVerifier {
  public:
    enum class Verdict : std::uint8_t {
        kRight,
        kWrong,
        kTooManyFailures,  // of the peer; not even looked at
        kBusy,             // as many as are allowed at a time are being looked at
    };
    // How a password is compared with a hash; for tests another one than password_matches().
    using Matches = std::function<bool(const std::string& password, const std::string& hash)>;

    // kSystem without random numbers.
    [[nodiscard]] static Result<std::unique_ptr<PasswordVerifier>> make(Matches matches);

    // `peer` is a numeric address. A password that was right is remembered for that user's hash, so
    // a user who is removed or gets another password is out at once.
    [[nodiscard]] Verdict verify(const PasswordCredentials& given, const Users& users,
                                 std::string_view peer, store::Time now);

  private:
    struct Check {
        bool is_done = false;
        bool is_right = false;
    };
    struct Failures {
        store::Time since;
        int count = 0;
    };
    PasswordVerifier(Matches matches, const Digest& key, std::string unknown_hash);

    [[nodiscard]] bool is_known(const Digest& mark, store::Time now) const;
    [[nodiscard]] bool has_failed_too_often(const std::string& peer, store::Time now) const;
    void remember(const Digest& mark, store::Time now);
    void count_failure(const std::string& peer, store::Time now);
    // Waits for what is under way; false when nobody may wait any more.
    [[nodiscard]] bool await(std::unique_lock<std::mutex>& lock,
                             const std::function<bool()>& is_over);

    Matches matches_;
    Digest key_;                // of this process: marks are of no use elsewhere
    std::string unknown_hash_;  // of a password that nobody has, for when there are no users
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // All of these by the mark of a user, hash and password.
    std::map<Digest, store::Time> known_;  // until when
    std::map<Digest, std::shared_ptr<Check>> under_way_;
    std::map<std::string, Failures, std::less<>> failures_;  // by peer
    std::size_t waiting_ = 0;
};

}  // namespace kurabe::server
