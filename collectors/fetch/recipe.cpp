// Fills a recipe's requests.
#include "collectors/fetch/recipe.hpp"

#include <algorithm>

#include "collectors/printable.hpp"

namespace kurabe::collectors::fetch {

bool is_address(std::string_view text) noexcept {
    constexpr std::string_view kBytes =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:%";
    constexpr std::size_t kBytesMax = 128;
    return !text.empty() && text.size() <= kBytesMax && text.front() != '-' &&
           text.find_first_not_of(kBytes) == std::string_view::npos;
}

Result<std::vector<Request>> fill_requests(const Recipe& recipe, std::string_view address,
                                           std::span<const std::string> arguments,
                                           const MetricsConfig& config) {
    if (!is_address(address)) {
        return fail(ErrorCode::kInvalid, "the host's address is no name and no address: '" +
                                             printable(address, kArgumentBytesMax) + "'");
    }
    auto values = checked_argument_values(recipe.arguments, arguments, config);
    if (!values) return std::unexpected(values.error());
    values->emplace("address", address);
    std::vector<Request> requests;
    for (const Step& step : recipe.steps) {
        auto request = fill_request(step.request, step.credentials, *values, config);
        if (!request) return std::unexpected(request.error());
        requests.push_back(*std::move(request));
    }
    return requests;
}

}  // namespace kurabe::collectors::fetch
