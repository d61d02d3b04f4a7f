// Text as a value of an update, as a duration and as a PRINT format.
#include "render/print_format.hpp"
#include "store/duration.hpp"
#include "store/number.hpp"
#include "store/sample.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = tests::text_of(data, size);
    (void)store::parse_number(text);
    (void)store::parse_duration(text);
    for (const auto type :
         {store::DsType::kGauge, store::DsType::kCounter, store::DsType::kDerive}) {
        (void)store::parse_raw_value(text, type);
    }
    if (const auto format = render::parse_number_format(text)) {
        std::optional<render::Magnitude> magnitude;
        for (const double value : {0.0, -1e300, 1e-300, 12345.678, store::kUnknown}) {
            (void)render::format_number(*format, value, 1000, magnitude);
            (void)render::format_number(*format, value, 1024, magnitude);
        }
    }
    return 0;
}
