// Words -> options and operands.
#include "cli/rrdtool/option_parser.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace kurabe::cli::rrdtool {
namespace {

bool is_named(const OptionSpec& spec, std::string_view letter_or_name) noexcept {
    const bool by_letter = letter_or_name.size() == 1 && spec.letter == letter_or_name.front();
    return by_letter || (!spec.name.empty() && spec.name == letter_or_name);
}

std::unexpected<Error> invalid(std::string_view message, std::string_view name) {
    return fail(ErrorCode::kInvalid, fmt::format("{} -- '{}'", message, name));
}

// Takes the words apart from left to right.
class Parser {
  public:
    Parser(std::span<const std::string> words, std::span<const OptionSpec> specs) noexcept
        : words_(words), specs_(specs) {}

    Result<ParsedArguments> parse() {
        while (!words_.empty()) {
            const std::string_view word = next_word();
            if (word == "--") break;
            Result<void> taken;
            if (word.starts_with("--")) {
                taken = take_long(word.substr(2));
            } else if (word.size() > 1 && word.front() == '-') {
                taken = take_bundle(word.substr(1));
            } else {
                parsed_.operands.push_back(word);
            }
            if (!taken) return std::unexpected(taken.error());
        }
        for (const std::string& word : words_) parsed_.operands.push_back(word);
        return std::move(parsed_);
    }

  private:
    std::string_view next_word() noexcept {
        const std::string_view word = words_.front();
        words_ = words_.subspan(1);
        return word;
    }

    Result<void> take_long(std::string_view text) {
        const auto equals = text.find('=');
        const std::string_view name = text.substr(0, equals);
        const auto spec = std::ranges::find(specs_, name, &OptionSpec::name);
        if (spec == specs_.end() || name.empty()) return invalid("invalid option", text);
        if (!spec->takes_value) {
            if (equals != std::string_view::npos) {
                return invalid("option takes no arguments", name);
            }
            parsed_.options.push_back({&*spec, {}});
            return {};
        }
        if (equals != std::string_view::npos) {
            parsed_.options.push_back({&*spec, text.substr(equals + 1)});
            return {};
        }
        if (words_.empty()) return invalid("option requires argument", name);
        parsed_.options.push_back({&*spec, next_word()});
        return {};
    }

    // "Ez", "s-1d"
    Result<void> take_bundle(std::string_view letters) {
        while (!letters.empty()) {
            const std::string_view letter = letters.substr(0, 1);
            letters.remove_prefix(1);
            const auto spec = std::ranges::find(specs_, letter.front(), &OptionSpec::letter);
            if (spec == specs_.end()) return invalid("invalid option", letter);
            if (!spec->takes_value) {
                parsed_.options.push_back({&*spec, {}});
                continue;
            }
            if (letters.empty() && words_.empty()) {
                return invalid("option requires an argument", letter);
            }
            parsed_.options.push_back({&*spec, letters.empty() ? next_word() : letters});
            return {};
        }
        return {};
    }

    std::span<const std::string> words_;
    std::span<const OptionSpec> specs_;
    ParsedArguments parsed_;
};

}  // namespace

bool ParsedArguments::has(std::string_view letter_or_name) const noexcept {
    return std::ranges::any_of(
        options, [&](const GivenOption& given) { return is_named(*given.spec, letter_or_name); });
}

std::string_view ParsedArguments::value_or(std::string_view letter_or_name,
                                           std::string_view otherwise) const noexcept {
    for (auto given = options.rbegin(); given != options.rend(); ++given) {
        if (is_named(*given->spec, letter_or_name)) return given->value;
    }
    return otherwise;
}

Result<ParsedArguments> parse_options(std::span<const std::string> arguments,
                                      std::span<const OptionSpec> specs) {
    return Parser(arguments, specs).parse();
}

}  // namespace kurabe::cli::rrdtool
