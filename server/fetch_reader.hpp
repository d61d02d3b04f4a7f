// Reads `fetch:` of a plugin file into a recipe. Rule: docs/plugins.md.
#pragma once

#include <memory>
#include <vector>

#include "collectors/fetch/recipe.hpp"
#include "server/yaml.hpp"
#include "store/result.hpp"

namespace kurabe::server {

// Null when the plugin has no such section. Errors name file and line.
[[nodiscard]] Result<std::shared_ptr<const collectors::fetch::Recipe>> read_recipe(
    YamlMapping& plugin, const std::vector<collectors::fetch::ArgumentRule>& arguments);

// One item of `requests`: what is asked, and how the answer is read.
[[nodiscard]] Result<collectors::fetch::Step> read_step(
    const YamlNode& node, const std::vector<collectors::fetch::ArgumentRule>& arguments);

// `parse:`.
[[nodiscard]] Result<collectors::fetch::ParseRule> read_parse(const YamlNode& node);

// `metrics:`, `meta:` and `warnings:`.
[[nodiscard]] Result<collectors::fetch::ReadingRules> read_reading(YamlMapping& fetch);

// The texts of a text or of a list of texts; none when absent.
[[nodiscard]] Result<std::vector<std::string>> read_texts(YamlMapping& mapping,
                                                          std::string_view key);

}  // namespace kurabe::server
