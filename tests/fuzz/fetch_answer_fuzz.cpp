// Bytes as what a service answered to a plugin: read in every way, and made a report of.
#include "collectors/fetch/answer_parser.hpp"
#include "collectors/fetch/reading.hpp"
#include "store/sample.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;
using namespace kurabe::collectors::fetch;

namespace {

std::vector<ParseRule> rules() {
    std::vector<ParseRule> rules(6);
    rules[0].pairs = PairsRule{":", ""};
    rules[1].pairs = PairsRule{" ", "STAT "};
    rules[1].text = "a";
    for (const char* expression : {R"(^ *\d+ +\d+ +(?P<a>\d+))", R"((?P<b>\w+)(?P<c>.*)$)"}) {
        rules[2].matches.push_back({Pattern::compile(expression).value(), false});
        rules[2].matches.push_back({Pattern::compile(expression).value(), true});
    }
    rules[3].columns = ColumnsRule{0, 1, ""};
    rules[4].columns = ColumnsRule{2, 0, ";"};
    rules[5].json = true;
    return rules;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::vector<ParseRule> kRules = rules();
    static const ReadingRules kReading{
        .metrics = {{"a.gauge", {{"a", "/a", "*a*"}}}, {"b.counter", {{"b"}, "c", 100}}},
        .meta = {{"a", {{"a"}}}, {"b", {.fields = {"b"}, .is_uptime = true}}},
        .warnings = {{"c", {"c"}, {"x"}, true, collectors::TextTemplate::parse("{{c}}").value()}}};
    const Answer answer{.text = std::string(tests::text_of(data, size))};
    for (const ParseRule& rule : kRules) {
        Fields fields;
        if (!parse_answer(answer, rule, fields)) continue;
        tests::require(fields.all().size() <= kFieldsMax);
        const auto report =
            read_fields(fields, kReading, "h", "p", store::Time{store::Seconds{1795344360}});
        if (!report) continue;
        for (const auto& meta : report->meta) {
            tests::require(meta.value.find_first_of("\n\t") == meta.value.npos);
        }
    }
    return 0;
}
