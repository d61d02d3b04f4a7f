// Series made of waves and noise without state, so that every run draws the same.
#include "tests/render/sample_graphs.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

namespace kurabe::render::testing {

namespace {

using Words = std::vector<std::string>;

// Noise of a moment, 0 <= n < 1, without state (splitmix64).
double noise_at(std::uint64_t series, std::int64_t minute) {
    std::uint64_t z = series * 0x9E3779B97F4A7C15U + static_cast<std::uint64_t>(minute);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return static_cast<double>((z ^ z >> 31) >> 11) * 0x1.0p-53;
}

// Mean value, swing of the day and noise of a series.
struct Shape {
    std::string_view name;
    double mean;
    double swing;
    double noise;
};
constexpr std::array kShapes = {
    Shape{"user", 36, 12, 8},        Shape{"nice", 0.2, 0, 1},
    Shape{"system", 9, 3, 3},        Shape{"idle", 42, -15, 0},
    Shape{"iowait", 1, 0, 4},        Shape{"irq", 0.1, 0, 0.4},
    Shape{"softirq", 0.4, 0, 1.2},   Shape{"steal", 0.5, 0, 1.5},
    Shape{"guest", 0, 0, 0},         Shape{"guest-nice", 0, 0, 0},
    Shape{"rx", 4e6, 3e6, 4e6},      Shape{"tx", 1.8e6, 1e6, 1.5e6},
    Shape{"used", 4.3e9, 1e9, 1e8},  Shape{"buffers", 5e8, 0, 0},
    Shape{"cached", 3.5e9, -5e8, 0}, Shape{"free", 8e9, -5e8, 0},
    Shape{"swap-used", 4e8, 2e8, 0}, Shape{"swap-total", 2.1e9, 0, 0},
    Shape{"total", 1.7e10, 0, 0},
};

std::string series(std::string_view name) {
    return fmt::format("DEF:{}={}:n:AVERAGE", name, name);
}

void append_numbers(Words& words, std::string_view variable, std::string_view format) {
    for (const auto& [cf, title, end] :
         {std::tuple("LAST", "Cur", ""), std::tuple("AVERAGE", "Ave", ""),
          std::tuple("MAX", "Max", "\\l")}) {
        words.push_back(fmt::format("GPRINT:{}:{}:{}\\:{}{}", variable, cf, title, format, end));
    }
}

}  // namespace

Result<store::FetchedSeries> InventedSource::fetch(const SeriesReference& reference,
                                                   const store::FetchRequest& request) const {
    if (reference.series == "missing") return fail(ErrorCode::kNotFound, "no series 'missing'");
    constexpr Seconds kMinute{60};
    constexpr double kMinutesOfDay = 1440;
    const auto minutes = [&](Time time) { return time.time_since_epoch() / kMinute; };
    store::FetchedSeries fetched{.start = Time{minutes(request.start) * kMinute},
                                 .end = Time{(minutes(request.end) + 1) * kMinute},
                                 .step = kMinute,
                                 .values = {}};
    Shape shape{reference.series, 50, 30, 10};
    for (const Shape& known : kShapes) {
        if (known.name == reference.series) shape = known;
    }
    const std::uint64_t seed =
        reference.series.size() * 256 + static_cast<unsigned char>(reference.series.front());
    const std::int64_t gap = minutes(kSampleEnd) - 700;
    for (std::int64_t i = minutes(fetched.start) + 1; i <= minutes(fetched.end); ++i) {
        const double day = std::sin(static_cast<double>(i) / kMinutesOfDay * 2 * std::numbers::pi);
        const bool unknown = i >= gap && i < gap + 60;
        fetched.values.push_back(unknown ? store::kUnknown
                                         : shape.mean + shape.swing * day +
                                               shape.noise * noise_at(seed, i));
    }
    return fetched;
}

Words page_options() {
    const auto seconds = [](Time time) { return std::to_string(time.time_since_epoch().count()); };
    Words words = {"-w",
                   "420",
                   "-h",
                   "100",
                   "-l",
                   "0",
                   "-u",
                   "2",
                   "-x",
                   "HOUR:2:HOUR:4:HOUR:4:0:%H:%M",
                   "-s",
                   seconds(kSampleEnd - kSampleSpan),
                   "-e",
                   seconds(kSampleEnd),
                   "--disable-rrdtool-tag",
                   "--border",
                   "1",
                   "--font-render-mode",
                   "light"};
    for (const char* color :
         {"BACK#F3F3F3", "CANVAS#FFFFFF", "GRID#8F8F8F", "MGRID#666666", "FONT#222222",
          "FRAME#222222", "AXIS#111111", "SHADEA#DDDDDD", "SHADEB#DDDDDD", "ARROW#F89407"}) {
        words.insert(words.end(), {"--color", color});
    }
    for (const char* font : {"TITLE:8:", "AXIS:8:", "LEGEND:8:"}) {
        words.insert(words.end(), {"--font", font});
    }
    return words;
}

Words cpu_graph() {
    constexpr std::array<std::array<std::string_view, 3>, 10> kParts = {
        {{"user", "a9a9a9", "User"},
         {"nice", "000080", "Nice"},
         {"system", "008080", "System"},
         {"idle", "800080", "Idle"},
         {"iowait", "f00000", "Wait"},
         {"irq", "F39034", "Intr"},
         {"softirq", "3D282A", "SoftIRQ"},
         {"steal", "EBF906", "Steal"},
         {"guest", "81F781", "Guest"},
         {"guest-nice", "8181F7", "GstNice"}}};
    Words words = page_options();
    words.insert(words.end(), {"-v", "CPU Usage[%]", "-t", "Day web01.example.com"});
    std::string total = "CDEF:total=user";
    for (const auto& [name, color, title] : kParts) {
        words.push_back(series(name));
        if (name != "user") total += fmt::format(",{},+", name);
    }
    words.push_back(total);
    for (const auto& [name, color, title] : kParts) {
        words.push_back(fmt::format("CDEF:{0}-r={0},total,/,100,*,0,100,LIMIT", name));
    }
    for (const auto& [name, color, title] : kParts) {
        words.push_back(fmt::format("AREA:{}-r#{}:{:<8}{}", name, color, title,
                                    name == "user" ? "" : ":STACK"));
        append_numbers(words, fmt::format("{}-r", name), "%5.1lf[%%]");
    }
    return words;
}

Words traffic_graph() {
    Words words = page_options();
    words.insert(words.end(), {"-v", "Throughput", "-t", "Day web01.example.com", series("rx"),
                               series("tx"), "CDEF:in=rx,0,5000000000,LIMIT,8,*",
                               "CDEF:out=tx,0,5000000000,LIMIT,8,*", "AREA:in#00C000:Inbound "});
    append_numbers(words, "in", "%6.2lf%sbps");
    words.push_back("LINE1:out#0000FF:Outbound");
    append_numbers(words, "out", "%6.2lf%sbps");
    return words;
}

Words memory_graph() {
    constexpr std::array<std::array<std::string_view, 4>, 7> kParts = {
        {{"AREA", "used", "ffdd67", "used       "},
         {"AREA", "buffers", "8a8ae6", "buffers    :STACK"},
         {"AREA", "cached", "6060e0", "cached     :STACK"},
         {"AREA", "free", "80e080", "avail real :STACK"},
         {"LINE2", "swap-used", "ff5f60", "used  swap "},
         {"LINE1", "swap-total", "800180", "total swap :dashes=2,4"},
         {"LINE2", "total", "08007f", "total real "}}};
    Words words = page_options();
    words.insert(words.end(), {"-v", "Memory Usage", "-t", "Day web01.example.com", "-b", "1024"});
    for (const auto& [kind, name, color, title] : kParts) words.push_back(series(name));
    for (const auto& [kind, name, color, title] : kParts) {
        words.push_back(fmt::format("{}:{}#{}:{}", kind, name, color, title));
        append_numbers(words, name, "%6.1lf%sByte");
    }
    return words;
}

}  // namespace kurabe::render::testing
