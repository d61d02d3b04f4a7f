// Identity first, then what the route wants of it.
#include "server/access/access_control.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "server/access/account_name.hpp"
#include "server/access/secret_text.hpp"
#include "server/config.hpp"
#include "server/file_identity.hpp"
#include "server/parameters.hpp"
#include "server/routes.hpp"
#include "store/sample.hpp"

namespace kurabe::server {
namespace {

constexpr store::Seconds kBetweenLines{300};
constexpr std::string_view kBasicChallenge = "Basic realm=\"Kurabe\", charset=\"UTF-8\"";
constexpr std::string_view kBearerChallenge = "Bearer realm=\"Kurabe\"";

AccessRefusal forbidden(std::string reason, const Caller& caller) {
    return {.status = 403, .reason = std::move(reason), .name = caller.name};
}

AccessRefusal come_back(std::string_view reason, std::string_view seconds) {
    return {.status = 429, .reason = std::string(reason), .wait_seconds = seconds};
}

bool only_reads(const Request& request) {
    return request.method == "GET" || request.method == "HEAD";
}

std::size_t count_of(const Request& request, std::string_view name) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return static_cast<std::size_t>(std::ranges::count_if(request.headers, [&](const auto& header) {
        return std::ranges::equal(header.first, name, {}, lower, lower);
    }));
}

std::string_view host_of_series(std::string_view series) {
    return series.substr(0, series.find('/'));
}

// A host as it is written.
struct WrittenHost {
    std::string_view text;
    bool may_be_name = false;  // what it is called besides its address
};

// The hosts that a request is about, as its route reads them.
std::vector<WrittenHost> hosts_of(const Route& route, const Request& request) {
    std::vector<WrittenHost> hosts;
    if (route.hosts_in == HostsIn::kPath) {
        const auto parts = wildcards_of(route, request);
        if (!parts.empty()) hosts.push_back({parts.front(), true});
    }
    if (route.hosts_in != HostsIn::kParameters) return hosts;
    for (const auto& [name, value] : request.parameters) {
        if (name == "address") hosts.push_back({value});
        if (name == "host") hosts.push_back({value, true});
        if (name == "series") hosts.push_back({host_of_series(value), true});
    }
    return hosts;
}

// A token's hosts are addresses: whoever gives a host a name must not thereby open another one.
bool is_for(const Caller& caller, const WrittenHost& host, const Config& config) {
    if (!host.may_be_name) return caller.is_for(host.text);
    const auto address = config.address_of(host.text);
    return address && caller.is_for(*address);
}

// What a caller for some hosts alone asks of others.
std::optional<AccessRefusal> beyond_hosts(const Caller& caller, const Route* route,
                                          const Request& request, const Config& config) {
    if (!caller.is_limited() || route == nullptr) return std::nullopt;
    if (route->hosts_in == HostsIn::kAnswer) return std::nullopt;
    // Of what is written, LineIntake asks for each.
    if (route->hosts_in == HostsIn::kLines && writes(*route, request)) return std::nullopt;
    const auto hosts = hosts_of(*route, request);
    if (hosts.empty()) return forbidden(caller.refusal_of({}), caller);
    const auto other = std::ranges::find_if_not(
        hosts, [&](const WrittenHost& host) { return is_for(caller, host, config); });
    if (other == hosts.end()) return std::nullopt;
    // As it is written: whose name it is, is not told.
    return forbidden(caller.refusal_of(other->text), caller);
}

bool is_write(const Route* route, const Request& request) {
    return route != nullptr && writes(*route, request);
}

// What the route wants of somebody who is known.
std::optional<AccessRefusal> beyond_rights(const Caller& caller, const Route* route,
                                           const Request& request) {
    const bool writes = is_write(route, request);
    if (writes ? caller.writes : caller.reads) return std::nullopt;
    return forbidden(fmt::format("{} may not {}", caller.shown(), writes ? "write" : "read"),
                     caller);
}

Result<TokenIndex> parse_index(std::string_view text, std::string_view file) {
    auto parsed = parse_tokens(text, file);
    if (!parsed) return std::unexpected(parsed.error());
    return TokenIndex(*std::move(parsed));
}

// Makes of a file of secrets what `parse` makes of its text.
template <typename T>
typename WatchedFile<T>::Load loader(const AccessOptions& options, std::size_t bytes_max,
                                     Result<T> (*parse)(std::string_view text,
                                                        std::string_view file)) {
    return [credentials = options.credentials, other_owner = options.other_owner, bytes_max,
            parse](const std::filesystem::path& file) -> Result<T> {
        const auto text = read_secret({.path = file,
                                       .bytes_max = bytes_max,
                                       .credentials = credentials,
                                       .other_owner = other_owner});
        if (!text) return std::unexpected(text.error());
        return parse(*text, file.native());
    };
}

template <typename T>
Result<void> watch(std::unique_ptr<WatchedFile<T>>& watched, const std::filesystem::path& file,
                   typename WatchedFile<T>::Load load, Log& log) {
    auto opened = WatchedFile<T>::open(file, std::move(load), log);
    if (!opened) return std::unexpected(opened.error());
    watched = *std::move(opened);
    return {};
}

Caller anybody(bool writes) {
    return {.kind = Caller::Kind::kAnybody, .reads = true, .writes = writes};
}

}  // namespace

