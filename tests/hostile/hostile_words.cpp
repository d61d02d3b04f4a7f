// The generators.
#include "tests/hostile/hostile_words.hpp"

#include <array>

#include "tests/hostile/hostile_pools.hpp"

namespace kurabe::tests {
namespace {

HostileWords graph_words(Random& random) {
    const bool draws = one_in(random, 2);
    return draws ? HostileWords{"graph", "/dev/null", "-w", "200"} : HostileWords{"xport"};
}

void add(HostileWords& words, std::initializer_list<std::string> more) {
    words.insert(words.end(), more);
}

void add_sources(HostileWords& words, const std::string& archive) {
    add(words, {"-s", "1299995000", "-e", "1299999000"});
    for (const char* name : {"a", "b", "c"}) {
        words.push_back(std::string("DEF:") + name + "=" + archive + ":" + name + ":AVERAGE");
    }
}

// "a:b:c" with a field too few, too many or changed.
std::string fields(Random& random, std::initializer_list<std::string> good) {
    std::vector<std::string> parts(good);
    switch (below(random, 6)) {
        case 0:
            parts.pop_back();
            break;
        case 1:
            parts.push_back(number(random));
            break;
        case 2:
            parts[below(random, parts.size())] = text(random);
            break;
        case 3:
            break;
        default:
            parts[below(random, parts.size())] = number(random);
    }
    std::string joined;
    for (const std::string& part : parts) joined += (joined.empty() ? "" : ":") + part;
    return joined;
}

std::string source_spec(Random& random) {
    static constexpr std::array kTypes{"GAUGE",   "COUNTER", "DERIVE", "ABSOLUTE", "DCOUNTER",
                                       "DDERIVE", "COMPUTE", "gauge",  ""};
    if (one_in(random, 5))
        return "DS:z" + std::to_string(below(random, 9)) + ":COMPUTE:" + rpn(random);
    std::string name = "z" + std::to_string(below(random, 9));
    if (one_in(random, 4)) name += "=a[" + number(random) + "]";
    return fields(random, {"DS", name, any_of(random, kTypes), "600", "U", "U"});
}

std::string rra_spec(Random& random) {
    switch (below(random, 8)) {
        case 0:
            return fields(random, {"RRA", "HWPREDICT", "100", "0.1", "0.0035", "20"});
        case 1:
            return fields(random, {"RRA", "MHWPREDICT", "100", "0.1", "0.0035", "20", "2"});
        case 2:
            return fields(random, {"RRA", "SEASONAL", "20", "0.1", "1"});
        case 3:
            return fields(random, {"RRA", "DEVSEASONAL", "20", "0.1", "1", "smoothing-window=0.1"});
        case 4:
            return fields(random, {"RRA", "FAILURES", "20", "5", "9", "3"});
        default:
            return fields(random, {"RRA", one_in(random, 2) ? "AVERAGE" : "MAX", "0.5",
                                   std::to_string(1 + below(random, 5)),
                                   std::to_string(1 + below(random, 50))});
    }
}

}  // namespace

HostileWords hostile_rpn(Random& random, const std::string& archive) {
    HostileWords words = graph_words(random);
    add_sources(words, archive);
    words.push_back("CDEF:q=" + rpn(random));
    if (one_in(random, 3)) words.push_back("VDEF:v=q," + number(random) + ",PERCENT");
    if (one_in(random, 3)) words.push_back("SHIFT:q:" + number(random));
    words.push_back(words.front() == "xport" ? "XPORT:q:x" : "LINE1:q#ff0000:x");
    return words;
}

HostileWords hostile_format(Random& random, const std::string& archive) {
    HostileWords words = graph_words(random);
    add_sources(words, archive);
    words.push_back("VDEF:v=a,AVERAGE");
    static constexpr std::array kPrints{
        "PRINT:v:", "GPRINT:v:", "PRINT:a:AVERAGE:", "COMMENT:", "TEXTALIGN:"};
    static constexpr std::array kKinds{":strftime", ":valstrftime", ":valstrfduration"};
    if (one_in(random, 3)) words.push_back("-P");
    for (std::size_t count = 1 + below(random, 3); count > 0; --count) {
        std::string element = any_of(random, kPrints) + text(random);
        if (one_in(random, 3)) element += any_of(random, kKinds);
        words.push_back(element);
    }
    words.push_back("LINE1:a#f00:" + text(random));
    return words;
}

HostileWords hostile_graph_options(Random& random, const std::string& archive) {
    static constexpr std::array kWithNumber{"-w", "-h",        "-l",    "-u", "-X",
                                            "-L", "-m",        "-S",    "-b", "--border",
                                            "-T", "--maxrows", "--step"};
    static constexpr std::array kWithText{"-t",
                                          "-v",
                                          "-W",
                                          "-c",
                                          "-n",
                                          "-x",
                                          "-y",
                                          "-f",
                                          "-a",
                                          "--week-fmt",
                                          "--tz",
                                          "--right-axis",
                                          "--right-axis-format",
                                          "--left-axis-format",
                                          "--grid-dash",
                                          "-R",
                                          "-G"};
    static constexpr std::array kFlags{"-r", "-A", "-J", "-M", "-N", "-o", "-Y", "-g",
                                       "-F", "-E", "-P", "-z", "-j", "-D", "-I", "-Z"};
    static constexpr std::array kSpecs{"SECOND:0:MINUTE:1:HOUR:1:0:%X",
                                       "SECOND:-1:MINUTE:1:HOUR:1:0:x",
                                       "SECOND:1:SECOND:1:SECOND:1:0:%S",
                                       "1e-300:1",
                                       "1:999999999",
                                       "BACK#12345",
                                       "BACK#zzzzzz",
                                       "FOO#fff",
                                       "DEFAULT:1e9:x",
                                       "TITLE:-5:",
                                       "0:0",
                                       "1:0",
                                       "%s%lu%lu",
                                       "%lf",
                                       "%99999999999H",
                                       "%_^#-0EOs",
                                       "../../etc/passwd",
                                       "<span size='999999999'>x</span>",
                                       "<b><i>x</b></i>",
                                       "none"};
    HostileWords words = graph_words(random);
    if (one_in(random, 2)) add(words, {"-o", "-l", number(random), "-u", number(random)});
    for (std::size_t count = 1 + below(random, 4); count > 0; --count) {
        switch (below(random, 4)) {
            case 0:
                add(words, {any_of(random, kWithText), text(random)});
                break;
            case 1:
                add(words, {any_of(random, kWithText), any_of(random, kSpecs)});
                break;
            case 2:
                words.push_back(any_of(random, kFlags));
                break;
            default:
                add(words, {any_of(random, kWithNumber), number(random)});
        }
    }
    add_sources(words, archive);
    words.push_back(fields(random, {"LINE1", "a#ff0000", "legend", "STACK"}));
    words.push_back(fields(random, {"AREA", "b#00ff00#0000ff", "legend", "gradheight=50"}));
    if (one_in(random, 3)) words.push_back(fields(random, {"TICK", "a#ff0000", "0.5", "t"}));
    if (one_in(random, 3))
        words.push_back(fields(random, {"HRULE", "5#ff0000", "h", "dashes=1,2"}));
    return words;
}

HostileWords hostile_times(Random& random, const std::string& archive) {
    const auto time = [&] { return any_of(random, kTimes); };
    switch (below(random, 4)) {
        case 0:
            return {"fetch", archive, "AVERAGE", "-s", time(), "-e", time(), "-r", number(random)};
        case 1:
            return {"fetch", archive, any_of(random, kTexts), "-a", "-s", time()};
        case 2:
            return {"xport",
                    "-s",
                    time(),
                    "-e",
                    time(),
                    "-m",
                    number(random),
                    fields(random, {"DEF", "a=" + archive, "a", "AVERAGE", "step=" + number(random),
                                    "start=" + time()}),
                    "XPORT:a"};
        default:
            return {"graph",
                    "/dev/null",
                    "-s",
                    time(),
                    "-e",
                    time(),
                    "-x",
                    "SECOND:" + number(random) + ":SECOND:1:SECOND:1:0:%S",
                    "DEF:a=" + archive + ":a:AVERAGE",
                    "LINE1:a#f00"};
    }
}

HostileWords hostile_create(Random& random, const std::string& archive) {
    HostileWords words{"create", archive + ".new"};
    if (one_in(random, 2)) add(words, {"-b", any_of(random, kTimes)});
    if (one_in(random, 2)) add(words, {"-s", number(random)});
    if (one_in(random, 4)) add(words, {one_in(random, 2) ? "-t" : "-r", archive});
    for (std::size_t count = below(random, 4); count > 0; --count) {
        words.push_back(source_spec(random));
    }
    for (std::size_t count = below(random, 4); count > 0; --count)
        words.push_back(rra_spec(random));
    return words;
}

HostileWords hostile_update(Random& random, const std::string& archive) {
    HostileWords words{one_in(random, 2) ? "update" : "updatev", archive};
    if (one_in(random, 3)) add(words, {"-t", fields(random, {"a", "b", "c"})});
    if (one_in(random, 3)) words.push_back("-s");
    words.push_back("--");
    for (std::size_t count = 1 + below(random, 4); count > 0; --count) {
        const std::string time =
            one_in(random, 2) ? any_of(random, kTimes) + "@" : number(random) + ":";
        words.push_back(time + fields(random, {"1", "2", "3"}));
    }
    return words;
}

HostileWords hostile_tune(Random& random, const std::string& archive) {
    static constexpr std::array kOptions{"-h", "-i", "-a", "-d", "-r", "-p", "-n", "-w", "-f",
                                         "-x", "-y", "-z", "-v", "-s", "-S", "-b", "-t"};
    static constexpr std::array kRowChanges{":+", ":-", ":=", ":", "+"};
    if (one_in(random, 5)) {
        return {"resize", archive, number(random), one_in(random, 2) ? "GROW" : "SHRINK",
                number(random)};
    }
    HostileWords words{"tune", archive};
    for (std::size_t count = 1 + below(random, 3); count > 0; --count) {
        switch (below(random, 6)) {
            case 0:
                words.push_back("RRA#" + number(random) + any_of(random, kRowChanges) +
                                number(random));
                break;
            case 1:
                words.push_back(one_in(random, 2) ? source_spec(random) : rra_spec(random));
                break;
            case 2:
                words.push_back((one_in(random, 2) ? "DEL:" : "DELRRA:") + number(random));
                break;
            default:
                add(words, {any_of(random, kOptions), fields(random, {"a", "100"})});
        }
    }
    return words;
}

HostileWords hostile_file_name(Random& random, const std::string& archive) {
    static constexpr std::array kVerbs{"info", "dump",   "last",    "lastupdate", "first",
                                       "list", "update", "restore", "tune",       "fetch"};
    static constexpr std::array kFiles{"",
                                       "/",
                                       ".",
                                       "..",
                                       "/dev/null",
                                       "/dev/zero",
                                       "/proc/self/mem",
                                       "/proc/self/maps",
                                       "/dev/full",
                                       "/no/such/file",
                                       "pipe",
                                       "loop",
                                       "sparse",
                                       "\xff",
                                       "a\nb",
                                       "%s%s%n",
                                       "-",
                                       "--"};
    HostileWords words{any_of(random, kVerbs)};
    words.push_back(one_in(random, 8) ? std::string(5000, 'x') : any_of(random, kFiles));
    if (words.front() == "update") words.push_back("N:1");
    if (words.front() == "fetch") words.push_back("AVERAGE");
    if (words.front() == "restore") words.push_back(archive + ".new");
    return words;
}

HostileWords hostile_counts(Random& random, const std::string& archive) {
    HostileWords words = graph_words(random);
    add_sources(words, archive);
    const std::size_t count = 10 + below(random, one_in(random, 10) ? 20'000 : 300);
    const std::size_t kind = below(random, 5);
    std::string last = "a";
    for (std::size_t i = 0; i < count; ++i) {
        const std::string name = "v" + std::to_string(i);
        switch (kind) {
            case 0:
                words.push_back("DEF:" + name + "=" + archive + ":a:AVERAGE");
                break;
            case 1:
                words.push_back("CDEF:" + name + "=" + last + ",1,+");
                last = name;
                break;
            case 2:
                words.push_back("LINE1:a#f00:legend " + name + ":STACK");
                break;
            case 3:
                words.push_back("GPRINT:a:AVERAGE:%5.1lf " + name);
                break;
            default:
                words.push_back("XPORT:a:" + name);
        }
    }
    return words;
}

}  // namespace kurabe::tests
