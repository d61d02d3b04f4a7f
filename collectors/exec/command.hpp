// A program that the configuration names and a roll's line runs for a host.
// Rule: docs/collectors.md, "Programs".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collectors/text_template.hpp"
#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::collectors::exec {

// What a program prints, and how it says what its graphs are.
enum class Protocol : std::uint8_t {
    kKurado,    // as a plugin of Kurado's agent
    kMackerel,  // name, value, epoch; graph definitions when asked for
    kSensu,     // name, value, epoch
    kMunin,     // a Munin plugin
    kCheck,     // its exit status, as Nagios' and Mackerel's checks
};

struct Command {
    std::string name;
    // The program by its whole path, and arguments; {{address}} and {{hostname}} are the host's.
    std::vector<TextTemplate> words;
    Protocol protocol = Protocol::kKurado;
    std::string user;  // empty: as this process
    std::chrono::seconds timeout{30};
    std::optional<store::Seconds> interval;  // without it the host's
    std::vector<std::pair<std::string, std::string>> environment;
};

// For whom a line of a roll runs it.
struct Target {
    std::string host;          // identity, of reports
    std::string address = {};  // where it is reached; empty: the host
    std::string hostname;
    std::string plugin;                  // identifier: the line
    std::vector<std::string> arguments;  // of the line, behind the command's own words
    store::Seconds interval{60};         // between two runs

    [[nodiscard]] const std::string& reached_at() const noexcept {
        return address.empty() ? host : address;
    }
};

// Whether a text of the configuration may be an argument: letters, digits and "._-/:@%+=,", not
// beginning with '-', at most 512 bytes. No shell sees it, but programs have their own ideas.
[[nodiscard]] bool is_safe_argument(std::string_view text) noexcept;

// The words that run a command for a target. kInvalid for what is no safe argument.
[[nodiscard]] Result<std::vector<std::string>> words_of(const Command& command,
                                                        const Target& target);

}  // namespace kurabe::collectors::exec
