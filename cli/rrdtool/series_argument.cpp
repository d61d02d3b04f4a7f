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

}  // namespace

bool is_series(std::string_view text, const ParsedArguments& parsed) {
    if (parsed.has(kServerOption.name) || parsed.has(kDataOption.name)) return true;
    return looks_like_a_series(text) && !exists(text);
}

Result<SeriesPlace> series_place(const ParsedArguments& parsed) {
    if (parsed.has(kServerOption.name) && parsed.has(kDataOption.name)) {
        return fail(ErrorCode::kInvalid, "give --server or --data, not both");
    }
    SeriesPlace place;
    place.server = parsed.value_or(kServerOption.name, kDefaultServer);
    if (parsed.has(kDataOption.name)) place.data = parsed.value_or(kDataOption.name, "");
    return place;
}

}  // namespace kurabe::cli::rrdtool
