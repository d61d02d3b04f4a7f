// Graphite's plaintext protocol: lines PATH VALUE EPOCH, as carbon takes them.
// Rule: Graphite's "Feeding In Your Data"; docs/operations.md, "Graphite".
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "store/result.hpp"
#include "store/types.hpp"

namespace kurabe::server::graphite {

inline constexpr std::size_t kLineBytesMax = 4096;
// Of paths with two parts alone.
inline constexpr std::string_view kPlugin = "graphite";

struct Sample {
    std::string host;
    std::string plugin;
    std::string key;    // ends in ".gauge"
    std::string value;  // as the store reads it: "U" is unknown
    store::SampleTime time;
};

// "web1.nginx.requests.ok 7 1700000000" is requests.ok.gauge of plugin nginx of host web1; the
// first of `prefixes` that a path begins with is passed over. `now` stands for an epoch of -1 or N.
// kInvalid says what is wrong.
[[nodiscard]] Result<Sample> parse_line(std::string_view line, store::SampleTime now,
                                        std::span<const std::string> prefixes = {});

// Whether the text can be the first parts of a path.
[[nodiscard]] bool is_prefix(std::string_view text) noexcept;

// Whether a line is the first of a request of HTTP.
[[nodiscard]] bool is_http(std::string_view line) noexcept;

}  // namespace kurabe::server::graphite