AccessControl::AccessControl(const AccessConfig& config, Log& log)
    : config_(config), log_(log), refused_told_(kBetweenLines), writes_told_(kBetweenLines) {}

Result<std::unique_ptr<AccessControl>> AccessControl::open(const AccessOptions& options, Log& log) {
    auto control = std::unique_ptr<AccessControl>(new AccessControl(options.config, log));
    if (auto loaded = control->load(options); !loaded) return std::unexpected(loaded.error());
    return control;
}

Result<void> AccessControl::load(const AccessOptions& options) {
    if (auto watched = watch(tokens_, config_.tokens_file(options.data),
                             loader<TokenIndex>(options, kTokensFileBytesMax, parse_index), log_);
        !watched) {
        return watched;
    }
    if (auto watched =
            watch(keys_, signing_keys_file(options.data),
                  loader<SigningKeys>(options, kSigningFileBytesMax, parse_signing_keys), log_);
        !watched) {
        return watched;
    }
    return config_.mode == AccessMode::kBasic ? load_users(options) : Result<void>();
}

Result<void> AccessControl::load_users(const AccessOptions& options) {
    if (!identity_of(config_.users)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}: there is no such file of users; make it with 'kurabe user "
                                "set NAME --users {}'",
                                config_.users.native(), config_.users.native()));
    }
    if (auto watched = watch(users_, config_.users,
                             loader<Users>(options, kUsersFileBytesMax, parse_users), log_);
        !watched) {
        return watched;
    }
    auto verifier = PasswordVerifier::make(options.matches);
    if (!verifier) return std::unexpected(verifier.error());
    verifier_ = *std::move(verifier);
    return {};
}

std::expected<Caller, AccessRefusal> AccessControl::admit(const Request& request,
                                                          const Route* route, const Config& config,
                                                          store::Time now) {
    if (route != nullptr && route->needs == Needs::kNothing) return anybody(false);
    auto caller = admit_to(request, route, now);
    if (!caller) return caller;
    if (auto refusal = beyond_hosts(*caller, route, request, config)) {
        return std::unexpected(*std::move(refusal));
    }
    return caller;
}

std::optional<AccessRefusal> AccessControl::refuse_head(const Request& head, const Route& route,
                                                        store::Time now) {
    if (route.needs == Needs::kNothing) return std::nullopt;
    auto caller = admit_to(head, &route, now);
    if (caller) return std::nullopt;
    return std::move(caller).error();
}

AccessControl::Identified AccessControl::admit_to(const Request& request, const Route* route,
                                                  store::Time now) {
    auto caller = identify(request, route, now);
    if (!caller || caller->kind == Caller::Kind::kSignature) return caller;
    if (caller->kind == Caller::Kind::kAnybody) {
        if (is_write(route, request) && !caller->writes) {
            return std::unexpected(nobody("this needs a token"));
        }
        return caller;
    }
    if (auto refusal = beyond_rights(*caller, route, request)) {
        return std::unexpected(*std::move(refusal));
    }
    return caller;
}

// A signature counts where the address is for it, then a token, then a user.
AccessControl::Identified AccessControl::identify(const Request& request, const Route* route,
                                                  store::Time now) {
    const bool is_open = config_.mode == AccessMode::kOpen;
    auto named = by_proxy(request);
    // Somebody else's name, which must not be asked for twice in two ways.
    if (named && !*named && (*named).error().status == 403) return *std::move(named);
    const bool is_embeddable =
        route != nullptr && route->needs == Needs::kLoginOrSignature && only_reads(request);
    std::optional<Error> bad_signature;
    if (!is_open && is_embeddable && wants_signature(request)) {
        const auto checked = check_signature(request, *keys_->current(now), now);
        if (checked) return Caller{.kind = Caller::Kind::kSignature, .reads = true};
        bad_signature = checked.error();
    }
    const auto given = read_credentials(request);
    if (!given && !is_open) return std::unexpected(unknown(given.error().message));
    // Of an open server, what a proxy in front asks for is not our matter.
    const bool has_token =
        given && given->token && (!is_open || given->token->starts_with(kTokenPrefix));
    if (has_token) return by_token(*given->token, now);
    if (is_open) return anybody(!config_.tokens_required);
    if (named) return *std::move(named);
    if (config_.mode == AccessMode::kBasic && given->password) {
        return by_password(*given->password, request.peer, now);
    }
    if (bad_signature) {
        return std::unexpected(
            AccessRefusal{.status = 403,
                          .reason = std::move(bad_signature->message),
                          .has_expired = bad_signature->code == ErrorCode::kForbidden});
    }
    return std::unexpected(nobody("this needs a login"));
}

