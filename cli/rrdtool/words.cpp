// One pass over the line.
#include "cli/rrdtool/words.hpp"

#include <algorithm>

namespace kurabe::cli::rrdtool {
namespace {

constexpr std::string_view kBlanks = " \t\n\v\f\r";
constexpr std::string_view kQuotes = "'\"";
constexpr std::string_view kSpecial = " \t\n\v\f\r'\"";

bool is_one_of(char c, std::string_view characters) noexcept {
    return characters.find(c) != std::string_view::npos;
}

}  // namespace

Result<std::vector<std::string>> split_words(std::string_view line) {
    std::vector<std::string> words;
    for (std::size_t at = 0;;) {
        at = std::min(line.find_first_not_of(kBlanks, at), line.size());
        if (at == line.size()) return words;
        std::string& word = words.emplace_back();
        while (at < line.size() && !is_one_of(line[at], kBlanks)) {
            const bool is_quoted = is_one_of(line[at], kQuotes);
            const auto end = is_quoted ? line.find(line[at], at + 1)
                                       : std::min(line.find_first_of(kSpecial, at), line.size());
            if (end == std::string_view::npos) {
                return fail(ErrorCode::kInvalid, "creating arguments: a quote has no end");
            }
            word.append(line, at + (is_quoted ? 1 : 0), end - at - (is_quoted ? 1 : 0));
            at = end + (is_quoted ? 1 : 0);
        }
    }
}

}  // namespace kurabe::cli::rrdtool
