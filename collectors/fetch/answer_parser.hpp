// Reads an answer into fields by a plugin's rules. Pure; the bytes may be anything.
// Rule: docs/plugins.md, "How answers are read".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "collectors/fetch/answer.hpp"
#include "collectors/fetch/pattern.hpp"
#include "store/result.hpp"

namespace kurabe::collectors::fetch {

inline constexpr std::size_t kAnswerLinesMax = 20000;

// Each line that begins with `prefix`: name and value on both sides of the first `separator`.
struct PairsRule {
    std::string separator = {};
    std::string prefix = {};
};

struct MatchRule {
    Pattern pattern;
    bool sums = false;  // all matches, their whole numbers added up; else the first
};

// Two columns of each row, counted from 0. Rows of a text are its lines, cut at `separator` or,
// when that is empty, at runs of blanks.
struct ColumnsRule {
    std::size_t name = 0;
    std::size_t value = 1;
    std::string separator;
};

// All that are given are applied to the same answer.
struct ParseRule {
    std::string prefix = {};  // of the fields' names
    std::optional<PairsRule> pairs = {};
    std::vector<MatchRule> matches = {};
    std::optional<ColumnsRule> columns = {};
    bool row = false;       // the first row of a table, by the columns' names
    bool json = false;      // leaves by their pointers
    std::string text = {};  // name for the whole text; empty: none
    // Metrics in Prometheus' format, which are reported as they are and become no fields.
    bool prometheus = false;
};

// Adds what the rule finds, and "header.NAME" of HTTP. An error when the answer is not of the kind
// that the rule asks for (JSON), never because something is missing.
[[nodiscard]] Result<void> parse_answer(const Answer& answer, const ParseRule& rule,
                                        Fields& fields);

}  // namespace kurabe::collectors::fetch
