// Bytes as what a plugin of the agent printed.
#include "collectors/agent/plugin_output.hpp"
#include "collectors/kurado_lines.hpp"
#include "collectors/line_reader.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;

// Whatever it prints, the server takes what the agent makes of it, and for that plugin's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const collectors::Report report = collectors::agent::read_plugin_output(
        tests::text_of(data, size), "plug:in.x", "host", store::Time{store::Seconds{1795344360}});
    const collectors::ReadLines read = collectors::read_lines(collectors::kurado_lines(report));
    tests::require(read.refused == 0);
    tests::require(read.reports.size() <= 1);
    for (const collectors::Report& back : read.reports) {
        tests::require(back.batch.host == "host");
        tests::require(back.batch.samples.size() == report.batch.samples.size());
        for (const store::Sample& sample : back.batch.samples) {
            tests::require(sample.plugin == "plug:in.x");
        }
    }
    return 0;
}
