// Programs of COMPUTE data sources as the twenty nodes of four bytes of a record.
#include "store/rrd/compute_program.hpp"

#include <bit>
#include <utility>

#include <fmt/format.h>

namespace kurabe::store::rrd {
namespace {

// One node as the file has it.
struct NodeRecord {
    std::uint8_t op = 0;
    std::uint8_t padding = 0;
    std::int16_t value = 0;
};
constexpr std::size_t kNodeRecords = kComputeNodesMax + 1;
using NodeRecords = std::array<NodeRecord, kNodeRecords>;
static_assert(sizeof(NodeRecords) == sizeof(SourceRecord::parameters));

constexpr std::uint8_t kOperatorMax = std::to_underlying(ComputeOperator::kRound);

std::unexpected<Error> bad_program(std::size_t own_index, std::string_view reason) {
    return fail(ErrorCode::kDamaged,
                fmt::format("the COMPUTE of data source {} {}", own_index, reason));
}

}  // namespace

bool is_of_graphs_only(ComputeOperator op) noexcept {
    switch (op) {
        case ComputeOperator::kPrev:
        case ComputeOperator::kPrevOther:
        case ComputeOperator::kTime:
        case ComputeOperator::kLocalTime:
        case ComputeOperator::kCount:
        case ComputeOperator::kTrend:
        case ComputeOperator::kTrendNan:
        case ComputeOperator::kPredict:
        case ComputeOperator::kPredictSigma:
        case ComputeOperator::kPredictPercent:
        case ComputeOperator::kStepWidth:
        case ComputeOperator::kNewDay:
        case ComputeOperator::kNewWeek:
        case ComputeOperator::kNewMonth:
        case ComputeOperator::kNewYear:
            return true;
        default:
            return false;
    }
}

Result<ComputeProgram> read_compute(const SourceRecord& record, std::size_t own_index) {
    const auto nodes = std::bit_cast<NodeRecords>(record.parameters);
    ComputeProgram program;
    for (const NodeRecord& node : nodes) {
        if (node.op > kOperatorMax) return bad_program(own_index, "holds no known operator");
        const auto op = static_cast<ComputeOperator>(node.op);
        if (op == ComputeOperator::kEnd) {
            if (program.nodes.empty()) return bad_program(own_index, "is empty");
            return program;
        }
        if (is_of_graphs_only(op)) return bad_program(own_index, "holds an operator of graphs");
        const bool is_lower = node.value >= 0 && static_cast<std::size_t>(node.value) < own_index;
        if (op == ComputeOperator::kVariable && !is_lower) {
            return bad_program(own_index, "uses a data source that does not come before it");
        }
        program.nodes.push_back({op, node.value});
    }
    return bad_program(own_index, "has no end");
}

void write_compute(const ComputeProgram& program, SourceRecord& record) noexcept {
    NodeRecords nodes{};
    for (std::size_t i = 0; i < program.nodes.size(); ++i) {
        nodes[i] = {std::to_underlying(program.nodes[i].op), 0, program.nodes[i].value};
    }
    nodes[program.nodes.size()].op = std::to_underlying(ComputeOperator::kEnd);
    record.parameters = std::bit_cast<decltype(record.parameters)>(nodes);
}

}  // namespace kurabe::store::rrd
