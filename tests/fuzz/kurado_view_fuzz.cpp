// Bytes as what a view script of Kurado's prints.
#include <string>
#include <vector>

#include "collectors/kurado/view_output.hpp"
#include "collectors/line_text.hpp"
#include "tests/fuzz/fuzz_target.hpp"

using namespace kurabe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace collectors::kurado;
    const std::string_view text = tests::text_of(data, size);
    collectors::PluginPages pages{.plugin = "p", .groups = {}, .graphs = {}};
    std::vector<std::string> complaints;
    const ViewPlace place{.host = "h", .plugin = "p:1", .name = "p"};
    for (const ViewGroup& group : read_view_list(text)) {
        pages.groups.push_back({group.label, group.graphs});
        for (const std::string& key : group.graphs) {
            if (pages.graphs.size() >= 3) continue;
            pages.graphs.push_back(read_view_graph(text, key, place, complaints));
            for (const std::string& line : pages.graphs.back().lines) {
                tests::require(collectors::is_graph_statement(line));
            }
        }
    }
    const std::string told = collectors::plugin_text(pages);
    tests::require(collectors::is_utf8(told));
    tests::require(told.find('\n') == told.npos);
    return 0;
}
