// One computation for equal questions, a few at a time, none for a peer that failed too often.
#include "server/access/password_verifier.hpp"

#include <utility>

#include <fmt/format.h>

#include "server/access/password_hash.hpp"
#include "server/ip_network.hpp"

namespace kurabe::server {
namespace {

constexpr std::size_t kChecksMax = 2;    // computed at a time
constexpr std::size_t kWaitingMax = 16;  // threads that wait for one of them
constexpr std::size_t kKnownMax = 10'000;
constexpr std::size_t kPeersMax = 10'000;

// An IPv6 host has a network of 64 bits to choose its addresses from.
std::string group_of(std::string_view peer) {
    const auto address = IpAddress::parse(peer);
    if (!address) return std::string(peer);
    constexpr std::size_t kNetworkBytes = 8;
    const bool is_ipv4 = peer.find(':') == std::string_view::npos;
    return {reinterpret_cast<const char*>(address->bytes.data()),
            is_ipv4 ? address->bytes.size() : kNetworkBytes};
}

}  // namespace

Result<std::unique_ptr<PasswordVerifier>> PasswordVerifier::make(Matches matches) {
    const auto key = random_secret();
    if (!key) return std::unexpected(key.error());
    const auto nobodys = random_secret();
    if (!nobodys) return std::unexpected(nobodys.error());
    auto hash = hash_password(to_hex(*nobodys));
    if (!hash) return std::unexpected(hash.error());
    return std::unique_ptr<PasswordVerifier>(
        new PasswordVerifier(std::move(matches), *key, *std::move(hash)));
}

PasswordVerifier::PasswordVerifier(Matches matches, const Digest& key, std::string unknown_hash)
    : matches_(std::move(matches)), key_(key), unknown_hash_(std::move(unknown_hash)) {}

PasswordVerifier::Verdict PasswordVerifier::verify(const PasswordCredentials& given,
                                                   const Users& users, std::string_view peer,
                                                   store::Time now) {
    const auto user = users.find(given.user);
    const bool is_user = user != users.end();
    // Somebody else's hash, which takes as long, does for a user that there is not.
    const std::string& others = users.empty() ? unknown_hash_ : users.begin()->second;
    const std::string& hash = is_user ? user->second : others;
    // Neither a name nor a hash holds a newline.
    const Digest mark =
        hmac_sha256(key_, fmt::format("{}\n{}\n{}", given.user, hash, given.password));
    const std::string group = group_of(peer);

    std::unique_lock lock(mutex_);
    if (is_user && is_known(mark, now)) return Verdict::kRight;
    if (has_failed_too_often(group, now)) return Verdict::kTooManyFailures;
    if (const auto same = under_way_.find(mark); same != under_way_.end()) {
        const std::shared_ptr<Check> check = same->second;
        if (!await(lock, [&check] { return check->is_done; })) return Verdict::kBusy;
        return check->is_right ? Verdict::kRight : Verdict::kWrong;
    }
    if (!await(lock, [this] { return under_way_.size() < kChecksMax; })) return Verdict::kBusy;
    if (has_failed_too_often(group, now)) return Verdict::kTooManyFailures;
    const auto check = std::make_shared<Check>();
    under_way_.insert_or_assign(mark, check);
    lock.unlock();
    bool is_right = false;
    try {
        is_right = matches_(given.password, hash) && is_user;
    } catch (...) {  // out of memory: nobody may wait for it for good
        lock.lock();
        check->is_done = true;
        under_way_.erase(mark);
        changed_.notify_all();
        throw;
    }
    lock.lock();
    check->is_done = true;
    check->is_right = is_right;
    under_way_.erase(mark);
    is_right ? remember(mark, now) : count_failure(group, now);
    changed_.notify_all();
    return is_right ? Verdict::kRight : Verdict::kWrong;
}

bool PasswordVerifier::is_known(const Digest& mark, store::Time now) const {
    const auto found = known_.find(mark);
    return found != known_.end() && now < found->second;
}

bool PasswordVerifier::has_failed_too_often(const std::string& peer, store::Time now) const {
    const auto found = failures_.find(peer);
    if (found == failures_.end()) return false;
    const store::Seconds age = now - found->second.since;
    // A clock that was set back must not keep anybody out.
    return found->second.count >= kPasswordFailuresMax && age >= store::Seconds{0} &&
           age < kPasswordFailuresWindow;
}

void PasswordVerifier::remember(const Digest& mark, store::Time now) {
    if (known_.size() >= kKnownMax) {
        std::erase_if(known_, [now](const auto& entry) { return entry.second <= now; });
    }
    if (known_.size() >= kKnownMax) known_.clear();
    known_.insert_or_assign(mark, now + kPasswordRemembered);
}

void PasswordVerifier::count_failure(const std::string& peer, store::Time now) {
    if (failures_.size() >= kPeersMax && !failures_.contains(peer)) {
        std::erase_if(failures_, [now](const auto& entry) {
            return now - entry.second.since >= kPasswordFailuresWindow;
        });
        if (failures_.size() >= kPeersMax) failures_.erase(failures_.begin());
    }
    Failures& failures = failures_[peer];
    const store::Seconds age = now - failures.since;
    if (failures.count == 0 || age < store::Seconds{0} || age >= kPasswordFailuresWindow) {
        failures = {.since = now, .count = 0};
    }
    ++failures.count;
}

bool PasswordVerifier::await(std::unique_lock<std::mutex>& lock,
                             const std::function<bool()>& is_over) {
    if (is_over()) return true;
    if (waiting_ >= kWaitingMax) return false;
    ++waiting_;
    changed_.wait(lock, is_over);
    --waiting_;
    return true;
}

}  // namespace kurabe::server
