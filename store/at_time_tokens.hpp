// The words, numbers and signs of an AT-style time; blanks, '_' and ',' only separate them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kurabe::store {

struct AtTimeToken {
    enum class Kind { kWord, kNumber, kSign, kEnd };
    Kind kind;
    std::string text;          // lower case
    std::int64_t number = 0;   // of kNumber; kAtTimeNumberMax when larger
    std::size_t position = 0;  // in the text, for messages

    [[nodiscard]] bool is(std::string_view other) const { return text == other; }
};

inline constexpr std::int64_t kAtTimeNumberMax = 1'000'000'000'000;

// Never empty: the last token is kEnd.
[[nodiscard]] std::vector<AtTimeToken> at_time_tokens(std::string_view text);

}  // namespace kurabe::store
