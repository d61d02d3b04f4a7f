// Graphs per CPU time: Kurado's cpu, traffic and memory graphs of 33 hours of minutes, 420 and 1100
// pixels wide, from a host archive by our renderer, and from one .rrd file for each metric by
// librrd, in the same process. Prints CPU milliseconds for each picture (medians), their ratio, the
// files' sizes and our stages.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <functional>
#include <iterator>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <rrd.h>

#include "render/canvas.hpp"
#include "render/evaluate.hpp"
#include "render/graph_parser.hpp"
#include "render/layout.hpp"
#include "render/palette_png.hpp"
#include "render/renderer.hpp"
#include "store/store.hpp"
#include "tests/render/sample_graphs.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace kurabe;
using namespace kurabe::render;
using render::testing::kSampleEnd;
using render::testing::kSampleSpan;
using Words = std::vector<std::string>;

constexpr int kRounds = 60;
constexpr Seconds kMinute{60};

double cpu_ms() {
    std::timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

[[noreturn]] void give_up(const std::string& reason) {
    throw std::runtime_error(reason);
}

template <typename T>
T checked(Result<T> result) {
    if (!result) give_up(result.error().message);
    return *std::move(result);
}

// Series of a host archive, named "HOST/PLUGIN/KEY".
class StoreSource final : public SeriesSource {
  public:
    explicit StoreSource(const store::Store& store) : store_(store) {}
    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const SeriesReference& reference, const store::FetchRequest& request) const override {
        auto name = store::SeriesName::parse(reference.series);
        if (!name) return std::unexpected(name.error());
        return store_.fetch(*name, request);
    }

  private:
    const store::Store& store_;
};

// Adds up the time that another source needs.
class TimedSource final : public SeriesSource {
  public:
    explicit TimedSource(const SeriesSource& source) : source_(source) {}
    [[nodiscard]] Result<store::FetchedSeries> fetch(
        const SeriesReference& reference, const store::FetchRequest& request) const override {
        const double begin = cpu_ms();
        auto series = source_.fetch(reference, request);
        spent_ms_ += cpu_ms() - begin;
        return series;
    }
    // Since the last call.
    [[nodiscard]] double take_ms() { return std::exchange(spent_ms_, 0); }

  private:
    const SeriesSource& source_;
    mutable double spent_ms_ = 0;
};

// The definition's "DEF:x=x:n:AVERAGE" with the series' place for x.
Words with_series(const Words& words, const std::string& before, const std::string& after) {
    Words result = words;
    for (std::string& word : result) {
        if (!word.starts_with("DEF:")) continue;
        const std::size_t begin = word.find('=') + 1;
        const std::size_t end = word.find(':', begin);
        word = word.substr(0, begin) + before + word.substr(begin, end - begin) + after +
               word.substr(end);
    }
    return result;
}

Words with_width(const Words& words, int width_px) {
    Words result = words;
    *std::next(std::ranges::find(result, "-w")) = std::to_string(width_px);
    return result;
}

std::set<std::string> series_of(std::span<const Words> graphs) {
    std::set<std::string> names;
    for (const Words& words : graphs) {
        for (const std::string& word : words) {
            if (word.starts_with("DEF:")) names.insert(word.substr(4, word.find('=') - 4));
        }
    }
    return names;
}

std::vector<double> invented_minutes(const std::string& name) {
    const store::FetchRequest request{.start = kSampleEnd - kSampleSpan - 30 * kMinute,
                                      .end = kSampleEnd};
    return checked(render::testing::InventedSource{}.fetch({name, "n"}, request)).values;
}

Time minute_of(std::size_t index) {
    const Time start = kSampleEnd - kSampleSpan - 30 * kMinute;
    const auto minutes = start.time_since_epoch() / kMinute + static_cast<std::int64_t>(index) + 1;
    return Time{minutes * kMinute};
}