AccessControl::Identified AccessControl::by_token(const std::string& secret, store::Time now) {
    const auto index = tokens_->current(now);
    const Token* const token = index->find(secret);
    if (token == nullptr) return std::unexpected(unknown("this token is not known"));
    if (token->is_expired(now)) {
        AccessRefusal refusal = unknown("this token has expired");
        refusal.name = token->name;
        return std::unexpected(std::move(refusal));
    }
    return Caller{.kind = Caller::Kind::kToken,
                  .name = token->name,
                  .reads = token->reads,
                  .writes = token->writes,
                  .hosts = std::shared_ptr<const HostScope>(index, &token->hosts)};
}

AccessControl::Identified AccessControl::by_password(const PasswordCredentials& given,
                                                     std::string_view peer, store::Time now) {
    switch (verifier_->verify(given, *users_->current(now), peer, now)) {
        case PasswordVerifier::Verdict::kRight:
            return user(given.user);
        case PasswordVerifier::Verdict::kWrong:
            return std::unexpected(unknown("the user or the password is wrong"));
        case PasswordVerifier::Verdict::kTooManyFailures:
            return std::unexpected(
                come_back("too many wrong passwords came from your address; wait a minute", "60"));
        case PasswordVerifier::Verdict::kBusy:
            break;
    }
    return std::unexpected(come_back("too many logins are under way; try again", "1"));
}

std::optional<AccessControl::Identified> AccessControl::by_proxy(const Request& request) const {
    if (config_.mode != AccessMode::kProxy) return std::nullopt;
    const std::size_t count = count_of(request, config_.header);
    if (count == 0) return std::nullopt;
    const auto refused = [](std::string reason) {
        return Identified(
            std::unexpected(AccessRefusal{.status = 403, .reason = std::move(reason)}));
    };
    const auto peer = IpAddress::parse(request.peer);
    const bool is_proxy = peer && std::ranges::any_of(config_.proxies, [&](const IpNetwork& from) {
                              return from.contains(*peer);
                          });
    if (!is_proxy) return refused(fmt::format("{} is not believed from here", config_.header));
    const std::string_view name = header_value(request, config_.header);
    if (count > 1 || !check_account_name(name)) {
        return refused(fmt::format("{} does not name one user", config_.header));
    }
    return Identified(user(std::string(name)));
}

Caller AccessControl::user(std::string name) const {
    const bool is_admin = config_.admins.contains(name);
    return {
        .kind = Caller::Kind::kUser, .name = std::move(name), .reads = true, .writes = is_admin};
}

AccessRefusal AccessControl::unknown(std::string_view reason) const {
    return {.status = 401,
            .reason = std::string(reason),
            .challenge = config_.mode == AccessMode::kBasic ? kBasicChallenge : kBearerChallenge};
}

AccessRefusal AccessControl::nobody(std::string_view reason) const {
    AccessRefusal refusal = unknown(reason);
    refusal.is_first = true;
    return refusal;
}

void AccessControl::tell_refused(const Request& request, const AccessRefusal& refusal,
                                 store::Time now) {
    // What every browser begins with must not hide what is tried then.
    const std::string subject =
        fmt::format("{}\n{}\n{}", request.peer, refusal.status, refusal.is_first);
    if (!refused_told_.is_due(subject, now)) return;
    log_.warning("access refused", {{"peer", request.peer},
                                    {"method", request.method},
                                    {"path", request.path},
                                    {"status", std::to_string(refusal.status)},
                                    {"reason", refusal.reason},
                                    {"name", refusal.name.empty() ? "-" : refusal.name}});
}

void AccessControl::tell_write(const Request& request, const Caller& caller, int status,
                               store::Time now) {
    if (caller.name.empty()) return;
    const bool is_token = caller.kind == Caller::Kind::kToken;
    const std::string_view kind = is_token ? "token" : "user";
    const std::string subject = fmt::format("{}\n{}\n{}", kind, caller.name, request.peer);
    if (!writes_told_.is_due(subject, now)) return;
    log_.info("write", {{kind, caller.name},
                        {"peer", request.peer},
                        {"path", request.path},
                        {"status", std::to_string(status)}});
}

bool AccessControl::is_personal() const noexcept {
    return config_.mode != AccessMode::kOpen;
}

}  // namespace kurabe::server
