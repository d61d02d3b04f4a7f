// A report's samples as numbers by key.
#pragma once

#include <map>
#include <string>

#include "collectors/report.hpp"

namespace kurabe::collectors::prometheus {

inline std::map<std::string, double> values(const Report& report) {
    std::map<std::string, double> found;
    for (const store::Sample& sample : report.batch.samples) {
        found[sample.key] = sample.value.kind == store::RawValue::Kind::kInteger
                                ? static_cast<double>(sample.value.integer)
                                : sample.value.number;
    }
    return found;
}

}  // namespace kurabe::collectors::prometheus
