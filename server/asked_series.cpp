// Reads it, and calls its host by the address.
#include "server/asked_series.hpp"

#include <utility>

namespace kurabe::server {

Result<store::SeriesName> asked_series(std::string_view text, const Config& config) {
    auto series = store::SeriesName::parse(text);
    if (!series) return series;
    auto address = config.address_of(series->host);
    if (!address) return std::unexpected(std::move(address).error());
    series->host = *std::move(address);
    return series;
}

}  // namespace kurabe::server
