// Opens the one or the other.
#include "cli/rrdtool/readable_archive.hpp"

#include "cli/rrdtool/series_argument.hpp"

namespace kurabe::cli::rrdtool {

Result<ReadableArchive> ReadableArchive::open(std::string_view name, const ParsedArguments& parsed,
                                              Session& session) {
    const auto place = series_place(parsed);
    if (!place) return std::unexpected(place.error());
    if (session.called_as == CalledAs::kKurabe && is_series(name, *place)) {
        auto series = session.whole.open_series(*place, name);
        if (!series) return std::unexpected(series.error());
        return ReadableArchive(std::move(*series));
    }
    auto file = session.archives.read(name);
    if (!file) return std::unexpected(file.error());
    return ReadableArchive(std::move(*file));
}

}  // namespace kurabe::cli::rrdtool
