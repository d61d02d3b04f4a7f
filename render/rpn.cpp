// Tokens of an RPN expression -> nodes. Operators are matched before variables, as in rrdtool; a
// number may also end the expression, where rrdtool wants a comma after it.
#include "render/rpn.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "render/variable_names.hpp"
#include "store/number.hpp"

namespace kurabe::render {

namespace {

struct OperatorName {
    std::string_view name;
    RpnOperator op;
};

constexpr std::array kOperatorNames = {
    OperatorName{"PREV", RpnOperator::kPrev},
    OperatorName{"INF", RpnOperator::kInf},
    OperatorName{"NEGINF", RpnOperator::kNegInf},
    OperatorName{"UNKN", RpnOperator::kUnknown},
    OperatorName{"NOW", RpnOperator::kNow},
    OperatorName{"TIME", RpnOperator::kTime},
    OperatorName{"LTIME", RpnOperator::kLocalTime},
    OperatorName{"COUNT", RpnOperator::kCount},
    OperatorName{"STEPWIDTH", RpnOperator::kStepWidth},
    OperatorName{"NEWDAY", RpnOperator::kNewDay},
    OperatorName{"NEWWEEK", RpnOperator::kNewWeek},
    OperatorName{"NEWMONTH", RpnOperator::kNewMonth},
    OperatorName{"NEWYEAR", RpnOperator::kNewYear},
    OperatorName{"+", RpnOperator::kAdd},
    OperatorName{"-", RpnOperator::kSub},
    OperatorName{"*", RpnOperator::kMul},
    OperatorName{"/", RpnOperator::kDiv},
    OperatorName{"%", RpnOperator::kMod},
    OperatorName{"POW", RpnOperator::kPow},
    OperatorName{"ATAN2", RpnOperator::kAtan2},
    OperatorName{"ADDNAN", RpnOperator::kAddNan},
    OperatorName{"MINNAN", RpnOperator::kMinNan},
    OperatorName{"MAXNAN", RpnOperator::kMaxNan},
    OperatorName{"MIN", RpnOperator::kMin},
    OperatorName{"MAX", RpnOperator::kMax},
    OperatorName{"SIN", RpnOperator::kSin},
    OperatorName{"COS", RpnOperator::kCos},
    OperatorName{"ATAN", RpnOperator::kAtan},
    OperatorName{"SQRT", RpnOperator::kSqrt},
    OperatorName{"LOG", RpnOperator::kLog},
    OperatorName{"EXP", RpnOperator::kExp},
    OperatorName{"FLOOR", RpnOperator::kFloor},
    OperatorName{"CEIL", RpnOperator::kCeil},
    OperatorName{"ROUND", RpnOperator::kRound},
    OperatorName{"ABS", RpnOperator::kAbs},
    OperatorName{"RAD2DEG", RpnOperator::kRad2Deg},
    OperatorName{"DEG2RAD", RpnOperator::kDeg2Rad},
    OperatorName{"LT", RpnOperator::kLt},
    OperatorName{"LE", RpnOperator::kLe},
    OperatorName{"GT", RpnOperator::kGt},
    OperatorName{"GE", RpnOperator::kGe},
    OperatorName{"EQ", RpnOperator::kEq},
    OperatorName{"NE", RpnOperator::kNe},
    OperatorName{"UN", RpnOperator::kUn},
    OperatorName{"ISINF", RpnOperator::kIsInf},
    OperatorName{"IF", RpnOperator::kIf},
    OperatorName{"LIMIT", RpnOperator::kLimit},
    OperatorName{"DUP", RpnOperator::kDup},
    OperatorName{"POP", RpnOperator::kPop},
    OperatorName{"EXC", RpnOperator::kExc},
    OperatorName{"DEPTH", RpnOperator::kDepth},
    OperatorName{"COPY", RpnOperator::kCopy},
    OperatorName{"INDEX", RpnOperator::kIndex},
    OperatorName{"ROLL", RpnOperator::kRoll},
    OperatorName{"SORT", RpnOperator::kSort},
    OperatorName{"REV", RpnOperator::kRev},
    OperatorName{"AVG", RpnOperator::kAvg},
    OperatorName{"SMIN", RpnOperator::kSmin},
    OperatorName{"SMAX", RpnOperator::kSmax},
    OperatorName{"MEDIAN", RpnOperator::kMedian},
    OperatorName{"STDEV", RpnOperator::kStdev},
    OperatorName{"PERCENT", RpnOperator::kPercent},
    OperatorName{"TREND", RpnOperator::kTrend},
    OperatorName{"TRENDNAN", RpnOperator::kTrendNan},
    OperatorName{"PREDICT", RpnOperator::kPredict},
    OperatorName{"PREDICTSIGMA", RpnOperator::kPredictSigma},
    OperatorName{"PREDICTPERC", RpnOperator::kPredictPercent},
};

// By name.
constexpr std::array kOperators = [] {
    auto sorted = kOperatorNames;
    std::ranges::sort(sorted, {}, &OperatorName::name);
    return sorted;
}();

constexpr std::size_t kQuotedCharactersMax = 200;

// "v" of "PREV(v)".
std::optional<std::string_view> previous_variable(std::string_view token) {
    constexpr std::string_view kOpening = "PREV(";
    if (!token.starts_with(kOpening) || !token.ends_with(')')) {
        return std::nullopt;
    }
    return token.substr(kOpening.size(), token.size() - kOpening.size() - 1);
}

std::uint32_t variable_index(RpnProgram& program, std::string_view name) {
    const auto found = std::ranges::find(program.variables, name);
    const auto index = static_cast<std::uint32_t>(found - program.variables.begin());
    if (found == program.variables.end()) {
        program.variables.emplace_back(name);
    }
    return index;
}

std::optional<RpnNode> parse_token(RpnProgram& program, std::string_view token) {
    const auto named = std::ranges::lower_bound(kOperators, token, {}, &OperatorName::name);
    if (named != kOperators.end() && named->name == token) {
        return RpnNode{.op = named->op};
    }
    if (const auto number = store::rpn_constant(token)) {
        return RpnNode{.op = RpnOperator::kNumber, .number = *number};
    }
    if (const auto name = previous_variable(token); name && is_variable_name(*name)) {
        return RpnNode{.op = RpnOperator::kPrevOther, .variable = variable_index(program, *name)};
    }
    if (is_variable_name(token)) {
        return RpnNode{.op = RpnOperator::kVariable, .variable = variable_index(program, token)};
    }
    return std::nullopt;
}

}  // namespace

Result<RpnProgram> parse_rpn(std::string_view text) {
    if (text.empty()) {
        return fail(ErrorCode::kInvalid, "can not parse an empty rpn expression");
    }
    if (text.ends_with(',')) {
        text.remove_suffix(1);
    }
    RpnProgram program;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        const auto node = parse_token(program, text.substr(start, end - start));
        if (!node) {
            return fail(ErrorCode::kInvalid, fmt::format("don't understand '{}'",
                                                         text.substr(start, kQuotedCharactersMax)));
        }
        if (program.nodes.size() == kRpnNodesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("an rpn expression is limited to {} words", kRpnNodesMax));
        }
        program.nodes.push_back(*node);
        start = end + 1;
    }
    return program;
}

}  // namespace kurabe::render
