// A graph that was made, and what `graph` and `graphv` print about it.
// Rule: rrdgraph(1), "graphv" and "--imginfo"; compared with rrdtool in tests/differential/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "render/renderer.hpp"
#include "store/types.hpp"

namespace kurabe::cli {

// The range and the step of an export.
struct ExportedRange {
    store::Time start;
    store::Time end;
    store::Seconds step;
};

struct GraphOutcome {
    // One of these, or neither when there was nothing to draw.
    std::optional<render::RenderedGraph> picture;
    std::optional<ExportedRange> exported;

    store::Time start;  // of the graph
    store::Time end;
    bool is_new = false;  // `bytes` are to be written
    std::string bytes;    // of the file
    std::vector<std::string> prints;
    std::optional<std::string> image_info;  // the text of --imginfo

    [[nodiscard]] render::ImageSize size() const {
        return picture ? picture->size : render::ImageSize{};
    }
};

// The size and the texts of PRINT, one per line.
[[nodiscard]] std::string graph_report(const GraphOutcome& outcome);
// "key = value" lines in the form of `info`.
[[nodiscard]] std::string graphv_report(const GraphOutcome& outcome);

}  // namespace kurabe::cli
