// Makes the files once per test and the definitions as asked.
#include "tests/differential/graph_fixture.hpp"

#include <fmt/format.h>

#include "tests/support/nightly.hpp"

namespace kurabe::tests {

void GraphDifferential::SetUp() {
    if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    const unsigned seed = std::random_device()();
    fmt::print("seed {}\n", seed);
    random_.seed(seed);
    const std::string begin = fmt::format("-b {}", kFirst);
    twin_.make_shared(
        "create a.rrd " + begin +
            " -s 60 DS:one:GAUGE:120:U:U DS:two:GAUGE:120:U:U RRA:AVERAGE:0.5:1:1000 "
            "RRA:AVERAGE:0.5:5:400 RRA:MAX:0.5:5:400 RRA:MIN:0.5:5:400 RRA:LAST:0.5:5:400 "
            "RRA:AVERAGE:0.5:60:100",
        "a.rrd");
    twin_.make_shared("create b.rrd " + begin + " -s 120 DS:x:GAUGE:240:U:U RRA:AVERAGE:0.5:1:800",
                      "b.rrd");
    twin_.make_shared("create h.rrd " + begin +
                          " -s 60 DS:h:GAUGE:120:U:U RRA:AVERAGE:0.5:1:2000 "
                          "RRA:HWPREDICT:1500:0.1:0.0035:20",
                      "h.rrd");
    const auto value = [this] {
        return below(12) == 0 ? std::string("U") : fmt::format("{}.{}", below(10'000), below(100));
    };
    std::string a = "update a.rrd";
    std::string b = "update b.rrd";
    std::string h = "update h.rrd";
    for (int i = 1; i <= kMinutes; ++i) {
        a += fmt::format(" {}:{}:{}", kFirst + 60 * i, value(), value());
        h += fmt::format(" {}:{}", kFirst + 60 * i, i % 20 * 50 + below(below(30) == 0 ? 999 : 20));
        if (i % 2 == 0) b += fmt::format(" {}:{}", kFirst + 60 * i, value());
    }
    twin_.make_shared(a, "a.rrd");
    twin_.make_shared(b, "b.rrd");
    twin_.make_shared(h, "h.rrd");
}

int GraphDifferential::below(int limit) {
    return std::uniform_int_distribution<int>(0, limit - 1)(random_);
}

const std::string& GraphDifferential::any(const std::vector<std::string>& words) {
    return words[static_cast<std::size_t>(below(static_cast<int>(words.size())))];
}

int GraphDifferential::rounds(int quick) {
    return is_nightly() ? 50 * quick : quick;
}

std::string GraphDifferential::random_range() {
    const std::int64_t end = kFirst + 60 * (kMinutes + 30) - below(60 * 600);
    const std::int64_t start = end - 7200 - below(60 * kMinutes);
    return fmt::format("-s {} -e {}", start, end);
}

// Those that begin or end within the range are not asked for: rrdtool exports what lies in memory
// beside their rows.
std::string GraphDifferential::random_data(std::string_view name, std::string_view file,
                                           const std::vector<std::string>& cfs) {
    std::string word = fmt::format(" DEF:{}={}:{}", name, file, any(cfs));
    if (below(4) == 0) word += ":step=" + any({"60", "120", "300", "900", "7", "3600"});
    if (below(4) == 0) {
        word += ":reduce=" + any({"AVERAGE", "MAX", "MIN", "LAST", "HWPREDICT", "FAILURES"});
    }
    if (below(5) == 0) {
        word += any({":start=end-", ":end=start+"}) + fmt::format("{}min", 1700 + below(900));
    }
    return word;
}

// "a" and "b" never have the same CF: rrdtool takes a DEF for an earlier one of the same file and
// CF when that one's rows came out as long as this one wants them, however they were made.
std::string GraphDifferential::random_variables() {
    std::string words =
        random_data("a", "a.rrd:" + any({"one", "two"}), {"AVERAGE", "MAX"}) +
        random_data("b", below(2) == 0 ? "b.rrd:x" : "a.rrd:one", {"MIN", "LAST"}) +
        random_data("c", "h.rrd:h",
                    {"AVERAGE", "HWPREDICT", "SEASONAL", "DEVSEASONAL", "DEVPREDICT", "FAILURES"});
    words += " CDEF:d=" + any({"a,b,+", "a,b,MAX", "a,5000,GT,a,UNKN,IF", "a,b,-,PREV,ADDNAN",
                               "c,TIME,+", "b,COUNT,*", "a,b,c,3,AVG", "c,a,POP"});
    words +=
        " VDEF:v=" + any({"a", "b", "c", "d"}) + "," +
        any({"MAXIMUM", "MINIMUM", "AVERAGE", "LAST", "FIRST", "TOTAL", "95,PERCENT", "STDEV"});
    return words + " VDEF:t=a,MAXIMUM";
}

std::string GraphDifferential::random_prints() {
    std::string words;
    for (int i = 0; i < 6; ++i) {
        const std::string format =
            any({"%lf", "%6.2lf%s", "%.3le", "<%5.1lf %S>", "%%%lg", "%-12.4lf|"});
        const bool is_statistic = below(3) == 0;
        const std::string variable =
            is_statistic ? "v"
                         : any({"a", "b", "c", "d"}) + ":" +
                               any({"AVERAGE", "MIN", "MAX", "LAST", "FAILURES", "SEASONAL"});
        words += fmt::format(" \"{}:{}:{}\"", any({"PRINT", "PRINT", "GPRINT"}), variable, format);
    }
    return words + " \"PRINT:t:%Y-%m-%d %H %M %S:strftime\"";
}

std::string GraphDifferential::random_columns(bool drawn) {
    std::string words;
    for (int i = 0; i <= below(4); ++i) {
        const std::string name = any({"a", "b", "c", "d"});
        const std::string kind = drawn ? any({"XPORT", "LINE1", "AREA", "LINE2"}) : "XPORT";
        const std::string color = kind == "XPORT" ? "" : any({"", "#f00", "#00ff0080"});
        const std::string legend = any({"", ":text", ":two words", ":100% of it", ":line\\l"});
        words += fmt::format(" \"{}:{}{}{}\"", kind, name, color, legend);
        if (below(4) == 0) words += " \"COMMENT:a comment\"";
        if (below(6) == 0) words += " TEXTALIGN:" + any({"left", "center", "right", "justified"});
    }
    return words;
}

}  // namespace kurabe::tests
