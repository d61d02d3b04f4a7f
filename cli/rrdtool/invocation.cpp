// argv -> Invocation.
#include "cli/rrdtool/invocation.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace kurabe::cli::rrdtool {
namespace {

// The links that rrdtool is installed with, besides its own name.
constexpr std::array<std::string_view, 3> kOwnNames{"rrdcreate", "rrdinfo", "rrdupdate"};
constexpr std::string_view kPrefix = "rrd";

std::string_view base_name(std::string_view path) noexcept {
    return path.substr(path.rfind('/') + 1);
}

}  // namespace

Invocation read_invocation(std::span<const char* const> argv) {
    Invocation invocation;
    if (argv.empty()) return invocation;
    const std::string_view name = base_name(argv.front());
    invocation.is_one_command = std::ranges::find(kOwnNames, name) != kOwnNames.end();
    if (name == "rrdtool" || invocation.is_one_command) {
        invocation.called_as = CalledAs::kRrdtool;
    }
    if (invocation.is_one_command) invocation.words.emplace_back(name.substr(kPrefix.size()));
    for (const char* const word : argv.subspan(1)) invocation.words.emplace_back(word);
    return invocation;
}

}  // namespace kurabe::cli::rrdtool
