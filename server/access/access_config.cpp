// Each mode has its keys.
#include "server/access/access_config.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "server/access/account_name.hpp"
#include "server/request_text.hpp"
#include "server/yaml.hpp"

namespace kurabe::server {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDefaultHeader = "X-Forwarded-User";

struct ModeName {
    std::string_view name;
    AccessMode mode;
};
constexpr std::array kModes{ModeName{"open", AccessMode::kOpen},
                            ModeName{"basic", AccessMode::kBasic},
                            ModeName{"proxy", AccessMode::kProxy}};

// Keys that mean something in some modes only.
struct ModeKey {
    std::string_view key;
    std::string_view modes;
    bool (*is_of)(AccessMode);
};
constexpr std::array kModeKeys{
    ModeKey{"users", "basic", [](AccessMode mode) { return mode == AccessMode::kBasic; }},
    ModeKey{"header", "proxy", [](AccessMode mode) { return mode == AccessMode::kProxy; }},
    ModeKey{"from", "proxy", [](AccessMode mode) { return mode == AccessMode::kProxy; }},
    ModeKey{"admins", "basic or proxy", [](AccessMode mode) { return mode != AccessMode::kOpen; }},
    ModeKey{"tokens_required", "open", [](AccessMode mode) { return mode == AccessMode::kOpen; }},
};

class AccessReader {
  public:
    AccessReader(YamlMapping& mapping, const std::function<fs::path(std::string_view)>& resolve)
        : mapping_(mapping), resolve_(resolve) {}

    [[nodiscard]] Result<AccessConfig> read() {
        access_.is_stated = true;
        for (const auto step :
             {&AccessReader::read_mode, &AccessReader::check_keys, &AccessReader::read_users,
              &AccessReader::read_proxy, &AccessReader::read_admins, &AccessReader::read_tokens}) {
            if (auto done = (this->*step)(); !done) return std::unexpected(done.error());
        }
        if (auto known = mapping_.refuse_unknown_keys(); !known) {
            return std::unexpected(known.error());
        }
        return std::move(access_);
    }

  private:
    Result<void> read_mode() {
        const auto mode = mapping_.required_text("mode", "write 'mode: open', 'basic' or 'proxy'");
        if (!mode) return std::unexpected(mode.error());
        const auto found = std::ranges::find(kModes, *mode, &ModeName::name);
        if (found == kModes.end()) {
            return mapping_.find("mode")->error(
                fmt::format("'mode' is open, basic or proxy, not '{}'", *mode));
        }
        access_.mode = found->mode;
        return {};
    }

    Result<void> check_keys() {
        for (const ModeKey& key : kModeKeys) {
            const YamlNode* const value = mapping_.find(key.key);
            if (value == nullptr || key.is_of(access_.mode)) continue;
            return value->error(fmt::format("'{}' is for mode {} only", key.key, key.modes));
        }
        return {};
    }

    Result<void> read_users() {
        if (access_.mode != AccessMode::kBasic) return {};
        const auto users = mapping_.required_text(
            "users", "give the file of users, which 'kurabe user set' writes");
        if (!users) return std::unexpected(users.error());
        access_.users = resolve_(*users);
        return {};
    }

    Result<void> read_proxy() {
        if (access_.mode != AccessMode::kProxy) return {};
        const auto header = mapping_.text("header");
        if (!header) return std::unexpected(header.error());
        access_.header = header->value_or(std::string(kDefaultHeader));
        if (!is_token(access_.header)) {
            return mapping_.find("header")->error("'header' is no name of a header");
        }
        const auto networks = mapping_.sequence("from");
        if (!networks) return std::unexpected(networks.error());
        for (const YamlNode& item : **networks) {
            if (auto added = add_proxy(item); !added) return added;
        }
        if (!access_.proxies.empty()) return {};
        return mapping_.node().error(
            "missing 'from'; name the proxies that are believed: 'from: [ 127.0.0.1 ]'");
    }

    Result<void> add_proxy(const YamlNode& item) {
        const auto text = yaml_text(item, "one of 'from' (an address or a network)");
        if (!text) return std::unexpected(text.error());
        auto network = IpNetwork::parse(*text);
        if (!network) return item.error(network.error().message);
        if (access_.proxies.size() >= kProxyNetworksMax) return item.error("too many in 'from'");
        access_.proxies.push_back(*network);
        return {};
    }

    Result<void> read_admins() {
        const auto names = mapping_.sequence("admins");
        if (!names) return std::unexpected(names.error());
        for (const YamlNode& item : **names) {
            const auto name = yaml_text(item, "one of 'admins' (a user)");
            if (!name) return std::unexpected(name.error());
            if (auto checked = check_account_name(*name); !checked) {
                return item.error(checked.error().message);
            }
            if (access_.admins.size() >= kAdminsMax) return item.error("too many 'admins'");
            access_.admins.insert(*name);
        }
        return {};
    }

    Result<void> read_tokens() {
        const auto file = mapping_.text("tokens");
        if (!file) return std::unexpected(file.error());
        if (file->has_value()) access_.tokens = resolve_(**file);
        const auto required = mapping_.text("tokens_required");
        if (!required) return std::unexpected(required.error());
        const std::string text = required->value_or("false");
        if (text != "true" && text != "false") {
            return mapping_.find("tokens_required")
                ->error(fmt::format("'tokens_required' is true or false, not '{}'", text));
        }
        access_.tokens_required = text == "true";
        return {};
    }

    YamlMapping& mapping_;
    const std::function<fs::path(std::string_view)>& resolve_;
    AccessConfig access_;
};

}  // namespace

fs::path AccessConfig::tokens_file(const fs::path& data) const {
    return tokens.value_or(data / "tokens");
}

fs::path signing_keys_file(const fs::path& data) {
    return data / "sign.key";
}

Result<AccessConfig> read_access_config(YamlMapping& config,
                                        const std::function<fs::path(std::string_view)>& resolve) {
    const auto node = config.mapping("access");
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) return AccessConfig{};
    auto mapping = YamlMapping::of(**node, "'access'");
    if (!mapping) return std::unexpected(mapping.error());
    return AccessReader(*mapping, resolve).read();
}

bool is_loopback(std::string_view address) {
    const auto parsed = IpAddress::parse(address);
    if (!parsed) return false;
    return std::ranges::any_of(std::array{"127.0.0.0/8", "::1"}, [&parsed](const char* text) {
        const auto network = IpNetwork::parse(text);
        return network && network->contains(*parsed);
    });
}

Result<void> check_listening(const AccessConfig& access, std::string_view address,
                             const fs::path& config_file) {
    if (access.is_stated || is_loopback(address)) return {};
    return fail(ErrorCode::kInvalid,
                fmt::format("{}: 'access' is needed to listen on {}, where other machines are; "
                            "write below 'config:' 'access: {{ mode: basic, users: users }}', or "
                            "'access: {{ mode: open }}' to let all of them look and write",
                            config_file.native(), address));
}

}  // namespace kurabe::server
