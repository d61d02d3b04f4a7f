// How a plugin fetches, as its file says: what is asked, how answers are read, what is made of
// them. Plain data, immutable once read. Rule: docs/plugins.md.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "collectors/fetch/answer_parser.hpp"
#include "collectors/fetch/arguments.hpp"
#include "collectors/fetch/reading.hpp"
#include "collectors/fetch/request.hpp"

namespace kurabe::collectors::fetch {

struct Step {
    RequestRule request = {};
    Credentials credentials = {};
    ParseRule parse = {};
    bool is_optional = false;  // a failure is a warning, and the others go on
};

struct Recipe {
    std::vector<ArgumentRule> arguments = {};
    std::vector<Step> steps = {};
    ReadingRules reading = {};
};

// Whether a host's address is a name or an address that may be connected to, and handed to a
// program.
[[nodiscard]] bool is_address(std::string_view text) noexcept;

// The requests of a plugin line in the order of the steps; `address` is that of the host, which the
// placeholder of this name stands for. kInvalid names what is wrong.
[[nodiscard]] Result<std::vector<Request>> fill_requests(const Recipe& recipe,
                                                         std::string_view address,
                                                         std::span<const std::string> arguments,
                                                         const MetricsConfig& config);

}  // namespace kurabe::collectors::fetch
