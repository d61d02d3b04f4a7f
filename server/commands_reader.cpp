// Reads programs and how they are run.
#include "server/commands_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "collectors/host_port.hpp"
#include "server/interval.hpp"
#include "server/plugin_definition.hpp"

namespace kurabe::server {
namespace {

using collectors::TextTemplate;
using collectors::exec::Command;
using collectors::exec::Protocol;

constexpr int kTimeoutMax = 300;
constexpr store::Seconds kCommandIntervalMax{86'400};
constexpr std::size_t kNameBytesMax = 64;

Result<TextTemplate> read_word(const YamlNode& node, bool is_program) {
    const auto text = yaml_text(node, "a word of 'command'");
    if (!text) return std::unexpected(text.error());
    auto word = TextTemplate::parse(*text);
    if (!word) return node.error(word.error().message);
    if (is_program && (!word->is_literal() || !text->starts_with('/'))) {
        return node.error(fmt::format("'{}' must be the whole path of a program", *text));
    }
    for (const std::string& name : word->names()) {
        if (name == "address" || name == "hostname") continue;
        return node.error(fmt::format(
            "unknown placeholder '{{{{{}}}}}'; it is '{{{{address}}}}' or '{{{{hostname}}}}'",
            name));
    }
    return word;
}

Result<void> read_words(YamlMapping& mapping, Command& command) {
    const auto words = mapping.sequence("command");
    if (!words) return std::unexpected(words.error());
    if ((*words)->empty()) {
        return mapping.node().error(
            "missing 'command'; it is a list: the program's path and its arguments");
    }
    for (const YamlNode& node : **words) {
        auto word = read_word(node, command.words.empty());
        if (!word) return std::unexpected(word.error());
        command.words.push_back(*std::move(word));
    }
    return {};
}

Result<void> read_protocol(YamlMapping& mapping, Command& command) {
    constexpr std::array<std::pair<std::string_view, Protocol>, 5> kProtocols{
        {{"kurado", Protocol::kKurado},
         {"mackerel", Protocol::kMackerel},
         {"sensu", Protocol::kSensu},
         {"munin", Protocol::kMunin},
         {"check", Protocol::kCheck}}};
    constexpr std::string_view kRight = "it is kurado, mackerel, sensu, munin or check";
    const auto text = mapping.required_text("protocol", kRight);
    if (!text) return std::unexpected(text.error());
    const auto found =
        std::ranges::find(kProtocols, *text, [](const auto& protocol) { return protocol.first; });
    if (found == kProtocols.end()) {
        return mapping.find("protocol")
            ->error(fmt::format("unknown 'protocol: {}'; {}", *text, kRight));
    }
    command.protocol = found->second;
    return {};
}

Result<void> read_timeout(YamlMapping& mapping, Command& command) {
    const auto seconds = mapping.positive_integer("timeout");
    if (!seconds) return std::unexpected(seconds.error());
    if (!seconds->has_value()) return {};
    if (**seconds > kTimeoutMax) {
        return mapping.find("timeout")->error(
            fmt::format("'timeout' is 1 to {} seconds, not {}", kTimeoutMax, **seconds));
    }
    command.timeout = std::chrono::seconds{**seconds};
    return {};
}

Result<void> read_environment(YamlMapping& mapping, Command& command) {
    const auto node = mapping.mapping("environment");
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) return {};
    for (const YamlEntry& entry : (*node)->entries) {
        const bool is_name = !entry.key.empty() && collectors::consists_of(entry.key, "_") &&
                             (entry.key.front() < '0' || entry.key.front() > '9');
        if (!is_name) {
            return entry.value.error(
                fmt::format("'{}' cannot name a variable of an environment", entry.key));
        }
        auto text = yaml_text(entry.value, "a variable of 'environment'");
        if (!text) return std::unexpected(text.error());
        if (text->find('\0') != std::string::npos) {
            return entry.value.error(fmt::format("'{}' has a NUL in it", entry.key));
        }
        command.environment.emplace_back(entry.key, *std::move(text));
    }
    return {};
}

Result<Command> read_command(const YamlEntry& entry) {
    if (entry.key.empty() || entry.key.size() > kNameBytesMax || entry.key.front() == '-' ||
        !collectors::consists_of(entry.key, "_-")) {
        return entry.value.error(
            fmt::format("'{}' cannot name a command; use letters, digits, '_' and '-', at most {}",
                        entry.key, kNameBytesMax));
    }
    auto mapping = YamlMapping::of(entry.value, fmt::format("command '{}'", entry.key));
    if (!mapping) return std::unexpected(mapping.error());
    Command command;
    command.name = entry.key;
    if (auto read = read_words(*mapping, command); !read) return std::unexpected(read.error());
    if (auto read = read_protocol(*mapping, command); !read) return std::unexpected(read.error());
    const auto user = mapping->text("user");
    if (!user) return std::unexpected(user.error());
    command.user = user->value_or("");
    const auto interval = read_interval(*mapping, kCommandIntervalMax);
    if (!interval) return std::unexpected(interval.error());
    command.interval = *interval;
    auto read = read_timeout(*mapping, command);
    if (read) read = read_environment(*mapping, command);
    if (read) read = mapping->refuse_unknown_keys();
    if (!read) return std::unexpected(read.error());
    return command;
}

}  // namespace

Result<Commands> read_commands(const YamlNode* node) {
    Commands commands;
    if (node == nullptr) return commands;
    for (const YamlEntry& entry : node->entries) {
        if (commands.size() >= kCommandsMax) {
            return entry.value.error(fmt::format("more than {} commands", kCommandsMax));
        }
        // Its page would be the plugin's.
        if (PluginCatalogue::exists({}, entry.key)) {
            return entry.value.error(fmt::format(
                "'{}' is a built-in plugin; call the command otherwise, such as '{}-command'",
                entry.key, entry.key));
        }
        auto command = read_command(entry);
        if (!command) return std::unexpected(command.error());
        commands.emplace(entry.key, *std::move(command));
    }
    return commands;
}

}  // namespace kurabe::server
