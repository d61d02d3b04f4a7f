// The pools of awkward words that hostile command lines are drawn from: numbers, times, operators
// and texts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>

namespace kurabe::tests {

using Random = std::mt19937_64;

inline std::size_t below(Random& random, std::size_t limit) {
    return random() % limit;
}

inline bool one_in(Random& random, std::size_t n) {
    return below(random, n) == 0;
}

template <typename Pool>
std::string any_of(Random& random, const Pool& pool) {
    return std::string(pool[below(random, std::size(pool))]);
}

inline constexpr std::array kNumbers{"0",
                                     "1",
                                     "-1",
                                     "2",
                                     "10",
                                     "100",
                                     "1000",
                                     "65536",
                                     "2147483647",
                                     "2147483648",
                                     "-2147483648",
                                     "4294967295",
                                     "4294967296",
                                     "9223372036854775807",
                                     "9223372036854775808",
                                     "-9223372036854775808",
                                     "18446744073709551615",
                                     "18446744073709551616",
                                     "1e308",
                                     "1e309",
                                     "-1e308",
                                     "1e-320",
                                     "0.1",
                                     "0.0000000001",
                                     "1e18",
                                     "nan",
                                     "inf",
                                     "-inf",
                                     "NaN",
                                     "U",
                                     "",
                                     "x",
                                     "0x10",
                                     "1e",
                                     "--",
                                     "+-1",
                                     "99999999999999999999999999999999999999999",
                                     ".",
                                     "1.2.3",
                                     "1d",
                                     "5m",
                                     "0s",
                                     "-5m"};

inline constexpr std::array kTimes{"now",
                                   "end-1h",
                                   "start+1h",
                                   "-1d",
                                   "-1y6m",
                                   "epoch",
                                   "0",
                                   "1",
                                   "-1",
                                   "999999999999999999999",
                                   "9223372036854775807",
                                   "now-9999999999999d",
                                   "now+99999999y",
                                   "-99999999999m",
                                   "end",
                                   "start",
                                   "noon",
                                   "midnight tomorrow",
                                   "teatime",
                                   "jan 1 0000",
                                   "dec 31 9999",
                                   "00:00 19700101",
                                   "monday",
                                   "31.12.2999",
                                   "12/31/99",
                                   "24:00",
                                   "99:99",
                                   "now-1h-1h-1h-1h-1h-1h-1h-1h-1h-1h-1h",
                                   "N",
                                   "",
                                   "@",
                                   "now@",
                                   "20380119",
                                   "jan",
                                   "jan 99 2026",
                                   "-",
                                   "+",
                                   "now--1d",
                                   "2026-01-01",
                                   "1e9",
                                   "\xff"};

inline constexpr std::array kOperators{
    "+",           "-",         "*",       "/",      "%",        "ADDNAN",  "MIN",
    "MAX",         "LIMIT",     "LT",      "LE",     "GT",       "GE",      "EQ",
    "NE",          "UN",        "ISINF",   "IF",     "SIN",      "COS",     "ATAN",
    "ATAN2",       "LOG",       "EXP",     "SQRT",   "FLOOR",    "CEIL",    "RAD2DEG",
    "DEG2RAD",     "ABS",       "SORT",    "REV",    "AVG",      "MEDIAN",  "STDEV",
    "SMIN",        "SMAX",      "PERCENT", "TREND",  "TRENDNAN", "PREDICT", "PREDICTSIGMA",
    "PREDICTPERC", "UNKN",      "INF",     "NEGINF", "PREV",     "PREV(a)", "PREV(q)",
    "COUNT",       "NOW",       "TIME",    "LTIME",  "NEWDAY",   "NEWWEEK", "NEWMONTH",
    "NEWYEAR",     "STEPWIDTH", "DUP",     "POP",    "EXC",      "DEPTH",   "COPY",
    "INDEX",       "ROLL",      "POW",     "ROUND",  "MINNAN",   "MAXNAN",  "END",
    "NUMBER",      "VARIABLE"};

inline constexpr std::array kTexts{"",
                                   "%s",
                                   "%n",
                                   "%s%s%s%s%s%s%s",
                                   "%999999999lf",
                                   "%.999999999lf",
                                   "%lf%lf",
                                   "%",
                                   "%%",
                                   "\\",
                                   "\\:",
                                   ":",
                                   "::::::",
                                   "\\n\\n\\n",
                                   "\\j",
                                   "\\q",
                                   "\t\t\t\t",
                                   "<b>",
                                   "&amp;",
                                   "\xff\xfe\x80",
                                   "\xe3\x81",
                                   "日本語のグラフ",
                                   "\xf0\x9f\x94\xa5",
                                   "a\nb",
                                   "\x01\x02\x7f",
                                   "$(id)",
                                   "`id`",
                                   "../../etc/passwd",
                                   "'",
                                   "\"",
                                   "; rm -rf /",
                                   "%6.2lf %S",
                                   "%8.0lf%s",
                                   "%Y-%m-%d",
                                   "%*d",
                                   "%1$s",
                                   "%hhn"};

inline std::string number(Random& random) {
    if (one_in(random, 4)) return std::to_string(static_cast<std::int64_t>(random()));
    return any_of(random, kNumbers);
}

inline std::string text(Random& random) {
    if (one_in(random, 40)) return std::string(1 + below(random, 20'000), 'x');
    std::string text;
    for (std::size_t parts = 1 + below(random, 3); parts > 0; --parts) {
        text += any_of(random, kTexts);
    }
    return text;
}

inline std::string rpn(Random& random) {
    std::string expression;
    const std::size_t words = one_in(random, 50) ? 3000 : 1 + below(random, 14);
    for (std::size_t i = 0; i < words; ++i) {
        if (i > 0) expression += ',';
        switch (below(random, 5)) {
            case 0:
                expression += number(random);
                break;
            case 1:
            case 2:
                expression += std::string(1, static_cast<char>('a' + below(random, 3)));
                break;
            default:
                expression += any_of(random, kOperators);
        }
    }
    return expression;
}

}  // namespace kurabe::tests
