// Takes targets and forms apart.
#include "server/request_text.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>

#include <fmt/format.h>

#include "server/url.hpp"
#include "store/ascii.hpp"

namespace kurabe::server {
namespace {

using store::is_control;

Result<void> take_path(std::string_view encoded, Request& request) {
    auto path = percent_decode(encoded);
    if (!path) return std::unexpected(path.error());
    if (std::ranges::any_of(*path, is_control)) {
        return fail(ErrorCode::kInvalid, "the address holds a control byte");
    }
    request.path = *std::move(path);
    for (const auto part : encoded.substr(1) | std::views::split('/')) {
        request.segments.push_back(percent_decode(std::string_view(part)).value_or(""));
    }
    return {};
}

}  // namespace

bool is_token(std::string_view text) noexcept {
    constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
    for (const char byte : text) {
        const bool is_alphanumeric = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                                     (byte >= '0' && byte <= '9');
        if (!is_alphanumeric && kOthers.find(byte) == std::string_view::npos) return false;
    }
    return !text.empty();
}

std::string bare_type(std::string_view media_type) {
    std::string type;
    for (const char byte : media_type.substr(0, media_type.find(';'))) {
        if (byte == ' ' || byte == '\t') continue;
        type += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    }
    return type;
}

Result<void> take_target(std::string_view target, Request& request) {
    if (target.starts_with("http://") || target.starts_with("https://")) {
        const std::size_t slash = target.find('/', target.find("//") + 2);
        target = slash == std::string_view::npos ? "/" : target.substr(slash);
    }
    if (!target.starts_with('/')) {
        return fail(ErrorCode::kInvalid, "the address does not begin with '/'");
    }
    const std::size_t question = target.find('?');
    if (auto taken = take_path(target.substr(0, question), request); !taken) return taken;
    if (question == std::string_view::npos) return {};
    auto fields = parse_form(target.substr(question + 1));
    if (!fields) return std::unexpected(fields.error());
    request.parameters = std::move(*fields);
    return {};
}

Result<void> take_body(std::string body, std::string_view media_type, Request& request) {
    if (bare_type(media_type) != "application/x-www-form-urlencoded") {
        request.body = std::move(body);
        return {};
    }
    auto fields = parse_form(body);
    if (!fields) return std::unexpected(fields.error());
    if (request.parameters.size() + fields->size() > kRequestParametersMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("more than {} parameters", kRequestParametersMax));
    }
    std::ranges::move(*fields, std::back_inserter(request.parameters));
    return {};
}

}  // namespace kurabe::server
