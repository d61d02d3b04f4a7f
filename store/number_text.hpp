// Numbers as dumps and exports have them: eleven digits in rrdtool's own rounding.
//
// It is that of "%0.10e" but for ties, which go up, and for numbers so near to one that scaling to
// one digit before the point, in double arithmetic, makes them one. Rule: measured on dumps of
// rrdtool 1.7.2; its other commands print as printf(3) does. Compared with it in
// tests/differential/.
#pragma once

#include <string>

#include "store/types.hpp"

namespace kurabe::store {

// "1.5000000000e+00", "inf", "-inf", or "NaN" for an unknown value.
void append_number_text(std::string& text, Value value);

}  // namespace kurabe::store
