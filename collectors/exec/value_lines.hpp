// Lines "NAME VALUE EPOCH" of Mackerel's and Sensu's plugins, as a report.
// Rule: Mackerel's "Creating custom metrics" and Sensu's graphite_plaintext; every value is a
// gauge.
#pragma once

#include <string_view>

#include "collectors/report.hpp"

namespace kurabe::collectors::exec {

// Fields are separated by blanks or tabs; lines with fewer than three are no values and passed
// over, as mackerel-agent does. Names are letters, digits and ".-_", others become the warning
// "output".
[[nodiscard]] Report read_value_lines(std::string_view output, std::string_view plugin,
                                      std::string_view host, store::Time now);

}  // namespace kurabe::collectors::exec
