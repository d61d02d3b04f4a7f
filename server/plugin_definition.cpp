// Fills a plugin's templates from a host's meta. Rule: docs/plugins.md.
#include "server/plugin_definition.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "server/plugin_parts.hpp"
#include "store/utf8.hpp"

namespace kurabe::server {
namespace {

using Values = TextTemplate::Values;

// Calls `use` with each item of a comma-joined list, blanks around it taken off.
template <typename Use>
void for_each_item(std::string_view list, Use use) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        std::string_view item = list.substr(0, end);
        list.remove_prefix(std::min(end + 1, list.size()));
        while (item.starts_with(' ')) item.remove_prefix(1);
        while (item.ends_with(' ')) item.remove_suffix(1);
        use(item);
    }
}

// The usable items of a list, each once.
std::vector<std::string> device_names(const MetaMap& meta, const std::string& list_key,
                                      std::size_t bytes_max) {
    std::vector<std::string> names;
    const auto list = meta.find(list_key);
    if (list == meta.end()) return names;
    for_each_item(list->second, [&names, bytes_max](std::string_view item) {
        if (names.size() >= kGroupItemsMax || !is_device_name(item)) return;
        if (item.size() > bytes_max) return;
        if (std::find(names.begin(), names.end(), item) == names.end()) names.emplace_back(item);
    });
    return names;
}

std::string value_of(const LetRule& rule, const Values& values, const MetaMap& meta) {
    const auto found = meta.find(rule.key.expand(values));
    if (found == meta.end()) return rule.otherwise.expand(values);
    if (rule.kind == LetRule::Kind::kMeta) return found->second;
    bool listed = false;
    const std::string& wanted = values.at(rule.item);
    for_each_item(found->second, [&](std::string_view item) { listed |= item == wanted; });
    return (listed ? rule.then : rule.otherwise).expand(values);
}

void add_lets(const std::vector<LetRule>& rules, const MetaMap& meta, std::size_t bytes_max,
              Values& values) {
    for (const LetRule& rule : rules) {
        std::string value = value_of(rule, values, meta);
        value.resize(store::utf8_prefix(value, bytes_max).size());
        values[rule.name] = std::move(value);
    }
}

// "up 3 days,  4:05" of a number of seconds; any other text stays as it is.
std::string uptime_text(const std::string& value) {
    constexpr double kSecondsMax = 1e12;
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool whole = error == std::errc{} && end == value.data() + value.size();
    if (!whole || !(number >= 0 && number <= kSecondsMax)) return value;
    const auto seconds = static_cast<std::int64_t>(number);
    return fmt::format("up {} days, {:2}:{:02}", seconds / 86400, seconds / 3600 % 24,
                       seconds / 60 % 60);
}

// "1.50 MB" of a number of bytes, as Kurado writes it; any other text stays as it is.
std::string bytes_text(const std::string& value) {
    constexpr std::array<std::string_view, 3> kUnits{"KB", "MB", "GB"};
    constexpr double kStep = 1024;
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool whole = error == std::errc{} && end == value.data() + value.size();
    if (!whole || !(number >= kStep)) return value;
    std::size_t unit = 0;
    for (number /= kStep; number >= kStep && unit + 1 < kUnits.size(); ++unit) number /= kStep;
    return fmt::format("{:.2f} {}", number, kUnits[unit]);
}

std::string shown_text(BadgeRule::Shown shown, const std::string& value) {
    switch (shown) {
        case BadgeRule::Shown::kUptime:
            return uptime_text(value);
        case BadgeRule::Shown::kBytes:
            return bytes_text(value);
        case BadgeRule::Shown::kText:
            break;
    }
    return value;
}

// `when: KEY`: there is a meta of that key, and it is not nothing.
bool holds(const std::string& when, const MetaMap& meta) {
    if (when.empty()) return true;
    const auto found = meta.find(when);
    return found != meta.end() && !found->second.empty() && found->second != "0";
}

// Fills the groups of one host's pages.
class GroupFiller {
  public:
    GroupFiller(const MetaMap& meta, std::size_t value_bytes_max, PageBudget& budget)
        : meta_(meta), value_bytes_max_(value_bytes_max), budget_(budget) {}

    void add(const GroupRule& rule, const Values& arguments) {
        if (!holds(rule.when, meta_)) return;
        if (!rule.each) return fill(rule, arguments);
        const std::vector<std::string> names =
            device_names(meta_, rule.each->list_key, value_bytes_max_);
        for (const std::string& name : names) {
            if (budget_.is_exceeded) return;
            Values values = arguments;
            values[rule.each->name] = name;
            fill(rule, std::move(values));
        }
        if (names.empty() && rule.empty && begin(rule.empty->label)) {
            add_badge({"warn", rule.empty->warning});
        }
    }
    [[nodiscard]] std::vector<GraphGroup> take() { return std::move(groups_); }

