// YAML text as a plain tree in which every node knows its file, line and column. The one wrapper of
// yaml-cpp. Stricter than it: duplicate keys, unclosed quotes, control bytes and text that is not
// UTF-8 are errors, and size, depth and number of nodes (aliases counted in full) have limits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "server/text_place.hpp"
#include "store/result.hpp"

namespace kurabe::server {

inline constexpr std::size_t kYamlNodesMax = 500'000;
inline constexpr std::size_t kYamlDepthMax = 64;

struct YamlEntry;

struct YamlNode {
    enum class Kind : std::uint8_t { kNull, kScalar, kSequence, kMapping };

    Kind kind = Kind::kNull;
    TextPlace place;
    std::shared_ptr<const std::string> file;
    std::string text;                // of a scalar
    std::vector<YamlNode> items;     // of a sequence
    std::vector<YamlEntry> entries;  // of a mapping; order of the file, keys differ

    [[nodiscard]] bool is(Kind wanted) const noexcept { return kind == wanted; }
    // The value of a key; null when this is no mapping or has no such key.
    [[nodiscard]] const YamlNode* find(std::string_view key) const noexcept;
    // "FILE:LINE:COLUMN: message".
    [[nodiscard]] std::string message(std::string_view what) const;
    [[nodiscard]] std::unexpected<Error> error(std::string_view what) const;
};

struct YamlEntry {
    std::string key;
    YamlNode value;  // an empty value has the place of its key
};

// All documents of `text` but the empty ones. `file` is for messages only. Errors (kInvalid,
// kLimit) read "FILE:LINE:COLUMN: what is wrong".
[[nodiscard]] Result<std::vector<YamlNode>> parse_yaml(std::string_view text, std::string_view file,
                                                       std::size_t nodes_max = kYamlNodesMax);

// Reads a mapping key by key; errors name the key and say what would be right. An empty value
// counts as absent. Keeps a pointer to the node.
class YamlMapping {
  public:
    // `what` names the node in messages: "document 1", "'config'".
    [[nodiscard]] static Result<YamlMapping> of(const YamlNode& node, std::string_view what);

    [[nodiscard]] const YamlNode& node() const noexcept { return *node_; }
    // Null when absent.
    [[nodiscard]] const YamlNode* find(std::string_view key);
    [[nodiscard]] Result<std::optional<std::string>> text(std::string_view key);
    // `expected` completes the message: "missing 'roll'; " + expected.
    [[nodiscard]] Result<std::string> required_text(std::string_view key,
                                                    std::string_view expected);
    [[nodiscard]] Result<std::optional<int>> positive_integer(std::string_view key);
    // A number other than 0; 1 when absent.
    [[nodiscard]] Result<double> factor(std::string_view key);
    // Null when absent, an error when something else.
    [[nodiscard]] Result<const YamlNode*> mapping(std::string_view key);
    // The items, or none when absent.
    [[nodiscard]] Result<const std::vector<YamlNode>*> sequence(std::string_view key);
    // "FILE:LINE:COLUMN: unknown key 'x' in WHAT" for each key that nobody asked for.
    [[nodiscard]] std::vector<std::string> unknown_keys() const;
    // The first of them as an error, for formats of our own, where one is a spelling mistake.
    [[nodiscard]] Result<void> refuse_unknown_keys() const;

  private:
    YamlMapping(const YamlNode& node, std::string_view what) : node_(&node), what_(what) {}
    [[nodiscard]] std::unexpected<Error> wrong_kind(const YamlNode& value, std::string_view key,
                                                    std::string_view expected) const;

    const YamlNode* node_;
    std::string what_;
    std::set<std::string, std::less<>> asked_;
};

// The text of a scalar; `what` as for YamlMapping: "WHAT must be text, not a list".
[[nodiscard]] Result<std::string> yaml_text(const YamlNode& node, std::string_view what);
// "text", "a list", "a mapping", "nothing".
[[nodiscard]] std::string_view yaml_kind_name(YamlNode::Kind kind) noexcept;

}  // namespace kurabe::server
