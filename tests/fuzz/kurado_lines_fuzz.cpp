// Bytes as lines that an agent sent.
#include "collectors/kurado_lines.hpp"
#include "collectors/line_reader.hpp"
#include "collectors/line_text.hpp"
#include "store/archive_name.hpp"
#include "store/sample.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const collectors::ReadLines read = collectors::read_lines(tests::text_of(data, size));
    std::size_t taken = 0;
    for (const collectors::Report& report : read.reports) {
        taken += report.batch.samples.size() + report.meta.size() + report.warnings.size();
        tests::require(store::archive_name_of(report.batch.host).has_value());
        store::SampleTime last{};
        for (const store::Sample& sample : report.batch.samples) {
            tests::require(store::check_plugin(sample.plugin).has_value());
            tests::require(store::check_key(sample.key).has_value());
            tests::require(sample.time >= last);
            last = sample.time;
        }
        for (const collectors::Meta& meta : report.meta) {
            tests::require(collectors::is_utf8(meta.value));
            tests::require(meta.value.find_first_of("\n\t") == meta.value.npos);
        }
    }
    tests::require(taken == read.taken);
    tests::require(read.errors.size() <= read.refused);
    return 0;
}
