// File or series.
#include "cli/rrdtool/series_argument.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "store/sample.hpp"

namespace kurabe::cli::rrdtool {
namespace {

bool exists(std::string_view path) noexcept {
    std::error_code error;
    return std::filesystem::exists(path, error);
}

using Value = std::optional<std::string>;

Result<SeriesPlace> place_of(Value server, Value token_file, Value data) {
    if (token_file && data) {
        return fail(ErrorCode::kInvalid, "--token-file is for a server, not for --data");
    }
    if (server && data) return fail(ErrorCode::kInvalid, "give --server or --data, not both");
    SeriesPlace place;
    place.is_given = server || data;
    if (server) place.server = std::move(*server);
    if (token_file) place.token_file = std::move(*token_file);
    if (data) place.data = std::move(*data);
    return place;
}

Value value_of(const ParsedArguments& parsed, const OptionSpec& option) {
    if (!parsed.has(option.name)) return std::nullopt;
    return std::string(parsed.value_or(option.name, ""));
}

// "--NAME VALUE" or "--NAME=VALUE"; the last one counts.
Result<Value> take_value(std::vector<std::string>& words, const OptionSpec& option) {
    const std::string name = "--" + std::string(option.name);
    Value value;
    for (auto word = words.begin(); word != words.end();) {
        if (*word == name) {
            if (word + 1 == words.end()) {
                return fail(ErrorCode::kInvalid,
                            "option requires an argument -- '" + std::string(option.name) + "'");
            }
            value = std::move(*(word + 1));
            word = words.erase(word, word + 2);
        } else if (word->starts_with(name + "=")) {
            value = word->substr(name.size() + 1);
            word = words.erase(word);
        } else {
            ++word;
        }
    }
    return value;
}

}  // namespace

bool looks_like_a_series(std::string_view text) {
    if (text.starts_with('.')) return false;  // "./a/b.gauge" is a path
    const auto name = store::SeriesName::parse(text);
    return name && store::ds_type_of_key(name->key);
}

bool is_series(std::string_view text, const SeriesPlace& place) {
    return place.is_given || (looks_like_a_series(text) && !exists(text));
}

Result<SeriesPlace> series_place(const ParsedArguments& parsed) {
    return place_of(value_of(parsed, kServerOption), value_of(parsed, kTokenFileOption),
                    value_of(parsed, kDataOption));
}

Result<SeriesPlace> take_series_place(std::vector<std::string>& words) {
    auto server = take_value(words, kServerOption);
    if (!server) return std::unexpected(server.error());
    auto token_file = take_value(words, kTokenFileOption);
    if (!token_file) return std::unexpected(token_file.error());
    auto data = take_value(words, kDataOption);
    if (!data) return std::unexpected(data.error());
    return place_of(std::move(*server), std::move(*token_file), std::move(*data));
}

Result<void> check_works_without_series(std::string_view command,
                                        std::span<const std::string> arguments) {
    const auto end_of_options = std::ranges::find(arguments, "--");
    for (const OptionSpec& option : {kServerOption, kTokenFileOption, kDataOption}) {
        const std::string name = "--" + std::string(option.name);
        const auto is_given = [&](const std::string& word) {
            return word == name || word.starts_with(name + "=");
        };
        if (std::any_of(arguments.begin(), end_of_options, is_given)) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("{} works on files only: it has no {}", command, name));
        }
    }
    return {};
}

std::span<const OptionSpec> offered_options(std::span<const OptionSpec> options,
                                            CalledAs called_as) noexcept {
    constexpr std::size_t kOwnOptions = 3;
    return called_as == CalledAs::kKurabe ? options : options.first(options.size() - kOwnOptions);
}

}  // namespace kurabe::cli::rrdtool
