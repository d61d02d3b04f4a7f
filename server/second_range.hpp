// The second range of time that a page of graphs compares with: which one, and how it is shown.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/parameters.hpp"
#include "server/url.hpp"

namespace kurabe::server {

// How far before the first range it begins, in the language of "/graph".
struct SecondRangePreset {
    std::string_view name;  // in addresses
    std::string_view start;
};
inline constexpr std::array kSecondRangePresets{
    SecondRangePreset{"yesterday", "start-1d"},
    SecondRangePreset{"lastweek", "start-1w"},
    SecondRangePreset{"lastmonth", "start-1month"},
};

enum class ShownAs : std::uint8_t {
    kOver,    // in the same picture
    kBeside,  // in a picture of its own
};

struct SecondRange {
    std::string given = {};  // "compare": a preset or a start; empty when there is none
    ShownAs as = ShownAs::kOver;

    [[nodiscard]] bool is_on() const noexcept { return !given.empty(); }
    [[nodiscard]] bool is_over() const noexcept { return is_on() && as == ShownAs::kOver; }
    [[nodiscard]] bool is_beside() const noexcept { return is_on() && as == ShownAs::kBeside; }
    // As "/graph" takes it; dates become seconds since the epoch.
    [[nodiscard]] std::string start_text(const store::TimeZone& zone) const;
};

// "compare" and "compare_as".
[[nodiscard]] SecondRange read_second_range(Parameters& parameters);

// "compare" and "compare_as", as far as they differ from the default.
void add_second_range(FormFields& fields, const SecondRange& second);

// The second range below `first`, as long as that. kInvalid when there is none.
[[nodiscard]] Result<TimeWindow> second_window(const SecondRange& second, const TimeWindow& first,
                                               store::Time now, const store::TimeZone& zone);

}  // namespace kurabe::server
