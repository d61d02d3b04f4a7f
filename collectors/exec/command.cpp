// Fills the words of commands.
#include "collectors/exec/command.hpp"

#include <fmt/format.h>

#include "collectors/host_port.hpp"
#include "collectors/printable.hpp"

namespace kurabe::collectors::exec {
namespace {

constexpr std::size_t kArgumentBytesMax = 512;
constexpr std::size_t kShownCommandBytes = 60;

}  // namespace

bool is_safe_argument(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kArgumentBytesMax && !text.starts_with('-') &&
           consists_of(text, "._-/:@%+=,");
}

Result<std::vector<std::string>> words_of(const Command& command, const Target& target) {
    const auto check = [&target](std::string_view text) -> Result<void> {
        if (is_safe_argument(text)) return {};
        return fail(
            ErrorCode::kInvalid,
            fmt::format("'{}' of host '{}': '{}' cannot be an argument; letters, digits and "
                        "'._-/:@%+=,' can, not beginning with '-'",
                        target.plugin, target.host, printable(text, kShownCommandBytes)));
    };
    std::vector<std::string> words;
    for (const TextTemplate& word : command.words) {
        for (const std::string& name : word.names()) {
            const std::string& value = name == "hostname" ? target.hostname : target.reached_at();
            if (auto checked = check(value); !checked) return std::unexpected(checked.error());
        }
        words.push_back(
            word.expand({{"address", target.reached_at()}, {"hostname", target.hostname}}));
    }
    for (const std::string& argument : target.arguments) {
        if (auto checked = check(argument); !checked) return std::unexpected(checked.error());
        words.push_back(argument);
    }
    return words;
}

}  // namespace kurabe::collectors::exec
