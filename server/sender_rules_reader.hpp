// Reads `senders:` of the configuration. Rule: docs/operations.md.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "server/sender_rules.hpp"
#include "server/yaml.hpp"
#include "store/result.hpp"

namespace kurabe::server {

inline constexpr std::size_t kSenderRulesMax = 10'000;

// Unknown keys are added to `warnings`; errors read "FILE:LINE:COLUMN: ...".
[[nodiscard]] Result<SenderRules> read_sender_rules(const std::vector<YamlNode>& items,
                                                    std::vector<std::string>& warnings);

}  // namespace kurabe::server
