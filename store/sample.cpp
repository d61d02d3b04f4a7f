// Raw values and series names as text.
#include "store/sample.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "store/ascii.hpp"
#include "store/number.hpp"

namespace kurabe::store {
namespace {

// rrdtool keeps so many characters of the last reading; with more of them its own differences are
// wrong, so they are refused.
constexpr std::size_t kIntegerBytesMax = 29;

Result<RawValue> parse_integer(std::string_view text, bool may_be_negative) {
    const bool negative = may_be_negative && text.starts_with('-');
    const std::string_view digits = text.substr(negative ? 1 : 0);
    const bool valid = !digits.empty() && text.size() <= kIntegerBytesMax &&
                       std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (!valid) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("not a simple {} integer: '{}'",
                                may_be_negative ? "signed" : "unsigned", text));
    }
    WideInteger integer = 0;
    for (const char digit : digits) integer = integer * 10 + (digit - '0');
    return RawValue::of_integer(negative ? -integer : integer);
}

Result<void> check_part(std::string_view part, std::string_view what, std::size_t bytes_max) {
    if (part.empty()) return fail(ErrorCode::kInvalid, fmt::format("the {} is missing", what));
    if (part.size() > bytes_max) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("the {} is {} bytes long, at most {} are allowed", what,
                                part.size(), bytes_max));
    }
    if (std::ranges::any_of(part, is_control)) {
        return fail(ErrorCode::kInvalid, fmt::format("the {} holds a control character", what));
    }
    return {};
}

}  // namespace

Result<RawValue> parse_raw_value(std::string_view text, DsType type) {
    if (text.starts_with('U')) return RawValue::unknown();
    if (type == DsType::kCounter || type == DsType::kDerive) {
        return parse_integer(text, type == DsType::kDerive);
    }
    const auto number = parse_number(text);
    if (!number) return std::unexpected(number.error());
    return RawValue::of(*number);
}

Result<void> check_host(std::string_view host) {
    if (host.find('/') != std::string_view::npos) {
        return fail(ErrorCode::kInvalid, "the host holds a '/'");
    }
    return check_part(host, "host", kHostBytesMax);
}

Result<void> check_plugin(std::string_view plugin) {
    return check_part(plugin, "plugin", kPluginBytesMax);
}

Result<void> check_key(std::string_view key) {
    if (key.find('/') != std::string_view::npos) {
        return fail(ErrorCode::kInvalid, "the key holds a '/'");
    }
    return check_part(key, "key", kKeyBytesMax);
}

Result<SeriesName> SeriesName::parse(std::string_view text) {
    const auto host_end = text.find('/');
    const auto key_begin = text.rfind('/');
    if (host_end == key_begin) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' is not a series: HOST/PLUGIN/KEY expected",
                                text.substr(0, kHostBytesMax)));
    }
    const std::string_view host = text.substr(0, host_end);
    const std::string_view plugin = text.substr(host_end + 1, key_begin - host_end - 1);
    const std::string_view key = text.substr(key_begin + 1);
    for (const auto& checked : {check_host(host), check_plugin(plugin), check_key(key)}) {
        if (!checked) return std::unexpected(checked.error());
    }
    return SeriesName{std::string(host), std::string(plugin), std::string(key)};
}

std::string SeriesName::text() const {
    return fmt::format("{}/{}/{}", host, plugin, key);
}

Result<DsType> ds_type_of_key(std::string_view key) {
    const auto dot = key.rfind('.');
    const auto suffix = dot == std::string_view::npos ? std::string_view{} : key.substr(dot + 1);
    const auto type = parse_ds_type_suffix(suffix);
    if (!type) {
        return fail(
            ErrorCode::kInvalid,
            fmt::format("key '{}' must end in .gauge, .counter, .derive or .absolute", key));
    }
    return *type;
}

}  // namespace kurabe::store
