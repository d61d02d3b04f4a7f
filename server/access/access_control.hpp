// Decides about every request before anything answers it: who sends it, and whether its route is
// for them. Rule: docs/operations.md, "Access".
#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "server/access/access_config.hpp"
#include "server/access/caller.hpp"
#include "server/access/password_verifier.hpp"
#include "server/access/signature.hpp"
#include "server/access/tokens_file.hpp"
#include "server/access/users_file.hpp"
#include "server/access/watched_file.hpp"
#include "server/http_types.hpp"
#include "server/log.hpp"
#include "server/now_and_then.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::server {

struct Config;  // server/config.hpp
struct Route;   // server/routes.hpp

// Why a request is not answered.
struct AccessRefusal {
    int status;                          // 401: who are you; 403: not you; 429: not now
    std::string reason;                  // fit for clients
    std::string_view challenge = {};     // of WWW-Authenticate, for 401
    std::string_view wait_seconds = {};  // of Retry-After, for 429
    std::string name = {};               // of whom is known, for the log
    bool is_first = false;               // nothing was tried, as in a browser's first request
    bool has_expired = false;            // the address's signature was good until then
};

struct AccessOptions {
    const AccessConfig& config;
    std::filesystem::path data;
    // Where systemd puts secrets; see collectors/secret_file.hpp.
    std::optional<std::filesystem::path> credentials = {};
    PasswordVerifier::Matches matches;  // password_matches(), but for tests
    // As in secret_text.hpp.
    std::optional<uid_t> other_owner = {};
};

// Thread-safe.
class AccessControl {
  public:
    // Reads users, tokens and keys; what is wrong with them is an error that names file and line.
    // What `options` and `log` refer to must outlive it.
    [[nodiscard]] static Result<std::unique_ptr<AccessControl>> open(const AccessOptions& options,
                                                                     Log& log);

    // `route` is null for an address that is none; then whoever may read is told so. `config` knows
    // the hosts by the names that the answer will find them by.
    [[nodiscard]] std::expected<Caller, AccessRefusal> admit(const Request& request,
                                                             const Route* route,
                                                             const Config& config, store::Time now);
    // The same of a request whose body may still name the hosts that it is about.
    [[nodiscard]] std::optional<AccessRefusal> refuse_head(const Request& head, const Route& route,
                                                           store::Time now);

    // Lines of the log: of each peer that is refused, and of each caller with a name that writes,
    // one now and then.
    void tell_refused(const Request& request, const AccessRefusal& refusal, store::Time now);
    void tell_write(const Request& request, const Caller& caller, int status, store::Time now);

    // Whether answers depend on who asks, so that no cache of many users may keep them.
    [[nodiscard]] bool is_personal() const noexcept;

  private:
    using Identified = std::expected<Caller, AccessRefusal>;

    AccessControl(const AccessConfig& config, Log& log);
    [[nodiscard]] Result<void> load(const AccessOptions& options);
    [[nodiscard]] Result<void> load_users(const AccessOptions& options);
    // Who it is, when the route is for such.
    [[nodiscard]] Identified admit_to(const Request& request, const Route* route, store::Time now);
    // Who it is.
    [[nodiscard]] Identified identify(const Request& request, const Route* route, store::Time now);
    [[nodiscard]] Identified by_token(const std::string& secret, store::Time now);
    [[nodiscard]] Identified by_password(const PasswordCredentials& given, std::string_view peer,
                                         store::Time now);
    // None when the request has no such header.
    [[nodiscard]] std::optional<Identified> by_proxy(const Request& request) const;
    [[nodiscard]] Caller user(std::string name) const;
    [[nodiscard]] AccessRefusal unknown(std::string_view reason) const;
    [[nodiscard]] AccessRefusal nobody(std::string_view reason) const;

    const AccessConfig& config_;
    Log& log_;
    std::unique_ptr<WatchedFile<Users>> users_;
    std::unique_ptr<WatchedFile<TokenIndex>> tokens_;
    std::unique_ptr<WatchedFile<SigningKeys>> keys_;
    std::unique_ptr<PasswordVerifier> verifier_;
    NowAndThen refused_told_;
    NowAndThen writes_told_;
};

}  // namespace kurabe::server
