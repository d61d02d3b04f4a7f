// Each line becomes one of a Kurado plugin's, which are read by the rules for those.
#include "collectors/exec/value_lines.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include <fmt/format.h>

#include "collectors/agent/plugin_output.hpp"
#include "collectors/host_port.hpp"

namespace kurabe::collectors::exec {
namespace {

std::string_view take_word(std::string_view& line) {
    constexpr std::string_view kBlanks = " \t\r";
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
    line.remove_prefix(word.size());
    return word;
}

}  // namespace

Report read_value_lines(std::string_view output, std::string_view plugin, std::string_view host,
                        store::Time now) {
    std::string lines;
    while (!output.empty()) {
        std::string_view line = output.substr(0, output.find('\n'));
        output.remove_prefix(std::min(line.size() + 1, output.size()));
        std::array<std::string_view, 3> words;
        for (std::string_view& word : words) word = take_word(line);
        const auto& [name, value, epoch] = words;
        if (epoch.empty() || name.starts_with('#')) continue;
        if (consists_of(name, ".-_")) {
            fmt::format_to(std::back_inserter(lines), "metrics.{}.gauge\t{}\t{}\n", name, value,
                           epoch);
        } else {
            lines += "a name with other bytes than letters, digits and .-_\n";
        }
    }
    return agent::read_plugin_output(lines, plugin, host, now);
}

}  // namespace kurabe::collectors::exec
