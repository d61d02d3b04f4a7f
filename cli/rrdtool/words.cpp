// One pass over the line, from its front.
#include "cli/rrdtool/words.hpp"

#include <algorithm>
#include <optional>

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::string_view kQuotes = "'\"";
constexpr std::string_view kSpecial = " '\"";

// Without blanks and control characters at both ends.
std::string_view trimmed(std::string_view line) noexcept {
    const auto is_visible = [](char c) { return static_cast<unsigned char>(c) > ' '; };
    const auto* const begin = std::ranges::find_if(line, is_visible);
    line.remove_prefix(static_cast<std::size_t>(begin - line.begin()));
    while (!line.empty() && !is_visible(line.back())) line.remove_suffix(1);
    return line;
}

// Takes a quoted or plain part of a word from the front of `line`; nothing for an open quote.
std::optional<std::string_view> take_part(std::string_view& line) noexcept {
    const bool is_quoted = kQuotes.find(line.front()) != std::string_view::npos;
    const std::size_t begin = is_quoted ? 1 : 0;
    auto end = is_quoted ? line.find(line.front(), 1) : line.find_first_of(kSpecial);
    if (end == std::string_view::npos) {
        if (is_quoted) return std::nullopt;
        end = line.size();
    }
    const std::string_view part = line.substr(begin, end - begin);
    line.remove_prefix(end + begin);
    return part;
}

}  // namespace

std::string& WordSplitter::next_word() {
    if (count_ == words_.size()) words_.emplace_back();
    std::string& word = words_[count_++];
    word.clear();
    return word;
}

Result<std::span<const std::string>> WordSplitter::split(std::string_view line) {
    count_ = 0;
    for (line = trimmed(line); !line.empty();) {
        if (line.front() == ' ') {
            line.remove_prefix(1);
            continue;
        }
        std::string& word = next_word();
        while (!line.empty() && line.front() != ' ') {
            const auto part = take_part(line);
            if (!part) {
                return fail(ErrorCode::kInvalid, "creating arguments: a quote has no end");
            }
            word += *part;
        }
    }
    return std::span(words_).first(count_);
}

Result<std::vector<std::string>> split_words(std::string_view line) {
    WordSplitter splitter;
    const auto words = splitter.split(line);
    if (!words) return std::unexpected(words.error());
    return std::vector<std::string>(words->begin(), words->end());
}

}  // namespace kurabe::cli::rrdtool
