// Flattens what the configuration tells plugins.
#include "server/metrics_config.hpp"

#include <string>
#include <utility>

namespace kurabe::server {
namespace {

using ConfigTexts = collectors::fetch::MetricsConfig::mapped_type;

void add_texts(const YamlNode& node, const std::string& path, ConfigTexts& texts) {
    if (node.is(YamlNode::Kind::kScalar)) texts[path] = node.text;
    for (const YamlEntry& entry : node.entries) {
        add_texts(entry.value, path.empty() ? entry.key : path + "." + entry.key, texts);
    }
}

}  // namespace

collectors::fetch::MetricsConfig read_metrics_config(const YamlNode* node) {
    collectors::fetch::MetricsConfig config;
    if (node == nullptr) return config;
    for (const YamlEntry& entry : node->entries) {
        ConfigTexts& texts = config[entry.key];
        if (entry.value.is(YamlNode::Kind::kMapping)) add_texts(entry.value, "", texts);
    }
    return config;
}

collectors::fetch::MetricsConfig merged(collectors::fetch::MetricsConfig below,
                                        collectors::fetch::MetricsConfig above) {
    above.merge(below);  // takes what it has no key for
    return above;
}

}  // namespace kurabe::server
