// Colours of graphs that are made of what somebody tells, and that names none.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace kurabe::collectors {

// Okabe and Ito's colours and Paul Tol's "muted" ones, which people with any sight of colours can
// tell apart; those that are faint on white come last.
inline constexpr std::array<std::string_view, 16> kGraphColours{
    "0072b2", "e69f00", "009e73", "d55e00", "cc79a7", "56b4e9", "332288", "117733",
    "882255", "999933", "44aa99", "aa4499", "cc6677", "88ccee", "ddcc77", "000000"};

// "rrggbb" of the n-th that is drawn; they begin anew behind the last.
[[nodiscard]] constexpr std::string_view graph_colour(std::size_t index) noexcept {
    return kGraphColours[index % kGraphColours.size()];
}

}  // namespace kurabe::collectors