std::string text_of(double value) {
    return store::is_unknown(value) ? "U" : fmt::format("{:.10g}", value);
}

void fill_store(store::Store& store, const std::set<std::string>& names) {
    std::vector<std::vector<double>> columns;
    for (const std::string& name : names) columns.push_back(invented_minutes(name));
    for (std::size_t i = 0; i < columns.front().size(); ++i) {
        store::Batch batch{.host = "web01", .samples = {}};
        auto column = columns.begin();
        for (const std::string& name : names) {
            const auto value =
                checked(store::parse_raw_value(text_of((*column++)[i]), store::DsType::kGauge));
            batch.samples.push_back({"base", name + ".gauge", value, minute_of(i)});
        }
        const auto report = checked(store.append(batch));
        if (report.refused_count > 0) give_up(report.refused.front().message);
    }
}

void call_rrd(const std::function<int(int, const char**)>& call, const Words& words) {
    std::vector<const char*> argv;
    for (const std::string& word : words) argv.push_back(word.c_str());
    rrd_clear_error();
    if (call(static_cast<int>(argv.size()), argv.data()) != 0) give_up(rrd_get_error());
}

void fill_files(const std::string& folder, const std::set<std::string>& names) {
    for (const std::string& name : names) {
        const std::string file = folder + "/" + name + ".rrd";
        Words shape = {"DS:n:GAUGE:120:U:U"};
        for (const char* cf : {"AVERAGE", "MIN", "MAX"}) {
            for (const char* ring : {"1:2880", "5:2880", "60:960", "1440:1100"}) {
                shape.push_back(fmt::format("RRA:{}:0.5:{}", cf, ring));
            }
        }
        const std::time_t start = minute_of(0).time_since_epoch().count() - 10;
        call_rrd(
            [&](int count, const char** words) {
                return rrd_create_r(file.c_str(), 60, start, count, words);
            },
            shape);
        Words updates;
        const std::vector<double> values = invented_minutes(name);
        for (std::size_t i = 0; i < values.size(); ++i) {
            updates.push_back(
                fmt::format("{}:{}", minute_of(i).time_since_epoch().count(), text_of(values[i])));
        }
        call_rrd(
            [&](int count, const char** words) {
                return rrd_update_r(file.c_str(), nullptr, count, words);
            },
            updates);
    }
}

struct Measured {
    double total_ms = 0;
    std::size_t bytes = 0;
};

Measured measure_librrd(const Words& graph) {
    Measured measured;
    std::vector<double> times;
    for (int round = 0; round < kRounds; ++round) {
        Words words = {"graphv", "-"};
        words.insert(words.end(), graph.begin(), graph.end());
        std::vector<char*> argv;
        for (std::string& word : words) argv.push_back(word.data());
        const double begin = cpu_ms();
        rrd_info_t* info = rrd_graph_v(static_cast<int>(argv.size()), argv.data());
        times.push_back(cpu_ms() - begin);
        if (info == nullptr) give_up(rrd_get_error());
        for (const rrd_info_t* entry = info; entry != nullptr; entry = entry->next) {
            if (std::string_view(entry->key) == "image") {
                measured.bytes = entry->value.u_blo.size;
            }
        }
        rrd_info_free(info);
    }
    measured.total_ms = median(times);
    return measured;
}

struct Stages {
    double parse_ms = 0;
    double fetch_ms = 0;
    double evaluate_ms = 0;
    double layout_ms = 0;
    double draw_ms = 0;
    double encode_ms = 0;
};

Measured measure_renderer(const Words& words, const SeriesSource& source,
                          const store::TimeZone& zone) {
    Renderer renderer;
    Measured measured;
    std::vector<double> times;
    for (int round = 0; round < kRounds; ++round) {
        const double begin = cpu_ms();
        const auto definition = checked(parse_graph(words, kSampleEnd, zone));
        const auto graph = checked(renderer.render(definition, source, kSampleEnd, zone));
        times.push_back(cpu_ms() - begin);
        measured.bytes = graph.bytes.size();
    }
    measured.total_ms = median(times);
    return measured;
}

