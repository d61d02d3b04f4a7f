// `graph FILE|-` and `graphv FILE|-`: a picture of .rrd files and series, or their numbers as text.
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/graph_outcome.hpp"
#include "cli/graph_series.hpp"
#include "cli/lazy_picture.hpp"
#include "cli/rrdtool/daemon_option.hpp"
#include "cli/rrdtool/output_file.hpp"
#include "render/evaluate.hpp"
#include "render/export_text.hpp"
#include "render/graph_options.hpp"
#include "render/graph_parser.hpp"
#include "render/image_info.hpp"
#include "render/renderer.hpp"

namespace kurabe::cli {

namespace {

constexpr std::string_view kStandardOutput = "-";
// What --imginfo calls a picture without a file.
constexpr std::string_view kNameOfNoFile = "memory";

struct GraphCall {
    std::string file;
    render::GraphDefinition definition;
    std::optional<SeriesPlace> place;  // none: files only
    rrdcached::Place daemon;
    store::Time now;
};

// What a graph is made with.
struct Means {
    const render::SeriesSource& source;
    const store::TimeZone& zone;
    Drawing& drawing;
};

Result<GraphCall> read_call(rrdtool::Words words, const rrdtool::Session& session) {
    GraphCall call;
    call.now = session.clock.now_seconds();
    std::vector<std::string> arguments(words.begin(), words.end());
    if (session.called_as == rrdtool::CalledAs::kKurabe) {
        auto place = rrdtool::take_series_place(arguments);
        if (!place) return std::unexpected(place.error());
        call.place = std::move(*place);
    }
    auto split = render::parse_options(arguments, call.now, session.zone);
    if (!split) return std::unexpected(split.error());
    for (render::Font& font : split->options.fonts) {
        if (font.family.empty()) font.family = session.default_font;
    }
    if (split->elements.empty()) return fail(ErrorCode::kInvalid, "missing filename");
    call.file = std::move(split->elements.front());
    split->elements.erase(split->elements.begin());
    auto definition =
        render::parse_elements(std::move(split->options), split->elements, call.now, session.zone);
    if (!definition) return std::unexpected(definition.error());
    call.definition = std::move(*definition);
    const auto& daemon = call.definition.options.daemon;
    call.daemon = rrdtool::daemon_place(daemon ? *daemon : session.daemon_address, session);
    return call;
}

using Made = Result<void>;

Made make_export(const GraphCall& call, const Means& with, GraphOutcome& outcome) {
    auto table = render::evaluate_export(call.definition, render::ExportColumns::kExportedAndDrawn,
                                         with.source, call.now, with.zone);
    if (!table) return std::unexpected(table.error());
    auto text = render::export_text(*table, call.definition.options, with.zone);
    if (!text) return std::unexpected(text.error());
    outcome.exported = ExportedRange{table->start, table->end, table->step};
    outcome.prints = std::move(table->prints);
    outcome.bytes = std::move(*text);
    outcome.is_new = true;
    return {};
}

Made make_picture(const GraphCall& call, const Means& with, GraphOutcome& outcome) {
    const render::GraphOptions& options = call.definition.options;
    outcome.is_new = !options.lazy || call.file == kStandardOutput ||
                     !is_up_to_date(call.file, options, call.now);
    render::Renderer& renderer = with.drawing.renderer();
    auto picture = outcome.is_new
                       ? renderer.render(call.definition, with.source, call.now, with.zone)
                       : renderer.measure(call.definition, with.source, call.now, with.zone);
    if (!picture) return std::unexpected(picture.error());
    outcome.prints = std::move(picture->prints);
    outcome.bytes = std::move(picture->bytes);
    outcome.picture = std::move(*picture);
    return {};
}

// Only the texts of PRINT, and the errors.
Made make_nothing(const GraphCall& call, const Means& with, GraphOutcome& outcome) {
    auto graph = render::evaluate(call.definition, with.source, call.now, with.zone);
    if (!graph) return std::unexpected(graph.error());
    outcome.prints = std::move(graph->prints);
    return {};
}

Result<GraphOutcome> make_graph(const GraphCall& call, const store::TimeZone& zone,
                                Drawing& drawing) {
    const render::GraphOptions& options = call.definition.options;
    GraphOutcome outcome;
    outcome.start = options.start;
    outcome.end = options.end;
    const GraphSeries source(call.place, call.daemon);
    const auto make = render::is_export(options.format)      ? make_export
                      : render::has_picture(call.definition) ? make_picture
                                                             : make_nothing;
    if (auto made = make(call, {source, zone, drawing}, outcome); !made) {
        return std::unexpected(made.error());
    }
    if (options.image_info) {
        const std::string_view name =
            call.file == kStandardOutput
                ? kNameOfNoFile
                : std::string_view(call.file).substr(call.file.rfind('/') + 1);
        outcome.image_info = render::image_info_text(*options.image_info, name, outcome.size());
    }
    return outcome;
}

// What goes to a file goes there now; what goes to standard output is left to the caller.
Result<GraphOutcome> make_and_keep(const GraphCall& call, const store::TimeZone& zone,
                                   Drawing& drawing) {
    auto outcome = make_graph(call, zone, drawing);
    if (!outcome || !outcome->is_new || call.file == kStandardOutput) return outcome;
    const auto written =
        rrdtool::write_output(call.file, outcome->bytes, rrdtool::OutputFile::Durability::kCache);
    if (!written) {
        return std::unexpected(written.error());
    }
    return outcome;
}

}  // namespace

// To standard output goes the picture alone.
Result<void> run_graph(rrdtool::Words arguments, rrdtool::Session& session, Drawing& drawing) {
    const auto call = read_call(arguments, session);
    if (!call) return std::unexpected(call.error());
    const auto outcome = make_and_keep(*call, session.zone, drawing);
    if (!outcome) return std::unexpected(outcome.error());
    session.out.write(call->file == kStandardOutput ? outcome->bytes : graph_report(*outcome));
    return {};
}

Result<void> run_graphv(rrdtool::Words arguments, rrdtool::Session& session, Drawing& drawing) {
    const auto call = read_call(arguments, session);
    if (!call) return std::unexpected(call.error());
    const auto outcome = make_and_keep(*call, session.zone, drawing);
    if (!outcome) return std::unexpected(outcome.error());
    session.out.write(graphv_report(*outcome));
    if (call->file == kStandardOutput && outcome->is_new) {
        session.out.write(fmt::format("image = BLOB_SIZE:{}\n", outcome->bytes.size()));
        session.out.write(outcome->bytes);
    }
    return {};
}

}  // namespace kurabe::cli
