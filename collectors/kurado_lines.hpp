// A report as Kurado's agents write it: what our own server and Kurado's take, and people can read.
// Rule: our docs/collectors.md, "Lines"; Kurado's agent and its Kurado::Metrics.
#pragma once

#include <string>

#include "collectors/report.hpp"

namespace kurabe::collectors {

// One line "HOST \t PLUGIN.metrics.KEY \t VALUE \t EPOCH" per sample, then those of meta and of
// warnings. PLUGIN is percent-encoded, a value that is unknown is "U". read_lines() is the way
// back.
[[nodiscard]] std::string kurado_lines(const Report& report);

}  // namespace kurabe::collectors
