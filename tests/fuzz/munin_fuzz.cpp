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
    const auto whole = tests::text_of(data, size);
    const Answer answer = read_answer(whole, "asked");
    // Line by line it says the same.
    AnswerReader reader("asked");
    for (std::size_t begin = 0, end = 0; begin < whole.size(); begin = end) {
        end = std::min(whole.find('\n', begin), whole.size() - 1) + 1;
        reader.read(std::string_view(whole).substr(begin, end - begin));
    }
    const Answer of_parts = reader.finish();
    tests::require(of_parts.values.size() == answer.values.size());
    tests::require(of_parts.services.size() == answer.services.size());
    tests::require(of_parts.complaints == answer.complaints);
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
