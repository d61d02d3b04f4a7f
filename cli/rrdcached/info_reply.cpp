// Lines "KEY TYPE VALUE".
#include "cli/rrdcached/info_reply.hpp"

#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "store/number.hpp"

namespace kurabe::cli::rrdcached {
namespace {

constexpr std::string_view kNumber = "0";
constexpr std::string_view kCount = "1";
constexpr std::string_view kText = "2";
constexpr std::string_view kInteger = "3";

// "-0123": digits, which are printed as they came.
bool is_integer(std::string_view text) noexcept {
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<std::string> printed_number(std::string_view text) {
    const auto number = store::parse_number(text);
    if (!number) return std::nullopt;
    if (store::is_unknown(*number)) return "NaN";
    return fmt::format("{:.10e}", *number);
}

// As `info` prints a value of the type; nothing for what is none.
std::optional<std::string> printed(std::string_view type, std::string_view value) {
    if (type == kNumber) return printed_number(value);
    if (type == kText) return fmt::format("\"{}\"", value);
    if ((type == kCount || type == kInteger) && is_integer(value)) return std::string(value);
    return std::nullopt;
}

// "KEY = VALUE" out of "KEY TYPE VALUE".
std::optional<std::string> printed_line(std::string_view line) {
    const auto key_end = line.find(' ');
    if (key_end == std::string_view::npos) return std::nullopt;
    const auto type_end = line.find(' ', key_end + 1);
    if (type_end == std::string_view::npos) return std::nullopt;
    const auto value =
        printed(line.substr(key_end + 1, type_end - key_end - 1), line.substr(type_end + 1));
    if (!value) return std::nullopt;
    return fmt::format("{} = {}\n", line.substr(0, key_end), *value);
}

}  // namespace

Result<std::string> read_info_reply(ReplyLines& lines, std::int64_t count) {
    std::string text;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto line = lines.next_line();
        if (!line) return std::unexpected(line.error());
        const auto printed = printed_line(*line);
        if (!printed) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("this is no line about a file: '{}'", shown(*line)));
        }
        text += *printed;
    }
    return text;
}

}  // namespace kurabe::cli::rrdcached
