// Reads amounts of memory.
#include "server/limits.hpp"

#include <charconv>
#include <cstdint>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace kurabe::server {
namespace {

constexpr std::size_t kBytesLimit = std::size_t{1} << 40;  // a terabyte

}  // namespace

Result<std::size_t> parse_byte_count(std::string_view text) {
    constexpr std::string_view kUnits = "kMG";
    const auto wrong = [text] {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' is no amount of memory, such as 64M, 512k or 1G", text));
    };
    std::string_view digits = text;
    int shift = 0;
    if (const auto unit = digits.empty() ? kUnits.npos : kUnits.find(digits.back());
        unit != kUnits.npos) {
        shift = 10 * (static_cast<int>(unit) + 1);
        digits.remove_suffix(1);
    }
    std::uint64_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, number);
    if (digits.empty() || error != std::errc{} || rest != end) return wrong();
    if (number > kBytesLimit >> shift) return wrong();
    return static_cast<std::size_t>(number << shift);
}

Result<Limits> read_limits(YamlMapping& config, std::vector<std::string>& warnings) {
    constexpr std::string_view kPictureCache = "picture_cache";
    Limits limits;
    const auto node = config.mapping("limits");
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) return limits;
    auto mapping = YamlMapping::of(**node, "'limits'");
    const auto text = mapping->text(kPictureCache);
    if (!text) return std::unexpected(text.error());
    if (text->has_value()) {
        const auto bytes = parse_byte_count(**text);
        if (!bytes) {
            return mapping->find(kPictureCache)
                ->error(fmt::format("'{}': {}", kPictureCache, bytes.error().message));
        }
        limits.picture_cache_bytes = *bytes;
    }
    auto unknown = mapping->unknown_keys();
    std::move(unknown.begin(), unknown.end(), std::back_inserter(warnings));
    return limits;
}

}  // namespace kurabe::server
