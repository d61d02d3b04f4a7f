// Number formats of PRINT and GPRINT: understood once, then written by us; the user's text never
// reaches printf.
// Rule: rrdgraph_graph(1), PRINT; checked against rrdtool 1.7.2 in tests/differential/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::render {

inline constexpr int kPrintWidthMax = 500;

// before %[flag][width][.precision]l<conversion> between %s after
struct NumberFormat {
    std::string before = {};
    char flag = 0;  // one of "-+ 0#", or 0
    int width = 0;
    int precision = 6;
    char conversion = 'f';  // one of "eEfFgG"
    std::string between = {};
    char unit = 0;  // 's', 'S' or 0
    std::string after = {};
    // About pictures rrdtool prints as printf does, with "-nan" for an unknown value; in exports it
    // rounds as store/number_text.hpp says, and prints "nan".
    bool in_export = false;
};

// kInvalid with rrdtool's message; kLimit over kPrintWidthMax.
[[nodiscard]] Result<NumberFormat> parse_number_format(std::string_view text);

// The number alone, as printf would print it.
[[nodiscard]] std::string printed_number(const NumberFormat& format, store::Value value);

// The magnitude that the last "%s" or "%S" of a graph chose, for the next "%S".
struct Magnitude {
    double divisor;
    char symbol;
};

// The base's largest power that is not above |value|, and its symbol.
[[nodiscard]] Magnitude magnitude_of(store::Value value, int base);

[[nodiscard]] std::string format_number(const NumberFormat& format, store::Value value, int base,
                                        std::optional<Magnitude>& current);

}  // namespace kurabe::render
