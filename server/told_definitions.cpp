// Reads definitions out of a host's meta.
#include "server/told_definitions.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "collectors/plugin_text.hpp"

namespace kurabe::server {
namespace {

// Texts of one line: the reader's "definition:1: " says nothing more.
constexpr std::string_view kName = "definition";

// An empty text takes a definition back.
bool is_told(const MetaMap::value_type& meta) {
    return collectors::is_definition_meta(meta.first) && !meta.second.empty();
}

}  // namespace

bool ToldDefinitions::any(const MetaMap& meta) {
    return std::ranges::any_of(meta, is_told);
}

ToldPages ToldDefinitions::pages(const MetaMap& meta) {
    ToldPages pages;
    PageBudget budget{
        .groups = kToldGroupsMax, .graphs = kToldGraphsMax, .bytes = kToldPageBytesMax};
    std::size_t texts = 0;
    for (const auto& entry : meta) {
        if (!is_told(entry)) continue;
        if (++texts > kToldTextsMax) {
            pages.mistakes.emplace_back(
                entry.first, fmt::format("the host tells more than {} definitions", kToldTextsMax));
            break;
        }
        const Parsed definition = parsed(entry.second);
        if (!*definition) {
            pages.mistakes.emplace_back(entry.first, definition->error().message);
            continue;
        }
        std::ranges::move((*definition)->groups(meta, {}, &budget),
                          std::back_inserter(pages.groups));
        if (budget.is_exceeded) {
            pages.mistakes.emplace_back(
                entry.first, fmt::format("the host tells more than {} graphs, {} groups or {} bytes"
                                         " of their texts",
                                         kToldGraphsMax, kToldGroupsMax, kToldPageBytesMax));
            break;
        }
    }
    return pages;
}

Result<GraphTemplate> ToldDefinitions::graph(std::string_view key, const MetaMap& meta) {
    std::size_t texts = 0;
    for (const auto& entry : meta) {
        if (!is_told(entry)) continue;
        if (++texts > kToldTextsMax) break;
        const Parsed definition = parsed(entry.second);
        if (!*definition) continue;
        auto graph = (*definition)->graph(key, meta);
        if (graph) return graph;
    }
    return fail(ErrorCode::kNotFound, fmt::format("the host told of no graph '{}'", key));
}

// Two threads may parse the same text at once; then the first one's stays.
ToldDefinitions::Parsed ToldDefinitions::parsed(const std::string& text) {
    {
        const auto known = known_.lock_shared();
        if (const auto found = known->texts.find(text); found != known->texts.end()) {
            return found->second;
        }
    }
    auto made = std::make_shared<const Result<PluginDefinition>>(
        PluginDefinition::parse(text, kName, PluginAuthor::kHost));
    const auto known = known_.lock();
    if (known->texts.size() >= kTextsMax || known->bytes + text.size() > kTextBytesMax) {
        known->texts.clear();
        known->bytes = 0;
    }
    if (known->texts.emplace(text, made).second) known->bytes += text.size();
    return made;
}

}  // namespace kurabe::server
