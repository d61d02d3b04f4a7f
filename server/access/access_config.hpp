// `access:` of the configuration: who may look and who may write. Rule: docs/operations.md,
// "Access".
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "server/ip_network.hpp"
#include "store/result.hpp"

namespace kurabe::server {

class YamlMapping;

inline constexpr std::size_t kAdminsMax = 1000;
inline constexpr std::size_t kProxyNetworksMax = 1000;

enum class AccessMode : std::uint8_t {
    kOpen,   // whoever reaches the port
    kBasic,  // users with passwords
    kProxy,  // whom a reverse proxy names in a header
};

struct AccessConfig {
    bool is_stated = false;  // the configuration has `access:`; without it everything is open
    AccessMode mode = AccessMode::kOpen;
    std::filesystem::path users = {};                  // of kBasic
    std::string header = {};                           // of kProxy
    std::vector<IpNetwork> proxies = {};               // of kProxy: who is believed
    std::set<std::string, std::less<>> admins = {};    // users who may also write
    std::optional<std::filesystem::path> tokens = {};  // none: TOKENS of the data directory
    bool tokens_required = false;                      // of kOpen: to write

    [[nodiscard]] std::filesystem::path tokens_file(const std::filesystem::path& data) const;
};

// Where addresses' signing keys are.
[[nodiscard]] std::filesystem::path signing_keys_file(const std::filesystem::path& data);

// Reads `access` of `config`. Unknown keys are errors here, as are those of other modes: one that
// is overlooked would open a door. Errors read "FILE:LINE: ...".
[[nodiscard]] Result<AccessConfig> read_access_config(
    YamlMapping& config, const std::function<std::filesystem::path(std::string_view)>& resolve);

// kInvalid, with what to write in which file, when a server with that configuration must not listen
// on `address`, a numeric one: open without having been told so, and not only for this machine.
[[nodiscard]] Result<void> check_listening(const AccessConfig& access, std::string_view address,
                                           const std::filesystem::path& config_file);

// Of this machine alone.
[[nodiscard]] bool is_loopback(std::string_view address);

}  // namespace kurabe::server
