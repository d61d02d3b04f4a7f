// Bytes as what a host sent in answer to the command that is run over SSH.
#include "collectors/ssh/capture.hpp"
#include "store/sample.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto report = collectors::ssh::read_capture(tests::text_of(data, size), "host",
                                                      store::Time{store::Seconds{1795344360}});
    if (!report) return 0;
    for (const auto& sample : report->batch.samples) {
        tests::require(store::check_key(sample.key).has_value());
    }
    for (const auto& meta : report->meta) {
        tests::require(meta.value.find_first_of("\n\t") == meta.value.npos);
    }
    return 0;
}