  private:
    void fill(const GroupRule& rule, Values values) {
        add_lets(rule.lets, meta_, value_bytes_max_, values);
        if (!begin(rule.label.expand(values))) return;
        for (const BadgeRule& badge : rule.badges) {
            const auto value = meta_.find(badge.key);
            if (value == meta_.end()) continue;
            if (!add_badge({badge.name, shown_text(badge.shown, value->second)})) return;
        }
        for (const GroupGraphRule& graph : rule.graphs) {
            if (!holds(graph.when, meta_)) continue;
            std::string key = graph.key.expand(values);
            if (!budget_.take(&PageBudget::graphs) || !fits(key.size())) return;
            groups_.back().graphs.push_back(std::move(key));
        }
    }
    [[nodiscard]] bool begin(std::string label) {
        if (!budget_.take(&PageBudget::groups) || !fits(label.size())) return false;
        groups_.push_back({std::move(label), {}, {}});
        return true;
    }
    bool add_badge(Badge badge) {
        if (!fits(badge.key.size() + badge.value.size())) return false;
        groups_.back().badges.push_back(std::move(badge));
        return true;
    }
    [[nodiscard]] bool fits(std::size_t bytes) { return budget_.take(&PageBudget::bytes, bytes); }

    const MetaMap& meta_;
    std::size_t value_bytes_max_;
    PageBudget& budget_;
    std::vector<GraphGroup> groups_;
};

// A value within an rrdtool argument must neither end the field nor be taken for an escape.
std::string escape_in_argument(std::string_view value) {
    std::string escaped;
    for (const char c : value) {
        if (c == ':') {
            escaped += "\\:";
        } else if (c == '\\' || static_cast<unsigned char>(c) < 0x20) {
            escaped += ' ';
        } else {
            escaped += c;
        }
    }
    return escaped;
}

// A format takes a single '%' for the start of a conversion.
std::string escape_in_format(std::string_view value) {
    std::string escaped;
    for (const char c : escape_in_argument(value)) {
        if (c == '%') escaped += '%';
        escaped += c;
    }
    return escaped;
}

}  // namespace

bool is_device_name(std::string_view item) noexcept {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '.' || c == '-';
    };
    return !item.empty() && std::all_of(item.begin(), item.end(), fits);
}

std::optional<PluginDefinition::Parts::Match> PluginDefinition::Parts::match(
    std::string_view key) const {
    std::optional<Match> best;
    for (const GraphRule& rule : graphs) {
        if (rule.key.is_literal()) {
            if (rule.key.suffix() == key) return Match{&rule, {}};
            continue;
        }
        const std::string_view prefix = rule.key.prefix();
        const std::string_view suffix = rule.key.suffix();
        if (key.size() <= prefix.size() + suffix.size()) continue;
        const std::string_view item =
            key.substr(prefix.size(), key.size() - prefix.size() - suffix.size());
        if (!key.starts_with(prefix) || !key.ends_with(suffix) || !is_device_name(item)) continue;
        if (best && best->rule->key.prefix().size() >= prefix.size()) continue;
        best = Match{&rule, {{rule.key.names().front(), std::string(item)}}};
    }
    return best;
}

PluginDefinition::PluginDefinition(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PluginDefinition::PluginDefinition(PluginDefinition&&) noexcept = default;
PluginDefinition& PluginDefinition::operator=(PluginDefinition&&) noexcept = default;
PluginDefinition::~PluginDefinition() = default;

Result<PluginDefinition> PluginDefinition::parse(std::string_view yaml, std::string_view name,
                                                 PluginAuthor author) {
    auto parts = read_plugin(yaml, name, author);
    if (!parts) return std::unexpected(std::move(parts).error());
    return PluginDefinition(*std::move(parts));
}

const std::string& PluginDefinition::plugin() const noexcept {
    return parts_->plugin;
}

bool PluginDefinition::has_graphs() const noexcept {
    return !parts_->graphs.empty();
}

const std::vector<collectors::fetch::ArgumentRule>& PluginDefinition::arguments() const noexcept {
    return parts_->arguments;
}

const std::shared_ptr<const collectors::fetch::Recipe>& PluginDefinition::recipe() const noexcept {
    return parts_->recipe;
}

const std::shared_ptr<const collectors::snmp::OidPlugin>& PluginDefinition::oids() const noexcept {
    return parts_->oids;
}

std::vector<GraphGroup> PluginDefinition::groups(const MetaMap& meta,
                                                 const collectors::fetch::ArgumentValues& arguments,
                                                 PageBudget* budget) const {
    constexpr std::size_t kNoLimit = std::string::npos;
    PageBudget unlimited{.groups = kNoLimit, .graphs = kNoLimit, .bytes = kNoLimit};
    GroupFiller filler(meta, parts_->value_bytes_max, budget == nullptr ? unlimited : *budget);
    for (const GroupRule& rule : parts_->groups) filler.add(rule, arguments);
    return filler.take();
}

Result<GraphTemplate> PluginDefinition::graph(std::string_view key, const MetaMap& meta) const {
    auto found = parts_->match(key);
    if (!found) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("plugin '{}' has no graph '{}'", parts_->plugin, key));
    }
    const GraphRule& rule = *found->rule;
    add_lets(rule.lets, meta, parts_->value_bytes_max, found->values);
    GraphTemplate graph{rule.label.expand(found->values), {}, rule.scale};
    for (const TextTemplate& line : rule.lines) {
        const bool is_format =
            line.prefix().starts_with("GPRINT:") || line.prefix().starts_with("PRINT:");
        graph.arguments.push_back(
            line.expand(found->values, is_format ? escape_in_format : escape_in_argument));
    }
    return graph;
}

}  // namespace kurabe::server
