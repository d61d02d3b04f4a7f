// Reads `fetch:` of a plugin file: its requests, and what is made of their fields.
#include "server/fetch_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "store/sample.hpp"

namespace kurabe::server {
namespace {

using collectors::TextTemplate;
using collectors::fetch::ArgumentRule;
using collectors::fetch::kReadingRulesMax;
using collectors::fetch::kRequestsMax;
using collectors::fetch::MetaRule;
using collectors::fetch::MetricRule;
using collectors::fetch::ReadingRules;
using collectors::fetch::Recipe;
using collectors::fetch::ValueRule;
using collectors::fetch::WarningRule;

// { of: FIELDS, per: FIELD, times: NUMBER, as: uptime, then: TEXT, else: TEXT }.
Result<ValueRule> read_long_value(const YamlNode& node, bool is_meta) {
    auto mapping = YamlMapping::of(node, "a value");
    if (!mapping) return std::unexpected(mapping.error());
    ValueRule rule;
    auto fields = read_texts(*mapping, "of");
    if (!fields) return std::unexpected(fields.error());
    rule.fields = *std::move(fields);
    if (rule.fields.empty()) return node.error("missing 'of' in a value; name its field");
    auto per = mapping->text("per");
    if (!per) return std::unexpected(per.error());
    rule.per = per->value_or("");
    const auto times = mapping->factor("times");
    if (!times) return std::unexpected(times.error());
    rule.times = *times;
    if (is_meta) {
        const auto as = mapping->text("as");
        if (!as) return std::unexpected(as.error());
        if (as->has_value() && **as != "uptime") {
            return mapping->find("as")->error(
                fmt::format("unknown 'as: {}'; it is 'uptime' or absent", **as));
        }
        rule.is_uptime = as->has_value();
        auto then = mapping->text("then");
        if (!then) return std::unexpected(then.error());
        rule.then = *std::move(then);
    }
    auto otherwise = mapping->text("else");
    if (!otherwise) return std::unexpected(otherwise.error());
    rule.otherwise = *std::move(otherwise);
    if (auto known = mapping->refuse_unknown_keys(); !known) return std::unexpected(known.error());
    return rule;
}

// FIELD, a list of fields of which the first that is there counts, or the long form.
Result<ValueRule> read_value(const YamlEntry& entry, bool is_meta) {
    const YamlNode& node = entry.value;
    if (node.is(YamlNode::Kind::kMapping)) return read_long_value(node, is_meta);
    ValueRule rule;
    if (node.is(YamlNode::Kind::kScalar)) {
        rule.fields = {node.text};
        return rule;
    }
    for (const YamlNode& item : node.items) {
        auto field = yaml_text(item, "a field's name");
        if (!field) return std::unexpected(field.error());
        rule.fields.push_back(*std::move(field));
    }
    if (rule.fields.empty()) return node.error(fmt::format("'{}' names no field", entry.key));
    return rule;
}

Result<void> check_count(const YamlNode& node) {
    if (node.entries.size() <= kReadingRulesMax) return {};
    return node.error(fmt::format("more than {} entries, the limit", kReadingRulesMax));
}

Result<void> read_metrics(YamlMapping& fetch, ReadingRules& rules) {
    const auto metrics = fetch.mapping("metrics");
    if (!metrics) return std::unexpected(metrics.error());
    if (*metrics == nullptr || (*metrics)->entries.empty()) {
        return fetch.node().error("missing 'metrics' in 'fetch'; name at least one");
    }
    if (auto checked = check_count(**metrics); !checked) return checked;
    for (const YamlEntry& entry : (*metrics)->entries) {
        const auto checked = store::check_key(entry.key);
        const auto type = store::ds_type_of_key(entry.key);
        if (!checked || !type) {
            return entry.value.error(fmt::format(
                "'{}' cannot name a metric; it ends in .gauge, .counter, .derive or .absolute",
                entry.key));
        }
        auto value = read_value(entry, false);
        if (!value) return std::unexpected(value.error());
        if (value->otherwise && !store::parse_raw_value(*value->otherwise, *type)) {
            return entry.value.error(
                fmt::format("'else: {}' is no number of the metric's type", *value->otherwise));
        }
        rules.metrics.push_back({entry.key, *std::move(value)});
    }
    return {};
}

Result<void> read_meta(YamlMapping& fetch, ReadingRules& rules) {
    const auto meta = fetch.mapping("meta");
    if (!meta) return std::unexpected(meta.error());
    if (*meta == nullptr) return {};
    if (auto checked = check_count(**meta); !checked) return checked;
    for (const YamlEntry& entry : (*meta)->entries) {
        if (entry.key.empty()) return entry.value.error("a meta without a name");
        auto value = read_value(entry, true);
        if (!value) return std::unexpected(value.error());
        rules.meta.push_back({entry.key, *std::move(value)});
    }
    return {};
}

// None when absent.
Result<std::optional<double>> read_bound(YamlMapping& mapping, std::string_view key) {
    const auto text = mapping.text(key);
    if (!text) return std::unexpected(text.error());
    if (!text->has_value()) return std::nullopt;
    double bound = 0;
    const char* const end = (*text)->data() + (*text)->size();
    const auto [stopped, error] = std::from_chars((*text)->data(), end, bound);
    if (error == std::errc{} && stopped == end && std::isfinite(bound)) return bound;
    return mapping.find(key)->error(fmt::format("'{}: {}' must be a number", key, **text));
}

// { of: FIELDS, is: TEXTS, say: TEXT }, or with 'unless', 'below' or 'above' for 'is'.
Result<WarningRule> read_warning(const YamlEntry& entry) {
    auto mapping = YamlMapping::of(entry.value, fmt::format("warning '{}'", entry.key));
    if (!mapping) return std::unexpected(mapping.error());
    WarningRule rule;
    rule.key = entry.key;
    auto fields = read_texts(*mapping, "of");
    if (!fields) return std::unexpected(fields.error());
    auto is = read_texts(*mapping, "is");
    if (!is) return std::unexpected(is.error());
    auto unless = read_texts(*mapping, "unless");
    if (!unless) return std::unexpected(unless.error());
    const auto below = read_bound(*mapping, "below");
    if (!below) return std::unexpected(below.error());
    const auto above = read_bound(*mapping, "above");
    if (!above) return std::unexpected(above.error());
    const int conditions = (is->empty() ? 0 : 1) + (unless->empty() ? 0 : 1) +
                           (below->has_value() ? 1 : 0) + (above->has_value() ? 1 : 0);
    if (fields->empty() || conditions != 1) {
        return entry.value.error(fmt::format(
            "warning '{}' needs 'of', and 'is', 'unless', 'below' or 'above'", entry.key));
    }
    const auto say = mapping->required_text("say", "give its text");
    if (!say) return std::unexpected(say.error());
    auto text = TextTemplate::parse(*say);
    if (!text) return mapping->find("say")->error(text.error().message);
    if (auto known = mapping->refuse_unknown_keys(); !known) return std::unexpected(known.error());
    rule.fields = *std::move(fields);
    rule.unless = !unless->empty();
    rule.below = *below;
    rule.above = *above;
    rule.texts = rule.unless ? *std::move(unless) : *std::move(is);
    rule.say = *std::move(text);
    return rule;
}

Result<void> read_warnings(YamlMapping& fetch, ReadingRules& rules) {
    const auto warnings = fetch.mapping("warnings");
    if (!warnings) return std::unexpected(warnings.error());
    if (*warnings == nullptr) return {};
    if (auto checked = check_count(**warnings); !checked) return checked;
    for (const YamlEntry& entry : (*warnings)->entries) {
        auto warning = read_warning(entry);
        if (!warning) return std::unexpected(warning.error());
        rules.warnings.push_back(*std::move(warning));
    }
    return {};
}

}  // namespace

Result<std::vector<std::string>> read_texts(YamlMapping& mapping, std::string_view key) {
    std::vector<std::string> texts;
    const YamlNode* const node = mapping.find(key);
    if (node == nullptr) return texts;
    if (node->is(YamlNode::Kind::kScalar)) return std::vector<std::string>{node->text};
    const auto items = mapping.sequence(key);
    if (!items) return std::unexpected(items.error());
    for (const YamlNode& item : **items) {
        auto text = yaml_text(item, fmt::format("an item of '{}'", key));
        if (!text) return std::unexpected(text.error());
        texts.push_back(*std::move(text));
    }
    return texts;
}

Result<ReadingRules> read_reading(YamlMapping& fetch) {
    ReadingRules rules;
    for (const auto read : {read_metrics, read_meta, read_warnings}) {
        if (auto done = read(fetch, rules); !done) return std::unexpected(done.error());
    }
    return rules;
}

Result<std::shared_ptr<const Recipe>> read_recipe(YamlMapping& plugin,
                                                  const std::vector<ArgumentRule>& arguments) {
    const auto node = plugin.mapping("fetch");
    if (!node) return std::unexpected(node.error());
    if (*node == nullptr) return nullptr;
    auto fetch = YamlMapping::of(**node, "'fetch'");
    auto recipe = std::make_shared<Recipe>();
    recipe->arguments = arguments;
    const auto requests = fetch->sequence("requests");
    if (!requests) return std::unexpected(requests.error());
    if ((*requests)->empty() || (*requests)->size() > kRequestsMax) {
        return (*node)->error(fmt::format("'fetch' must have 1 to {} 'requests'", kRequestsMax));
    }
    for (const YamlNode& request : **requests) {
        auto step = read_step(request, arguments);
        if (!step) return std::unexpected(step.error());
        recipe->steps.push_back(*std::move(step));
    }
    // What an exporter tells names itself.
    const bool scrapes =
        std::ranges::any_of(recipe->steps, [](const auto& step) { return step.parse.prometheus; });
    if (!scrapes) {
        auto reading = read_reading(*fetch);
        if (!reading) return std::unexpected(reading.error());
        recipe->reading = *std::move(reading);
    }
    if (auto known = fetch->refuse_unknown_keys(); !known) return std::unexpected(known.error());
    return recipe;
}

}  // namespace kurabe::server
