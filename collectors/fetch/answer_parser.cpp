// Lines, columns, matches and JSON of an answer.
#include "collectors/fetch/answer_parser.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>

#include "collectors/fetch/json_fields.hpp"
#include "store/trimmed.hpp"

namespace kurabe::collectors::fetch {
namespace {

template <typename Use>
void for_each_line(std::string_view text, Use use) {
    for (std::size_t count = 0; !text.empty() && count < kAnswerLinesMax; ++count) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        use(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

// Adds under the rule's prefix.
class Adding {
  public:
    Adding(const ParseRule& rule, Fields& fields) : prefix_(rule.prefix), fields_(fields) {}

    void operator()(std::string_view name, std::string_view value) {
        if (name.empty()) return;
        name_ = prefix_;
        name_ += name;
        fields_.add(name_, value);
    }

  private:
    const std::string& prefix_;
    Fields& fields_;
    std::string name_;
};

void add_pairs(std::string_view text, const PairsRule& rule, Adding add) {
    for_each_line(text, [&](std::string_view line) {
        if (!line.starts_with(rule.prefix)) return;
        line.remove_prefix(rule.prefix.size());
        const std::size_t at = line.find(rule.separator);
        if (at == std::string_view::npos) return;
        add(store::trimmed(line.substr(0, at)),
            store::trimmed(line.substr(at + rule.separator.size())));
    });
}

void add_sums(std::string_view text, const Pattern& pattern, Adding add) {
    std::map<std::string_view, std::uint64_t> sums;
    pattern.find(text, kPatternMatchesMax, [&sums](const Pattern::Groups& groups) {
        for (const auto& [name, digits] : groups) {
            std::uint64_t number = 0;
            const char* const end = digits.data() + digits.size();
            const auto [rest, error] = std::from_chars(digits.data(), end, number);
            if (error == std::errc{} && rest == end) sums[name] += number;
        }
    });
    for (const auto& [name, sum] : sums) add(name, std::to_string(sum));
}

void add_match(std::string_view text, const MatchRule& rule, Adding add) {
    if (rule.sums) return add_sums(text, rule.pattern, add);
    rule.pattern.find(text, 1, [&add](const Pattern::Groups& groups) {
        for (const auto& [name, value] : groups) add(name, store::trimmed(value));
    });
}

// The cells of a line up to the one of index `last`.
std::vector<std::string_view> cells_of(std::string_view line, std::string_view separator,
                                       std::size_t last) {
    std::vector<std::string_view> cells;
    if (separator.empty()) line = store::trimmed(line);
    while (cells.size() <= last) {
        const std::size_t end =
            separator.empty() ? line.find_first_of(store::kBlanks) : line.find(separator);
        cells.push_back(store::trimmed(line.substr(0, end)));
        if (end == std::string_view::npos) break;
        line.remove_prefix(end + std::max<std::size_t>(separator.size(), 1));
        if (separator.empty()) line = store::trimmed(line);
    }
    return cells;
}

void add_columns(const Answer& answer, const ColumnsRule& rule, Adding add) {
    const std::size_t last = std::max(rule.name, rule.value);
    for (const auto& row : answer.rows) {
        if (row.size() > last) add(row[rule.name], row[rule.value]);
    }
    if (!answer.rows.empty()) return;
    for_each_line(answer.text, [&](std::string_view line) {
        const auto cells = cells_of(line, rule.separator, last);
        if (cells.size() > last) add(cells[rule.name], cells[rule.value]);
    });
}

void add_row(const Answer& answer, Adding add) {
    if (answer.rows.empty()) return;
    const auto& row = answer.rows.front();
    for (std::size_t i = 0; i < std::min(row.size(), answer.columns.size()); ++i) {
        add(answer.columns[i], row[i]);
    }
}

}  // namespace

Result<void> parse_answer(const Answer& answer, const ParseRule& rule, Fields& fields) {
    const Adding add(rule, fields);
    for (const auto& [name, value] : answer.headers) fields.add("header." + name, value);
    if (rule.pairs) add_pairs(answer.text, *rule.pairs, add);
    for (const MatchRule& match : rule.matches) add_match(answer.text, match, add);
    if (rule.columns) add_columns(answer, *rule.columns, add);
    if (rule.row) add_row(answer, add);
    if (!rule.text.empty()) fields.add(rule.prefix + rule.text, store::trimmed(answer.text));
    return rule.json ? add_json_fields(answer.text, rule.prefix, fields) : Result<void>{};
}

}  // namespace kurabe::collectors::fetch
