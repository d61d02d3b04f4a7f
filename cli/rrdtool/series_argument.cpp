// File or series.
#include "cli/rrdtool/series_argument.hpp"

#include "store/sample.hpp"

namespace kurabe::cli::rrdtool {
namespace {

// "./a/b.gauge" is a path.
bool looks_like_a_series(std::string_view text) {
    if (text.starts_with('.')) return false;
    const auto name = store::SeriesName::parse(text);
    return name && store::ds_type_of_key(name->key);
}

bool exists(std::string_view path) noexcept {
    std::error_code error;
    return std::filesystem::exists(path, error);
}

using Value = std::optional<std::string>;

Result<SeriesPlace> place_of(Value server, Value data) {
    if (server && data) return fail(ErrorCode::kInvalid, "give --server or --data, not both");
    SeriesPlace place;
    place.is_given = server || data;
    if (server) place.server = std::move(*server);
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

bool is_series(std::string_view text, const SeriesPlace& place) {
    return place.is_given || (looks_like_a_series(text) && !exists(text));
}

Result<SeriesPlace> series_place(const ParsedArguments& parsed) {
    return place_of(value_of(parsed, kServerOption), value_of(parsed, kDataOption));
}

Result<SeriesPlace> take_series_place(std::vector<std::string>& words) {
    auto server = take_value(words, kServerOption);
    if (!server) return std::unexpected(server.error());
    auto data = take_value(words, kDataOption);
    if (!data) return std::unexpected(data.error());
    return place_of(std::move(*server), std::move(*data));
}

std::span<const OptionSpec> offered_options(std::span<const OptionSpec> options,
                                            CalledAs called_as) noexcept {
    constexpr std::size_t kOwnOptions = 2;
    return called_as == CalledAs::kKurabe ? options : options.first(options.size() - kOwnOptions);
}

}  // namespace kurabe::cli::rrdtool
