// Text as the program of a COMPUTE data source, run over PDPs of every kind: what is read must
// survive its way through a record and its own text.
#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "store/rrd/compute_evaluator.hpp"
#include "store/rrd/compute_program.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;
using namespace kurabe::store;
using namespace kurabe::store::rrd;

namespace {

std::vector<SourceRecord> sources_named(std::initializer_list<std::string_view> names) {
    std::vector<SourceRecord> sources;
    for (const std::string_view name : names) set_text(sources.emplace_back().name, name);
    return sources;
}

bool are_same(const ComputeProgram& a, const ComputeProgram& b) {
    return std::ranges::equal(a.nodes, b.nodes, [](const ComputeNode& x, const ComputeNode& y) {
        return x.op == y.op && x.value == y.value;
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto earlier = sources_named({"a", "b", "x5", "MIN"});
    const auto program = parse_compute(tests::text_of(data, size), earlier);
    if (!program) return 0;
    tests::require(!program->nodes.empty() && program->nodes.size() <= kComputeNodesMax);

    SourceRecord record;
    write_compute(*program, record);
    const auto stored = read_compute(record, earlier.size());
    tests::require(stored && are_same(*program, *stored));
    const auto said = parse_compute(compute_text(*program, earlier), earlier);
    tests::require(said && are_same(*program, *said));

    constexpr Value kInfinity = std::numeric_limits<Value>::infinity();
    for (const auto& pdps : {std::array<Value, 4>{1.5, -2, 0, 3},
                             std::array<Value, 4>{kUnknown, kInfinity, -kInfinity, 1e300},
                             std::array<Value, 4>{-1e300, 1e-300, kUnknown, 4294967296.0}}) {
        (void)evaluate_compute(*program, pdps, Time{Seconds{1'700'000'000}});
    }
    return 0;
}
