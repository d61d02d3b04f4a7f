// Bytes as what is pushed: JSON of our own form or of Mackerel's, what its agent says besides, or
// Graphite's lines. The first byte chooses.
#include <string_view>

#include "collectors/line_text.hpp"
#include "server/graphite/line.hpp"
#include "server/mackerel_request.hpp"
#include "server/sample_records.hpp"
#include "store/archive_name.hpp"
#include "store/sample.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;

namespace {

constexpr store::Time kNow{store::Seconds{1'795'344'360}};

void check(const collectors::ReadLines& read) {
    std::size_t taken = 0;
    for (const collectors::Report& report : read.reports) {
        taken += report.batch.samples.size() + report.meta.size() + report.warnings.size();
        tests::require(store::archive_name_of(report.batch.host).has_value());
        for (const store::Sample& sample : report.batch.samples) {
            tests::require(store::check_plugin(sample.plugin).has_value());
            tests::require(store::ds_type_of_key(sample.key).has_value());
        }
        for (const collectors::Meta& meta : report.meta) {
            tests::require(collectors::is_utf8(meta.value));
        }
    }
    tests::require(taken == read.taken);
    tests::require(read.errors.size() <= read.refused);
}

void check_line(std::string_view line) {
    const auto sample = server::graphite::parse_line(line, kNow);
    if (!sample) return;
    tests::require(!sample->host.empty() && sample->host.find('.') == std::string::npos);
    tests::require(!sample->plugin.empty() && sample->key.size() > 6);
}

// What is kept of an agent's is read again as it was.
void check_agent(std::string_view json) {
    (void)server::read_mackerel_host(json);
    (void)server::read_mackerel_status(json);
    (void)server::read_mackerel_checks(json);
    if (const auto line = server::one_line_json(json)) {
        tests::require(line->find('\n') == std::string::npos);
        tests::require(collectors::is_utf8(*line));
    }
    const auto graphs = server::read_mackerel_graphs(json);
    if (!graphs) return;
    for (const auto& graph : graphs->good) {
        const auto again = server::mackerel_graph_from_json(server::mackerel_graph_to_json(graph));
        tests::require(again.has_value() && *again == graph);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = tests::text_of(data, size);
    if (text.empty()) return 0;
    const std::string_view rest = text.substr(1);
    if (text.front() == 'g') {
        check_line(rest);
    } else if (text.front() == 'a') {
        check_agent(rest);
    } else {
        const auto read = text.front() == 'm' ? server::read_mackerel_values(rest, {}, "")
                                              : server::read_samples(rest, {}, kNow);
        if (read) check(*read);
    }
    return 0;
}
