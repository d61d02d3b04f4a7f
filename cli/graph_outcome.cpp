// Lines in rrdtool's order.
#include "cli/graph_outcome.hpp"

#include <iterator>

#include <fmt/format.h>

namespace kurabe::cli {

namespace {

std::int64_t seconds_of(store::Time time) {
    return time.time_since_epoch().count();
}

void append_range(std::string& lines, const ExportedRange& range) {
    fmt::format_to(std::back_inserter(lines), "graph_start = {}\ngraph_end = {}\ngraph_step = {}\n",
                   seconds_of(range.start), seconds_of(range.end), range.step.count());
}

void append_picture(std::string& lines, const GraphOutcome& outcome) {
    const render::RenderedGraph& picture = *outcome.picture;
    const auto out = std::back_inserter(lines);
    fmt::format_to(out,
                   "graph_left = {}\ngraph_top = {}\ngraph_width = {}\ngraph_height = {}\n"
                   "image_width = {}\nimage_height = {}\ngraph_start = {}\ngraph_end = {}\n",
                   picture.plot.left_px, picture.plot.top_px, picture.plot.width_px,
                   picture.plot.height_px, picture.size.width_px, picture.size.height_px,
                   seconds_of(outcome.start), seconds_of(outcome.end));
    if (!outcome.is_new) return;
    fmt::format_to(out, "value_min = {:.10e}\nvalue_max = {:.10e}\n", picture.value_min,
                   picture.value_max);
    for (std::size_t i = 0; i < picture.legend.size(); ++i) {
        const auto& [text, box] = picture.legend[i];
        fmt::format_to(out, "legend[{0}] = \"{1}\"\ncoords[{0}] = \"{2},{3},{4},{5}\"\n", i, text,
                       box.left, box.top, box.right, box.bottom);
    }
}

void append_prints(std::string& lines, const GraphOutcome& outcome) {
    for (std::size_t i = 0; i < outcome.prints.size(); ++i) {
        fmt::format_to(std::back_inserter(lines), "print[{}] = \"{}\"\n", i, outcome.prints[i]);
    }
}

}  // namespace

std::string graph_report(const GraphOutcome& outcome) {
    std::string lines;
    const bool is_anything = outcome.picture || outcome.exported || !outcome.prints.empty();
    if (outcome.image_info) {
        if (!outcome.image_info->empty()) lines = *outcome.image_info + "\n";
    } else if (is_anything) {
        lines = fmt::format("{}x{}\n", outcome.size().width_px, outcome.size().height_px);
    }
    for (const std::string& print : outcome.prints) lines += print + "\n";
    return lines;
}

std::string graphv_report(const GraphOutcome& outcome) {
    std::string lines;
    if (outcome.exported) append_range(lines, *outcome.exported);
    append_prints(lines, outcome);
    if (outcome.picture) append_picture(lines, outcome);
    if (outcome.image_info && !outcome.image_info->empty()) {
        fmt::format_to(std::back_inserter(lines), "image_info = \"{}\"\n", *outcome.image_info);
    }
    return lines;
}

}  // namespace kurabe::cli
