// Splits a host line as Kurado does, whose blanks are Unicode's.
#include "server/host_line.hpp"

#include <cstddef>

namespace kurabe::server {
namespace {

// Bytes of the blank that `text` begins with, 0 when it begins with none.
std::size_t blank_length(std::string_view text) noexcept {
    constexpr std::string_view kAscii = " \t\n\r\f\v";
    constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
    constexpr std::string_view kIdeographicSpace = "\xE3\x80\x80";
    if (text.empty()) return 0;
    if (kAscii.find(text[0]) != std::string_view::npos) return 1;
    for (const std::string_view blank : {kNoBreakSpace, kIdeographicSpace}) {
        if (text.starts_with(blank)) return blank.size();
    }
    return 0;
}

void skip_blanks(std::string_view& text) noexcept {
    while (const std::size_t length = blank_length(text)) text.remove_prefix(length);
}

// Takes the first word off `text`, and the blanks behind it.
std::string_view take_word(std::string_view& text) noexcept {
    std::size_t end = 0;
    while (end < text.size() && blank_length(text.substr(end)) == 0) ++end;
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    skip_blanks(text);
    return word;
}

void drop_trailing_ascii_blanks(std::string_view& text) noexcept {
    while (!text.empty() && blank_length(text.substr(text.size() - 1)) == 1) text.remove_suffix(1);
}

}  // namespace

HostLine split_host_line(std::string_view line) noexcept {
    skip_blanks(line);
    HostLine split;
    split.address = take_word(line);
    split.hostname = take_word(line);
    drop_trailing_ascii_blanks(line);
    split.comments = line;
    return split;
}

}  // namespace kurabe::server
