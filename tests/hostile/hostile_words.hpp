// Random command lines of rrdtool's verbs made of what breaks parsers: huge and negative numbers,
// endless texts, formats, deep RPN, wrong counts of fields, and files that are none.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace kurabe::tests {

// A command line: words[0] is the verb. `archive` is a good .rrd with the sources a, b and c.
using HostileWords = std::vector<std::string>;
using HostileGenerator = HostileWords (*)(std::mt19937_64& random, const std::string& archive);

[[nodiscard]] HostileWords hostile_rpn(std::mt19937_64& random, const std::string& archive);
[[nodiscard]] HostileWords hostile_format(std::mt19937_64& random, const std::string& archive);
[[nodiscard]] HostileWords hostile_graph_options(std::mt19937_64& random,
                                                 const std::string& archive);
[[nodiscard]] HostileWords hostile_times(std::mt19937_64& random, const std::string& archive);
[[nodiscard]] HostileWords hostile_create(std::mt19937_64& random, const std::string& archive);
[[nodiscard]] HostileWords hostile_update(std::mt19937_64& random, const std::string& archive);
[[nodiscard]] HostileWords hostile_tune(std::mt19937_64& random, const std::string& archive);
[[nodiscard]] HostileWords hostile_file_name(std::mt19937_64& random, const std::string& archive);
[[nodiscard]] HostileWords hostile_counts(std::mt19937_64& random, const std::string& archive);

}  // namespace kurabe::tests
