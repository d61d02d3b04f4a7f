// The arguments of a plugin line ("http:8080:/status"): what each is called, what it may be, and
// what stands for it when the line does not give it.
// Rule: docs/plugins.md, "Arguments". They come from rolls and name ports, paths and hosts, so each
// has a type, and what is not of it is refused before anything is connected to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"

namespace kurabe::collectors::fetch {

inline constexpr std::size_t kArgumentBytesMax = 512;

// What the configuration tells plugins (`metrics_config`): top-level key -> path below it -> text.
// "MySQL" -> "user" -> "watch"; deeper ones are joined by dots. Holds passwords: never to be shown.
using MetricsConfig =
    std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>>;

// The text of "MySQL.user"; null when there is none. The first part is found whatever its case,
// because Kurado's sample and its plugin disagree about it.
[[nodiscard]] const std::string* find_setting(const MetricsConfig& config, std::string_view path);

enum class ArgumentType : std::uint8_t {
    kPort,  // 1 to 65535
    kPath,  // of a URL: begins with '/', no blanks, nothing but printable ASCII, no '#'
    kHost,  // a name or an address, for a Host header: letters, digits and "._-"
    kWord,  // letters, digits and "._-", not beginning with '-' or '.'
};

struct ArgumentRule {
    std::string name;
    ArgumentType type = ArgumentType::kWord;
    std::string fallback;  // when neither the line nor the setting gives it; may be empty
    std::string setting;   // path in the MetricsConfig, which comes before the fallback; or empty
    std::vector<std::string> choices = {};  // the texts that it may be; none: all of the type
};

// Name of the argument -> text.
using ArgumentValues = std::map<std::string, std::string, std::less<>>;

// Whether a text is of a type.
[[nodiscard]] bool fits(ArgumentType type, std::string_view text) noexcept;

// What the line gives, in the order of the rules, else the setting, else the fallback; unchecked,
// for labels.
[[nodiscard]] ArgumentValues argument_values(std::span<const ArgumentRule> rules,
                                             std::span<const std::string> given,
                                             const MetricsConfig& config);

// The same, each value of its type or empty. kInvalid names the argument and what it may be.
[[nodiscard]] Result<ArgumentValues> checked_argument_values(std::span<const ArgumentRule> rules,
                                                             std::span<const std::string> given,
                                                             const MetricsConfig& config);

}  // namespace kurabe::collectors::fetch
