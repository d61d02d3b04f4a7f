// Reads the file of SNMP credentials.
#include "server/snmp_credentials.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "collectors/secret_file.hpp"
#include "collectors/snmp/filter.hpp"
#include "server/text_file.hpp"
#include "server/yaml.hpp"

namespace kurabe::server {
namespace {

namespace snmp = collectors::snmp;

template <typename T>
struct Named {
    std::string_view name;
    T value;
};

// The value of a word of the file; `otherwise` when the key is absent.
template <typename T, std::size_t N>
Result<T> read_word(YamlMapping& section, std::string_view key,
                    const std::array<Named<T>, N>& words, T otherwise) {
    const auto text = section.text(key);
    if (!text) return std::unexpected(text.error());
    if (!text->has_value()) return otherwise;
    const auto found = std::ranges::find(words, std::string_view(**text), &Named<T>::name);
    if (found != words.end()) return found->value;
    std::string known;
    for (const Named<T>& word : words) {
        known += (known.empty() ? "" : ", ") + std::string(word.name);
    }
    return section.find(key)->error(fmt::format("'{}' is one of {}", key, known));
}

class SectionReader {
  public:
    SectionReader(const YamlEntry& entry, const AskEnvironment& ask_environment)
        : entry_(entry), ask_environment_(ask_environment) {}

    [[nodiscard]] Result<snmp::Credential> read();

  private:
    [[nodiscard]] Result<void> read_hosts(YamlMapping& section, snmp::Credential& credential);
    [[nodiscard]] Result<snmp::User> read_user(YamlMapping& section, std::string name);
    [[nodiscard]] Result<std::optional<std::string>> secret(YamlMapping& section,
                                                            std::string_view key);
    [[nodiscard]] Result<std::string> required_secret(YamlMapping& section, std::string_view key);

