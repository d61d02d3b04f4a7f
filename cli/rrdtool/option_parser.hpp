// Options of one rrdtool command, as rrdtool reads them: options and operands in any order, short
// ones in bundles ("-Ez", "-s-1d"), long ones with "=" or the next word, "--" ends options, and
// beginnings of long names are no names.
// Rule and messages: measured on rrdtool 1.7.2; CLI11 has others (kurabe's own commands use it).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"

namespace kurabe::cli::rrdtool {

struct OptionSpec {
    char letter;            // '\0': none
    std::string_view name;  // without "--"; empty: none
    bool takes_value;
};

struct GivenOption {
    const OptionSpec* spec;
    std::string_view value;  // empty when it takes none
};

struct ParsedArguments {
    std::vector<GivenOption> options;  // in their order; a repeated one is here as often as given
    std::vector<std::string_view> operands;

    // Whether the option of that letter or, without one, of that name was given.
    [[nodiscard]] bool has(std::string_view letter_or_name) const noexcept;
    // The value of the last one given.
    [[nodiscard]] std::string_view value_or(std::string_view letter_or_name,
                                            std::string_view otherwise) const noexcept;
};

// Views are into `arguments` and `specs`. kInvalid with rrdtool's message.
[[nodiscard]] Result<ParsedArguments> parse_options(std::span<const std::string> arguments,
                                                    std::span<const OptionSpec> specs);

}  // namespace kurabe::cli::rrdtool
