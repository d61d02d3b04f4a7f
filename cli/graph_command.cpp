// `kurabe graph`: one graph of the store's series to a file.
#include <string>

#include "cli/commands.hpp"
#include "cli/output_file.hpp"
#include "cli/series_access.hpp"
#include "render/graph_parser.hpp"
#include "render/renderer.hpp"

namespace kurabe::cli {

Result<void> run_graph(const GraphCommand& command, const Environment& environment) {
    const store::Time now = environment.now();
    const auto definition = render::parse_graph(command.arguments, now, environment.zone);
    if (!definition) {
        return std::unexpected(definition.error());
    }
    const auto source = open_series(command.place);
    if (!source) {
        return std::unexpected(source.error());
    }
    render::Renderer renderer;
    const auto graph = renderer.render(*definition, **source, now, environment.zone);
    if (!graph) {
        return std::unexpected(graph.error());
    }
    if (const auto written = write_output(command.file, graph->bytes); !written) {
        return written;
    }
    if (command.file == "-") {
        return {};
    }
    std::string report =
        std::to_string(graph->size.width_px) + "x" + std::to_string(graph->size.height_px) + "\n";
    for (const std::string& print : graph->prints) {
        report += print + "\n";
    }
    return write_output("-", report);
}

}  // namespace kurabe::cli
