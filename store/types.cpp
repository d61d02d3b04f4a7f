// The spellings of consolidation functions and data source types.
#include "store/types.hpp"

#include <array>
#include <cctype>
#include <string>

namespace kurabe::store {

namespace {

constexpr std::array<std::string_view, 4> kCfNames = {"AVERAGE", "MIN", "MAX", "LAST"};
constexpr std::array<std::string_view, 4> kDsTypeNames = {"GAUGE", "COUNTER", "DERIVE", "ABSOLUTE"};

std::string upper_case(std::string_view text) {
    std::string upper(text);
    for (char& character : upper) {
        if (character >= 'a' && character <= 'z') {
            character = static_cast<char>(character - 'a' + 'A');
        }
    }
    return upper;
}

}  // namespace

std::optional<Cf> parse_cf(std::string_view text) noexcept {
    for (std::size_t i = 0; i < kCfNames.size(); ++i) {
        if (kCfNames[i] == text) {
            return static_cast<Cf>(i);
        }
    }
    return std::nullopt;
}

std::string_view cf_name(Cf cf) noexcept {
    return kCfNames[static_cast<std::size_t>(cf)];
}

std::optional<DsType> parse_ds_type(std::string_view text) noexcept {
    for (std::size_t i = 0; i < kDsTypeNames.size(); ++i) {
        if (kDsTypeNames[i] == text || (text.size() < 16 && !text.empty() && text[0] >= 'a' &&
                                        kDsTypeNames[i] == upper_case(text))) {
            return static_cast<DsType>(i);
        }
    }
    return std::nullopt;
}

std::string_view ds_type_name(DsType type) noexcept {
    return kDsTypeNames[static_cast<std::size_t>(type)];
}

}  // namespace kurabe::store
