// Programs of COMPUTE data sources as the text of their expression.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "store/number.hpp"
#include "store/rrd/compute_program.hpp"

namespace kurabe::store::rrd {
namespace {

// By the operators' numbers; empty for those that are no plain word.
constexpr std::array<std::string_view, 71> kWords{
    "",         "",         "INF",    "PREV",    "NEGINF",    "UNKN",    "NOW",
    "TIME",     "+",        "%",      "-",       "*",         "/",       "SIN",
    "DUP",      "EXC",      "POP",    "COS",     "LOG",       "EXP",     "LT",
    "LE",       "GT",       "GE",     "EQ",      "IF",        "MIN",     "MAX",
    "LIMIT",    "FLOOR",    "CEIL",   "UN",      "",          "LTIME",   "NE",
    "ISINF",    "",         "COUNT",  "ATAN",    "SQRT",      "SORT",    "REV",
    "TREND",    "TRENDNAN", "ATAN2",  "RAD2DEG", "DEG2RAD",   "PREDICT", "PREDICTSIGMA",
    "AVG",      "ABS",      "ADDNAN", "MINNAN",  "MAXNAN",    "MEDIAN",  "PREDICTPERC",
    "DEPTH",    "COPY",     "ROLL",   "INDEX",   "STEPWIDTH", "NEWDAY",  "NEWWEEK",
    "NEWMONTH", "NEWYEAR",  "SMIN",   "SMAX",    "STDEV",     "PERCENT", "POW",
    "ROUND"};
static_assert(kWords[std::to_underlying(ComputeOperator::kRound)] == "ROUND");

std::unexpected<Error> not_understood() {
    return fail(ErrorCode::kInvalid, "failed to parse computed data source");
}

// Reads words from left to right. What is wrong with the program as a whole is only said of one
// whose words are all understood.
class Parser {
  public:
    Parser(std::string_view text, std::span<const SourceRecord> earlier) noexcept
        : rest_(text), earlier_(earlier) {}

    Result<ComputeProgram> parse() {
        while (!rest_.empty()) {
            if (!take_word()) return not_understood();
        }
        if (words_ == 0) return not_understood();
        if (of_graphs_) {
            return fail(ErrorCode::kInvalid,
                        "operators TIME LTIME STEPWIDTH PREV NEW* COUNT TREND TRENDNAN PREDICT "
                        "PREDICTSIGMA PREDICTPERC are not supported with DS COMPUTE");
        }
        if (words_ > kComputeNodesMax) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("Maximum {} RPN nodes permitted. Got {} RPN nodes at present.",
                                    kComputeNodesMax, words_));
        }
        if (bad_number_) {
            return fail(ErrorCode::kInvalid,
                        "constants must be integers in the interval (-32768, 32767)");
        }
        return std::move(program_);
    }

  private:
    // A comma may follow the last word, and must follow every other.
    bool take_word() {
        const auto comma = rest_.find(',');
        const std::string_view word = rest_.substr(0, comma);
        rest_.remove_prefix(comma == std::string_view::npos ? rest_.size() : comma + 1);
        // A data source may have a number's name; rrdtool takes it for the number unless it ends
        // the text, where it knows no numbers.
        const bool may_be_name = comma == std::string_view::npos && index_of(word);
        if (const auto number = rpn_constant(word); number && !may_be_name)
            return add_number(*number);
        if (word.empty()) return false;
        if (const auto found = std::ranges::find(kWords, word); found != kWords.end()) {
            return add({static_cast<ComputeOperator>(found - kWords.begin())});
        }
        if (word.starts_with("PREV(") && word.ends_with(')')) {
            return index_of(word.substr(5, word.size() - 6)) && add({ComputeOperator::kPrevOther});
        }
        const auto index = index_of(word);
        return index && add({ComputeOperator::kVariable, *index});
    }

    bool add_number(Value number) {
        using Limits = std::numeric_limits<std::int16_t>;
        const bool fits =
            number >= Limits::min() && number <= Limits::max() && number == std::trunc(number);
        bad_number_ = bad_number_ || !fits;
        return add(
            {ComputeOperator::kNumber, fits ? static_cast<std::int16_t>(number) : std::int16_t{0}});
    }

    bool add(ComputeNode node) {
        of_graphs_ = of_graphs_ || is_of_graphs_only(node.op);
        if (++words_ <= kComputeNodesMax) program_.nodes.push_back(node);
        return true;
    }

    [[nodiscard]] std::optional<std::int16_t> index_of(std::string_view name) const noexcept {
        const auto found = std::ranges::find_if(
            earlier_, [&](const SourceRecord& record) { return text_of(record.name) == name; });
        const auto index = found - earlier_.begin();
        if (found == earlier_.end() || !std::in_range<std::int16_t>(index)) return std::nullopt;
        return static_cast<std::int16_t>(index);
    }

    std::string_view rest_;
    std::span<const SourceRecord> earlier_;
    ComputeProgram program_;
    std::size_t words_ = 0;
    bool of_graphs_ = false;
    bool bad_number_ = false;
};

}  // namespace

Result<ComputeProgram> parse_compute(std::string_view text, std::span<const SourceRecord> earlier) {
    return Parser(text, earlier).parse();
}

std::string compute_text(const ComputeProgram& program, std::span<const SourceRecord> earlier) {
    std::string text;
    for (const ComputeNode& node : program.nodes) {
        if (!text.empty()) text += ',';
        if (node.op == ComputeOperator::kNumber) {
            fmt::format_to(std::back_inserter(text), "{}", node.value);
        } else if (node.op == ComputeOperator::kVariable) {
            text += text_of(earlier[static_cast<std::size_t>(node.value)].name);
        } else {
            text += kWords[std::to_underlying(node.op)];
        }
    }
    return text;
}

}  // namespace kurabe::store::rrd