Stages measure_stages(const Words& words, const SeriesSource& source, const store::TimeZone& zone) {
    Canvas canvas("DejaVu Sans Mono");
    IndexedPixels pixels;
    Deflater deflater;
    TimedSource timed(source);
    std::vector<double> parse;
    std::vector<double> fetching;
    std::vector<double> evaluating;
    std::vector<double> layouting;
    std::vector<double> drawing;
    std::vector<double> encoding;
    for (int round = 0; round < kRounds; ++round) {
        double last = cpu_ms();
        const auto lap = [&last](std::vector<double>& laps) {
            const double now = cpu_ms();
            laps.push_back(now - last);
            last = now;
        };
        const auto definition = checked(parse_graph(words, kSampleEnd, zone));
        lap(parse);
        const auto graph = checked(evaluate(definition, timed, kSampleEnd, zone));
        fetching.push_back(timed.take_ms());
        lap(evaluating);
        evaluating.back() -= fetching.back();
        const auto layout = checked(lay_out(definition.options, graph, zone, canvas));
        lap(layouting);
        IndexedRaster raster(layout.size, std::move(pixels));
        draw(layout.list, canvas, raster);
        pixels = std::move(raster).take();
        lap(drawing);
        const std::string bytes = encode_palette_png(pixels, deflater);
        lap(encoding);
    }
    return {median(parse),     median(fetching), median(evaluating),
            median(layouting), median(drawing),  median(encoding)};
}

void run() {
    const auto zone = checked(store::TimeZone::locate("Asia/Tokyo"));
    const std::vector<std::pair<std::string, Words>> graphs = {
        {"cpu", render::testing::cpu_graph()},
        {"traffic", render::testing::traffic_graph()},
        {"memory", render::testing::memory_graph()}};
    std::vector<Words> definitions;
    for (const auto& [name, words] : graphs) definitions.push_back(words);
    const std::set<std::string> names = series_of(definitions);

    const tests::TemporaryDirectory folder;
    const auto archive = checked(store::Store::open(folder.path() / "store", {}));
    fill_store(*archive, names);
    fill_files(folder.path().string(), names);
    const StoreSource source(*archive);

    fmt::print("{:<8} {:>5} {:>9} {:>9} {:>7} {:>8} {:>8} | {:>6} {:>6} {:>8} {:>6} {:>6} {:>6}\n",
               "graph", "width", "kurabe ms", "librrd ms", "ratio", "bytes", "librrd", "parse",
               "fetch", "evaluate", "layout", "draw", "encode");
    for (const int width_px : {420, 1100}) {
        for (const auto& [name, words] : graphs) {
            const Words sized = with_width(words, width_px);
            const Words ours = with_series(sized, "web01/base/", ".gauge");
            const Words theirs = with_series(sized, folder.path().string() + "/", ".rrd");
            const Measured kurabe = measure_renderer(ours, source, zone);
            const Measured librrd = measure_librrd(theirs);
            const Stages stages = measure_stages(ours, source, zone);
            fmt::print(
                "{:<8} {:>5} {:>9.3f} {:>9.3f} {:>6.1f}x {:>8} {:>8} | {:>6.3f} {:>6.3f} {:>8.3f} "
                "{:>6.3f} {:>6.3f} {:>6.3f}\n",
                name, width_px, kurabe.total_ms, librrd.total_ms, librrd.total_ms / kurabe.total_ms,
                kurabe.bytes, librrd.bytes, stages.parse_ms, stages.fetch_ms, stages.evaluate_ms,
                stages.layout_ms, stages.draw_ms, stages.encode_ms);
        }
    }
}

}  // namespace

int main() {
    try {
        run();
    } catch (const std::exception& error) {
        fmt::print(stderr, "graph: {}\n", error.what());
        return 1;
    }
    return 0;
}
