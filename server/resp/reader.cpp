// Numbers of bulk strings first, so that what is announced too long is refused before it comes.
#include "server/resp/reader.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "collectors/line_text.hpp"

namespace kurabe::server::resp {
namespace {

constexpr std::size_t kNumberBytesMax = 24;  // of a line that has one

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f' || c == '\0';
}

// What a backslash in double quotes stands for; moves behind it.
char take_escaped(std::string_view& rest) {
    const char c = rest.front();
    if (c == 'x') {
        if (const auto byte = collectors::hexadecimal_byte(rest.substr(1, 2))) {
            rest.remove_prefix(3);
            return *byte;
        }
    }
    rest.remove_prefix(1);
    constexpr std::string_view kLetters = "nrtba";
    constexpr std::string_view kBytes = "\n\r\t\b\a";
    const std::size_t known = kLetters.find(c);
    return known == std::string_view::npos ? c : kBytes[known];
}

}  // namespace

Reader::State Reader::read(std::string_view bytes) {
    words_.clear();
    bytes_ = 0;
    if (bytes.empty()) return State::kIncomplete;
    is_inline_ = bytes.front() != '*';
    return is_inline_ ? read_inline(bytes) : read_array(bytes);
}

Reader::State Reader::broken(std::string reason) {
    words_.clear();
    error_ = "Protocol error: " + std::move(reason);
    return State::kBroken;
}

Reader::State Reader::read_number(std::string_view bytes, std::size_t& at, long& number) {
    const std::string_view line = bytes.substr(at + 1, kNumberBytesMax);
    const std::size_t end = line.find('\n');
    if (end == std::string_view::npos) {
        bytes_ = bytes.size() + 1;
        return line.size() < kNumberBytesMax ? State::kIncomplete : broken("a number is too long");
    }
    std::string_view digits = line.substr(0, end);
    if (digits.ends_with('\r')) digits.remove_suffix(1);
    const char* const digits_end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), digits_end, number);
    if (error != std::errc{} || stop != digits_end) return broken("a number is malformed");
    at += 1 + end + 1;
    return State::kComplete;
}

Reader::State Reader::read_array(std::string_view bytes) {
    std::size_t at = 0;
    long count = 0;
    if (const State state = read_number(bytes, at, count); state != State::kComplete) return state;
    if (count > static_cast<long>(kWordsMax)) {
        return broken(fmt::format("more than {} words", kWordsMax));
    }
    for (long i = 0; i < count; ++i) {
        if (const State state = read_bulk(bytes, at); state != State::kComplete) return state;
    }
    bytes_ = at;
    return State::kComplete;
}

Reader::State Reader::read_bulk(std::string_view bytes, std::size_t& at) {
    if (at == bytes.size()) {
        bytes_ = at + 1;
        return State::kIncomplete;
    }
    if (bytes[at] != '$') return broken("a word does not begin with '$'");
    long length = 0;
    if (const State state = read_number(bytes, at, length); state != State::kComplete) return state;
    if (length < 0) return broken("a word has no length");
    const auto size = static_cast<std::size_t>(length);
    if (size > kMessageBytesMax || at + size > kMessageBytesMax) {
        return broken(fmt::format("the command is over {} bytes", kMessageBytesMax));
    }
    bytes_ = at + size + 2;
    if (bytes.size() < bytes_) return State::kIncomplete;
    if (bytes.substr(at + size, 2) != "\r\n") return broken("a word is longer than its length");
    words_.push_back(bytes.substr(at, size));
    at = bytes_;
    return State::kComplete;
}

Reader::State Reader::read_inline(std::string_view bytes) {
    const std::size_t end = bytes.substr(0, kInlineBytesMax).find('\n');
    if (end == std::string_view::npos) {
        bytes_ = bytes.size() + 1;
        if (bytes.size() < kInlineBytesMax) return State::kIncomplete;
        return broken(fmt::format("a line is over {} bytes", kInlineBytesMax));
    }
    bytes_ = end + 1;
    if (!split_words(bytes.substr(0, end))) return broken("quotes are not closed");
    if (words_.size() > kWordsMax) return broken(fmt::format("more than {} words", kWordsMax));
    return State::kComplete;
}

bool Reader::split_words(std::string_view line) {
    unquoted_.clear();
    unquoted_.reserve(line.size());
    while (true) {
        const auto begin = std::ranges::find_if_not(line, is_blank);
        line.remove_prefix(static_cast<std::size_t>(begin - line.begin()));
        if (line.empty()) return true;
        if (line.front() == '"' || line.front() == '\'') {
            if (!take_quoted(line)) return false;
            continue;
        }
        const auto end = std::ranges::find_if(line, is_blank);
        const auto size = static_cast<std::size_t>(end - line.begin());
        words_.push_back(line.substr(0, size));
        line.remove_prefix(size);
    }
}

bool Reader::take_quoted(std::string_view& line) {
    const char quote = line.front();
    const std::size_t begin = unquoted_.size();
    std::string_view rest = line.substr(1);
    while (!rest.empty() && rest.front() != quote) {
        const char c = rest.front();
        rest.remove_prefix(1);
        const bool escapes = c == '\\' && !rest.empty() && (quote == '"' || rest.front() == '\'');
        unquoted_ += escapes ? take_escaped(rest) : c;
    }
    if (rest.empty()) return false;
    rest.remove_prefix(1);
    if (!rest.empty() && !is_blank(rest.front())) return false;
    words_.push_back(std::string_view(unquoted_).substr(begin));
    line = rest;
    return true;
}

}  // namespace kurabe::server::resp
