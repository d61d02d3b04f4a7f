// The program of a COMPUTE data source: an RPN expression over data sources of lower index, as text
// and as nodes of a record.
// Rule: rrdcreate(1), DS, COMPUTE and rrdgraph_rpn(1); operator numbers are part of the file format
// and were read off files of rrdtool 1.7.2.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"
#include "store/rrd/records.hpp"
#include "store/types.hpp"

namespace kurabe::store::rrd {

// Numbers as in the file.
enum class ComputeOperator : std::uint8_t {
    kNumber = 0,
    kVariable = 1,
    kInf = 2,
    kPrev = 3,
    kNegInf = 4,
    kUnknown = 5,
    kNow = 6,
    kTime = 7,
    kAdd = 8,
    kMod = 9,
    kSub = 10,
    kMul = 11,
    kDiv = 12,
    kSin = 13,
    kDup = 14,
    kExc = 15,
    kPop = 16,
    kCos = 17,
    kLog = 18,
    kExp = 19,
    kLt = 20,
    kLe = 21,
    kGt = 22,
    kGe = 23,
    kEq = 24,
    kIf = 25,
    kMin = 26,
    kMax = 27,
    kLimit = 28,
    kFloor = 29,
    kCeil = 30,
    kUn = 31,
    kEnd = 32,
    kLocalTime = 33,
    kNe = 34,
    kIsInf = 35,
    kPrevOther = 36,
    kCount = 37,
    kAtan = 38,
    kSqrt = 39,
    kSort = 40,
    kRev = 41,
    kTrend = 42,
    kTrendNan = 43,
    kAtan2 = 44,
    kRad2Deg = 45,
    kDeg2Rad = 46,
    kPredict = 47,
    kPredictSigma = 48,
    kAvg = 49,
    kAbs = 50,
    kAddNan = 51,
    kMinNan = 52,
    kMaxNan = 53,
    kMedian = 54,
    kPredictPercent = 55,
    kDepth = 56,
    kCopy = 57,
    kRoll = 58,
    kIndex = 59,
    kStepWidth = 60,
    kNewDay = 61,
    kNewWeek = 62,
    kNewMonth = 63,
    kNewYear = 64,
    kSmin = 65,
    kSmax = 66,
    kStdev = 67,
    kPercent = 68,
    kPow = 69,
    kRound = 70,
};

struct ComputeNode {
    ComputeOperator op;
    std::int16_t value = 0;  // of kNumber the number, of kVariable the index of the data source
};

// What needs a time or values of other times; a COMPUTE cannot have it.
[[nodiscard]] bool is_of_graphs_only(ComputeOperator op) noexcept;

inline constexpr std::size_t kComputeNodesMax = 19;

struct ComputeProgram {
    std::vector<ComputeNode> nodes;  // 1...kComputeNodesMax, without kEnd
};

// The program in the record of the data source of index `own_index`. kDamaged for an operator that
// a COMPUTE cannot have, for a data source that is not of lower index, or without an end.
[[nodiscard]] Result<ComputeProgram> read_compute(const SourceRecord& record,
                                                  std::size_t own_index);
// Into the record's parameters.
void write_compute(const ComputeProgram& program, SourceRecord& record) noexcept;

// The program that `text` says, such as "a,2,*"; `earlier` are the data sources before its own,
// which it may use by name. Whether the stack suffices shows only when it runs. kInvalid with
// rrdtool's message.
[[nodiscard]] Result<ComputeProgram> parse_compute(std::string_view text,
                                                   std::span<const SourceRecord> earlier);
// The text that parse_compute makes the program of, as rrdtool writes it: without a last comma, so
// that a number in the end is not told from a data source of that name.
[[nodiscard]] std::string compute_text(const ComputeProgram& program,
                                       std::span<const SourceRecord> earlier);

}  // namespace kurabe::store::rrd
