// Cuts an AT-style time where the kind of character changes: "-1w2d" is '-' 1 'w' 2 'd'.
#include "store/at_time_tokens.hpp"

#include <algorithm>

#include "store/ascii.hpp"

namespace kurabe::store {

namespace {

bool is_letter(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

bool is_separator(char character) {
    return character == '_' || character == ',' || character == ' ' ||
           (character >= '\t' && character <= '\r');
}

std::int64_t number_of(std::string_view digits) {
    std::int64_t number = 0;
    for (const char digit : digits) {
        number = std::min(number * 10 + (digit - '0'), kAtTimeNumberMax);
    }
    return number;
}

}  // namespace

std::vector<AtTimeToken> at_time_tokens(std::string_view text) {
    std::vector<AtTimeToken> tokens;
    for (std::size_t i = 0; i < text.size();) {
        if (is_separator(text[i])) {
            ++i;
            continue;
        }
        std::size_t end = i + 1;
        AtTimeToken token{.kind = AtTimeToken::Kind::kSign, .text = {}, .position = i};
        if (is_digit(text[i])) {
            end = static_cast<std::size_t>(
                std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(),
                                 is_digit) -
                text.begin());
            token.kind = AtTimeToken::Kind::kNumber;
            token.number = number_of(text.substr(i, end - i));
        } else if (is_letter(text[i])) {
            end = static_cast<std::size_t>(
                std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(),
                                 is_letter) -
                text.begin());
            token.kind = AtTimeToken::Kind::kWord;
        }
        token.text = text.substr(i, end - i);
        std::ranges::transform(token.text, token.text.begin(), lower);
        tokens.push_back(std::move(token));
        i = end;
    }
    tokens.push_back({.kind = AtTimeToken::Kind::kEnd, .text = {}, .position = text.size()});
    return tokens;
}

}  // namespace kurabe::store
