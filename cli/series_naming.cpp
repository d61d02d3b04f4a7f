// The last parts of a path, cut and decoded.
#include "cli/series_naming.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace kurabe::cli {

namespace {

constexpr std::string_view kExtension = ".rrd";
// The name of every data source of Munin.
constexpr std::string_view kMuninSource = "42";

struct Names {
    std::string host;
    std::string plugin;
    std::string key;
};

// ---- Percent encoding ----

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string encoded(std::string_view text, std::string_view kept) {
    std::string result;
    for (const char c : text) {
        if (is_letter_or_digit(c) || kept.find(c) != std::string_view::npos) {
            result += c;
        } else {
            result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    // No "." and "..", and nothing hidden.
    if (result.starts_with('.')) result.replace(0, 1, "%2E");
    return result;
}

// What is no encoding stays as it is.
std::string decoded(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        unsigned byte = 0;
        const std::string_view digits =
            text.substr(0, 3).substr(std::min<std::size_t>(1, text.size()));
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        const bool is_encoding = text.front() == '%' && digits.size() == 2 &&
                                 parsed.ptr == digits.data() + digits.size();
        result += is_encoding ? static_cast<char>(byte) : text.front();
        text.remove_prefix(is_encoding ? 3 : 1);
    }
    return result;
}

// ---- Types ----

std::string_view suffix_of(store::DsType type) {
    constexpr std::array<std::string_view, 4> kSuffixes = {".gauge", ".counter", ".derive",
                                                           ".absolute"};
    return type <= store::DsType::kAbsolute ? kSuffixes[std::to_underlying(type)] : "";
}

// ---- Trees ----

// "web-1.example.org-if_eth0-down-d": the host ends at the first '-' behind its last '.', the field
// begins behind the last '-'.
std::optional<Names> munin_names(const SourceInFile& source) {
    if (source.source != kMuninSource || source.sources != 1) return std::nullopt;
    std::string stem = source.file.stem().string();
    const std::string_view suffix = suffix_of(source.type);
    if (stem.size() < 2 || suffix.empty() || stem[stem.size() - 2] != '-' ||
        stem.back() != suffix[1]) {
        return std::nullopt;
    }
    stem.resize(stem.size() - 2);
    const std::size_t field = stem.rfind('-');
    if (field == std::string::npos) return std::nullopt;
    const std::size_t dot = stem.rfind('.', field);
    const std::size_t host_end = stem.find('-', dot == std::string::npos ? 0 : dot);
    if (host_end >= field) return std::nullopt;
    return Names{.host = stem.substr(0, host_end),
                 .plugin = stem.substr(host_end + 1, field - host_end - 1),
                 .key = stem.substr(field + 1) + std::string(suffix)};
}

// Kurado's keys end in their type; others get it, and the name of the data source when there are
// several.
std::string key_of(const SourceInFile& source) {
    std::string key = decoded(source.file.stem().string());
    const std::string_view suffix = suffix_of(source.type);
    if (source.sources == 1 && key.ends_with(suffix)) return key;
    if (source.sources > 1) key += fmt::format("-{}", source.source);
    return key + std::string(suffix);
}

Names tree_names(const SourceInFile& source) {
    const auto file = std::filesystem::absolute(source.file).lexically_normal();
    const auto directory = file.parent_path();
    return {.host = decoded(directory.parent_path().filename().string()),
            .plugin = decoded(directory.filename().string()),
            .key = key_of(source)};
}

Result<void> check(const Result<void>& part, std::string_view option) {
    if (part) return {};
    return fail(ErrorCode::kInvalid,
                fmt::format("{}; {} can name it", part.error().message, option));
}

}  // namespace

Result<store::SeriesName> series_of_file(const SourceInFile& source, const GivenNames& given) {
    if (given.key && source.sources > 1) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{} data sources, and --key names one", source.sources));
    }
    Names names = munin_names(source).value_or(tree_names(source));
    names = {.host = given.host.value_or(std::move(names.host)),
             .plugin = given.plugin.value_or(std::move(names.plugin)),
             .key = given.key.value_or(std::move(names.key))};
    for (const auto& checked : {check(store::check_host(names.host), "--host"),
                                check(store::check_plugin(names.plugin), "--plugin"),
                                check(store::check_key(names.key), "--key")}) {
        if (!checked) return std::unexpected(checked.error());
    }
    if (!names.key.ends_with(suffix_of(source.type))) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("key '{}' of a {} must end in {}", names.key,
                                store::ds_type_name(source.type), suffix_of(source.type)));
    }
    return store::SeriesName{std::move(names.host), std::move(names.plugin), std::move(names.key)};
}

std::filesystem::path file_of_series(const store::SeriesName& series) {
    return std::filesystem::path(encoded(series.host, "-_.~:")) / encoded(series.plugin, "-_") /
           (encoded(series.key, "-_.~") + std::string(kExtension));
}

}  // namespace kurabe::cli
