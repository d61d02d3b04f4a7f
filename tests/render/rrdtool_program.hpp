// The installed rrdtool as the other side of a comparison.
#pragma once

#include <string>
#include <vector>

#include "render/graph_definition.hpp"

namespace kurabe::render::testing {

// What a program wrote and its exit status.
struct ProgramOutput {
    int status = -1;
    std::string text;
};

// Runs rrdtool with `arguments` in the zone `zone` and the C locale.
[[nodiscard]] ProgramOutput run_rrdtool(const std::vector<std::string>& arguments,
                                        const std::string& zone = "UTC");

// Writes a file with one GAUGE "n" and one row for each minute; values[i] ends at
// start + 60 * (i + 1); NaN = unknown.
void write_minutes(const std::string& file, Time start, const std::vector<double>& values);

}  // namespace kurabe::render::testing
