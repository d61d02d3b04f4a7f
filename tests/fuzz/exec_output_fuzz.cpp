// Bytes as what programs print: values, graph definitions, and the pages that come of both.
#include <set>
#include <string>

#include "collectors/exec/metric_graphs.hpp"
#include "collectors/exec/value_lines.hpp"
#include "collectors/line_text.hpp"
#include "store/sample.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace collectors::exec;
    const std::string_view text = tests::text_of(data, size);
    const store::Time now{store::Seconds{1'700'000'000}};
    const collectors::Report report = read_value_lines(text, "exec:p", "h", now);
    std::set<std::string> keys{"a.b.gauge", "a.c.gauge"};
    for (const store::Sample& sample : report.batch.samples) {
        tests::require(store::check_key(sample.key).has_value());
        keys.insert(sample.key);
    }
    const auto graphs = read_mackerel_meta(text);
    const auto pages = pages_of("p", keys, graphs.value_or(std::vector<MackerelGraph>{}));
    const std::string told = collectors::plugin_text(pages);
    tests::require(collectors::is_utf8(told));
    tests::require(told.find('\n') == told.npos);
    return 0;
}
