// The kinds of values, with rrdtool's messages where it has one.
#include "render/graph_option.hpp"

#include <utility>

#include <fmt/format.h>

#include "render/graph_parser.hpp"
#include "render/numbers.hpp"

namespace kurabe::render {

std::unexpected<Error> invalid_option(std::string message) {
    return fail(ErrorCode::kInvalid, std::move(message));
}

Applied set_text(std::string& target, std::string_view name, const std::string& value) {
    if (value.size() > kTextBytesMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("option --{} is limited to {} bytes", name, kTextBytesMax));
    }
    target = value;
    return {};
}

Applied set_integer(int& target, std::string_view name, const std::string& value, int min,
                    int max) {
    const auto number = parse_integer(value);
    if (!number || *number < min || *number > max) {
        return invalid_option(
            fmt::format("option --{} - Cannot use '{}'; a whole number from {} to {} "
                        "is needed",
                        name, value, min, max));
    }
    target = static_cast<int>(*number);
    return {};
}

Applied ignore_option(OptionState&, const std::string&) {
    return {};
}

}  // namespace kurabe::render
