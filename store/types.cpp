// Names of consolidation functions and data source types.
#include "store/types.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kurabe::store {
namespace {

constexpr std::array<std::string_view, 4> kCfNames{"AVERAGE", "MIN", "MAX", "LAST"};
constexpr std::array<std::string_view, 10> kRraCfNames{
    "AVERAGE",    "MIN",      "MAX",         "LAST",       "HWPREDICT",
    "MHWPREDICT", "SEASONAL", "DEVSEASONAL", "DEVPREDICT", "FAILURES"};
constexpr std::array<std::string_view, 7> kDsTypeNames{"GAUGE",    "COUNTER", "DERIVE", "ABSOLUTE",
                                                       "DCOUNTER", "DDERIVE", "COMPUTE"};
constexpr std::array<std::string_view, 4> kDsTypeSuffixes{"gauge", "counter", "derive", "absolute"};

template <typename Enum, std::size_t N>
std::optional<Enum> named(const std::array<std::string_view, N>& names,
                          std::string_view text) noexcept {
    const auto found = std::find(names.begin(), names.end(), text);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::optional<Cf> parse_cf(std::string_view text) noexcept {
    return named<Cf>(kCfNames, text);
}

std::string_view cf_name(Cf cf) noexcept {
    return kCfNames[std::to_underlying(cf)];
}

std::optional<RraCf> parse_rra_cf(std::string_view text) noexcept {
    return named<RraCf>(kRraCfNames, text);
}

std::string_view rra_cf_name(RraCf cf) noexcept {
    return kRraCfNames[std::to_underlying(cf)];
}

std::optional<DsType> parse_ds_type(std::string_view text) noexcept {
    return named<DsType>(kDsTypeNames, text);
}

std::optional<DsType> parse_ds_type_suffix(std::string_view text) noexcept {
    return named<DsType>(kDsTypeSuffixes, text);
}

std::string_view ds_type_name(DsType type) noexcept {
    return kDsTypeNames[std::to_underlying(type)];
}

}  // namespace kurabe::store
