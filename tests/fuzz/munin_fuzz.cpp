// Bytes as what a Munin plugin says, and the graphs that come of it.
#include "collectors/line_text.hpp"
#include "collectors/munin/answer.hpp"
#include "collectors/munin/graphs.hpp"
#include "collectors/munin/thresholds.hpp"
#include "store/sample.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace collectors::munin;
    const Answer answer = read_answer(tests::text_of(data, size), "asked");
    tests::require(answer.services.size() <= kServicesMax);
    tests::require(answer.complaints.size() <= kComplaintsMax);
    for (const FieldValue& value : answer.values) {
        const Service& service = answer.services.at(value.service);
        const Field* const field = service.find(value.field);
        tests::require(field != nullptr);
        tests::require(store::check_key(series_key(service, *field)).has_value());
        (void)raw_value(value.text, field->type);
        (void)judge(*field, 1);
    }
    const std::string text = collectors::plugin_text(pages_of(answer.services));
    tests::require(collectors::is_utf8(text));
    tests::require(text.find('\n') == text.npos);
    return 0;
}
