// Bytes as what an exporter answered.
#include "collectors/prometheus/exposition.hpp"
#include "collectors/prometheus/node_exporter.hpp"
#include "collectors/prometheus/scrape_report.hpp"
#include "store/sample.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;
using namespace kurabe::collectors;

static void check(const Report& report) {
    for (const store::Sample& sample : report.batch.samples) {
        tests::require(store::check_key(sample.key).has_value());
        tests::require(store::ds_type_of_key(sample.key).has_value());
    }
    for (const Meta& meta : report.meta) {
        tests::require(meta.value.find_first_of("\n\t") == meta.value.npos);
    }
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr store::Time kNow{store::Seconds{1795344360}};
    const auto exposition = prometheus::read_exposition(tests::text_of(data, size));
    if (!exposition) return 0;
    check(prometheus::scrape_report(*exposition, {.include = {"*_*"}, .exclude = {"*a*b*"}}, "h",
                                    "prom:9100", kNow));
    if (const auto base = prometheus::base_report(*exposition, "h", kNow)) check(*base);
    return 0;
}
