// Reverse Polish expressions of CDEFs: compiled once, evaluated for every step.
// Rule: rrdgraph_rpn(1); reference values from rrdtool in tests/render/.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"
#include "store/time_zone.hpp"
#include "store/types.hpp"

namespace kurabe::render {

inline constexpr std::size_t kRpnNodesMax = 1000;
inline constexpr std::size_t kRpnStackMax = 256;

// One token. `number` of kNumber; `variable` (an index into RpnProgram::variables) of kVariable and
// kPrevOther.
enum class RpnOperator : std::uint8_t {
    kNumber,
    kVariable,
    kPrev,
    kPrevOther,
    kInf,
    kNegInf,
    kUnknown,
    kNow,
    kTime,
    kLocalTime,
    kCount,
    kStepWidth,
    kNewDay,
    kNewWeek,
    kNewMonth,
    kNewYear,
    kAdd,
    kSub,
    kMul,
    kDiv,
    kMod,
    kPow,
    kAtan2,
    kAddNan,
    kMinNan,
    kMaxNan,
    kMin,
    kMax,
    kSin,
    kCos,
    kAtan,
    kSqrt,
    kLog,
    kExp,
    kFloor,
    kCeil,
    kRound,
    kAbs,
    kRad2Deg,
    kDeg2Rad,
    kLt,
    kLe,
    kGt,
    kGe,
    kEq,
    kNe,
    kUn,
    kIsInf,
    kIf,
    kLimit,
    kDup,
    kPop,
    kExc,
    kDepth,
    kCopy,
    kIndex,
    kRoll,
    kSort,
    kRev,
    kAvg,
    kSmin,
    kSmax,
    kMedian,
    kStdev,
    kPercent,
    kTrend,
    kTrendNan,
    kPredict,
    kPredictSigma,
    kPredictPercent,
};

struct RpnNode {
    RpnOperator op;
    double number = 0;
    std::uint32_t variable = 0;
};

struct RpnProgram {
    std::vector<RpnNode> nodes;
    std::vector<std::string> variables;  // names in the order of their first use
};

// Compiles "a,b,+". Whether the variables exist is for the caller to check. kInvalid with rrdtool's
// message (`don't understand 'x'`), kLimit over kRpnNodesMax.
[[nodiscard]] Result<RpnProgram> parse_rpn(std::string_view text);

}  // namespace kurabe::render