    const YamlEntry& entry_;
    const AskEnvironment& ask_environment_;
};

Result<snmp::Credential> SectionReader::read() {
    auto section = YamlMapping::of(entry_.value, fmt::format("credential '{}'", entry_.key));
    if (!section) return std::unexpected(section.error());
    snmp::Credential credential{.name = entry_.key, .hosts = {}, .access = {}};
    if (auto read = read_hosts(*section, credential); !read) return std::unexpected(read.error());
    const auto port = section->positive_integer("port");
    if (!port) return std::unexpected(port.error());
    constexpr int kPortMax = 65535;
    if (port->value_or(1) > kPortMax) {
        return section->find("port")->error(fmt::format("'port' is at most {}", kPortMax));
    }
    if (*port) credential.port = static_cast<std::uint16_t>(**port);
    auto community = secret(*section, "community");
    if (!community) return std::unexpected(community.error());
    auto user = section->text("user");
    if (!user) return std::unexpected(user.error());
    if (community->has_value() == user->has_value()) {
        return entry_.value.error(fmt::format(
            "credential '{}' has either 'community' (SNMPv2c) or 'user' (SNMPv3)", entry_.key));
    }
    if (*community) {
        credential.access = snmp::Community{**std::move(community)};
    } else {
        auto read = read_user(*section, **std::move(user));
        if (!read) return std::unexpected(read.error());
        credential.access = *std::move(read);
    }
    if (const auto unknown = section->unknown_keys(); !unknown.empty()) {
        return fail(ErrorCode::kInvalid, unknown.front());
    }
    return credential;
}

// A pattern or a list of them; without the key the section's own name is one.
Result<void> SectionReader::read_hosts(YamlMapping& section, snmp::Credential& credential) {
    const YamlNode* const value = section.find("hosts");
    if (value == nullptr) {
        credential.hosts.push_back(entry_.key);
        return {};
    }
    const std::vector<YamlNode> one{*value};
    for (const YamlNode& item : value->is(YamlNode::Kind::kSequence) ? value->items : one) {
        auto pattern = yaml_text(item, "'hosts' (a name, an address, a pattern, or a list)");
        if (!pattern) return std::unexpected(pattern.error());
        if (pattern->size() > snmp::kPatternBytesMax) {
            return item.error(
                fmt::format("a pattern has more than {} bytes", snmp::kPatternBytesMax));
        }
        credential.hosts.push_back(*std::move(pattern));
    }
    if (credential.hosts.size() > snmp::kPatternsMax) {
        return value->error(fmt::format("'hosts' has more than {} patterns", snmp::kPatternsMax));
    }
    return {};
}

Result<snmp::User> SectionReader::read_user(YamlMapping& section, std::string name) {
    using snmp::AuthProtocol, snmp::Level, snmp::PrivProtocol;
    constexpr std::array kLevels{Named{"noAuthNoPriv", Level::kNoAuth},
                                 Named{"authNoPriv", Level::kAuth},
                                 Named{"authPriv", Level::kAuthPriv}};
    constexpr std::array kAuths{
        Named{"SHA-256", AuthProtocol::kSha256}, Named{"SHA-512", AuthProtocol::kSha512},
        Named{"SHA-384", AuthProtocol::kSha384}, Named{"SHA-224", AuthProtocol::kSha224},
        Named{"SHA", AuthProtocol::kSha1}};
    constexpr std::array kPrivs{Named{"AES", PrivProtocol::kAes128},
                                Named{"AES-192", PrivProtocol::kAes192},
                                Named{"AES-256", PrivProtocol::kAes256}};
    constexpr std::size_t kNameBytesMax = 32;  // RFC 3414, SnmpAdminString of users
    if (name.empty() || name.size() > kNameBytesMax) {
        return section.find("user")->error(
            fmt::format("'user' has between 1 and {} bytes", kNameBytesMax));
    }
    snmp::User user{.name = std::move(name)};
    const auto level = read_word(section, "level", kLevels, Level::kAuthPriv);
    if (!level) return std::unexpected(level.error());
    user.level = *level;
    const auto auth = read_word(section, "auth", kAuths, AuthProtocol::kSha256);
    if (!auth) return std::unexpected(auth.error());
    user.auth = *auth;
    const auto priv = read_word(section, "priv", kPrivs, PrivProtocol::kAes128);
    if (!priv) return std::unexpected(priv.error());
    user.priv = *priv;
    const auto context = section.text("context");
    if (!context) return std::unexpected(context.error());
    user.context = context->value_or("");
    if (user.level != Level::kNoAuth) {
        auto passphrase = required_secret(section, "auth_passphrase");
        if (!passphrase) return std::unexpected(passphrase.error());
        user.auth_passphrase = *std::move(passphrase);
    }
    if (user.level == Level::kAuthPriv) {
        auto passphrase = required_secret(section, "priv_passphrase");
        if (!passphrase) return std::unexpected(passphrase.error());
        user.priv_passphrase = *std::move(passphrase);
    }
    return user;
}

Result<std::optional<std::string>> SectionReader::secret(YamlMapping& section,
                                                         std::string_view key) {
    constexpr std::string_view kFromEnvironment = "env:";
    auto text = section.text(key);
    if (!text || !*text || !(*text)->starts_with(kFromEnvironment)) return text;
    const std::string name = (*text)->substr(kFromEnvironment.size());
    auto value = ask_environment_(name);
    if (!value) {
        return section.find(key)->error(
            fmt::format("'{}' is to come from the environment, which has no {}", key, name));
    }
    return value;
}

// Eight bytes are RFC 3414's least, and net-snmp's.
Result<std::string> SectionReader::required_secret(YamlMapping& section, std::string_view key) {
    constexpr std::size_t kPassphraseBytesMin = 8;
    auto text = secret(section, key);
    if (!text) return std::unexpected(text.error());
    if (!*text) {
        return entry_.value.error(
            fmt::format("credential '{}' needs '{}' at its level", entry_.key, key));
    }
    if ((*text)->size() < kPassphraseBytesMin) {
        return section.find(key)->error(
            fmt::format("'{}' has less than {} bytes", key, kPassphraseBytesMin));
    }
    return **std::move(text);
}

}  // namespace

Result<std::vector<snmp::Credential>> load_snmp_credentials(const std::filesystem::path& file,
                                                            const AskEnvironment& ask_environment,
                                                            std::optional<uid_t> other_owner) {
    if (const auto opened =
            collectors::open_secret_file(file, ask_environment(kCredentialsDirectory), other_owner);
        !opened) {
        return std::unexpected(opened.error());
    }
    const auto text = read_text_file(file, kCredentialsBytesMax);
    if (!text) return std::unexpected(text.error());
    const auto documents = parse_yaml(*text, file.native());
    if (!documents) return std::unexpected(documents.error());
    if (documents->size() != 1 || !documents->front().is(YamlNode::Kind::kMapping)) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}:1:1: is no mapping of credentials by name", file.native()));
    }
    std::vector<snmp::Credential> credentials;
    for (const YamlEntry& entry : documents->front().entries) {
        auto credential = SectionReader(entry, ask_environment).read();
        if (!credential) return std::unexpected(credential.error());
        credentials.push_back(*std::move(credential));
        if (credentials.size() > snmp::kCredentialsMax) {
            return entry.value.error(
                fmt::format("more than {} credentials", snmp::kCredentialsMax));
        }
    }
    return credentials;
}

std::optional<std::string> ask_own_environment(const std::string& name) {
    const char* const value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace kurabe::server
