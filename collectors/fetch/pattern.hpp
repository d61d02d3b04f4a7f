// A regular expression with named groups, found in time linear in the text. The one wrapper of RE2,
// which keeps no stack of what it might still try; syntax:
// https://github.com/google/re2/wiki/Syntax.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"

namespace kurabe::collectors::fetch {

inline constexpr std::size_t kPatternBytesMax = 1000;
inline constexpr int kPatternSizeMax = 1000;               // RE2's instructions
inline constexpr std::size_t kPatternTextMax = 256 << 10;  // what is behind is not looked at
inline constexpr std::size_t kPatternMatchesMax = 1000;

// Immutable; copies share the compiled expression. Thread-safe.
class Pattern {
  public:
    // kInvalid without a place: not an expression, too large, or without a named group
    // "(?P<x>...)".
    [[nodiscard]] static Result<Pattern> compile(std::string_view text);

    // Names and texts of the groups of one match; groups that took no part are left out. Views of
    // the pattern and of the text.
    struct Group {
        std::string_view name;
        std::string_view text;
    };
    using Groups = std::vector<Group>;

    // '^' and '$' are the ends of a line. Gives `found` each match, at most `matches_max`.
    void find(std::string_view text, std::size_t matches_max,
              const std::function<void(const Groups&)>& found) const;

  private:
    struct Parts;
    explicit Pattern(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}
    std::shared_ptr<const Parts> parts_;
};

}  // namespace kurabe::collectors::fetch
