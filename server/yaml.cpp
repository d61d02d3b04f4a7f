// Builds our tree from yaml-cpp's events, so that limits hold while the text is being read.
#include "server/yaml.hpp"

#include <algorithm>
#include <sstream>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "store/ascii.hpp"
#include "store/utf8.hpp"

namespace kurabe::server {
namespace {

using store::is_control;

// Leaves yaml-cpp's parser, which has no other way out; caught in parse_yaml.
struct Refused {
    Error error;
};

bool is_forbidden_control(char byte) noexcept {
    return is_control(byte) && byte != '\n' && byte != '\t';
}

// Messages quote text from the file, which may have lines and any length.
std::string one_line(std::string_view message) {
    constexpr std::size_t kMessageBytesMax = 500;
    std::string line(store::utf8_prefix(message, kMessageBytesMax));
    std::replace_if(line.begin(), line.end(), is_control, ' ');
    return line;
}

TextPlace place_of(const YAML::Mark& mark) noexcept {
    return {.line = mark.line + 1, .column = mark.column + 1};
}

// A collection whose end is yet to come.
struct Open {
    YamlNode node;
    std::size_t nodes = 1;  // in it so far, itself included
    YAML::anchor_t anchor = 0;
    std::optional<std::string> key;  // of a mapping, when its value is yet to come
    TextPlace key_place;
    std::unordered_set<std::string> keys;
};

struct Anchored {
    YamlNode node;
    std::size_t nodes;
};

class TreeBuilder final : public YAML::EventHandler {
  public:
    TreeBuilder(std::shared_ptr<const std::string> file, std::size_t nodes_max)
        : file_(std::move(file)), nodes_max_(nodes_max) {}

    [[nodiscard]] std::vector<YamlNode> take() { return std::move(documents_); }
    // Of the last thing read, the beginning at first.
    [[nodiscard]] TextPlace place() const noexcept { return place_; }

    // yaml-cpp takes a stray ',' or ']' for the start of one empty document after another, without
    // end and without reading on.
    void OnDocumentStart(const YAML::Mark& mark) override {
        if (document_position_ == mark.pos) {
            refuse(make(YamlNode::Kind::kNull, mark), ErrorCode::kInvalid,
                   "not YAML: a document cannot begin like this");
        }
        document_position_ = mark.pos;
        anchors_.clear();
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        add_leaf(make(YamlNode::Kind::kNull, mark), anchor);
    }

    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  const std::string& value) override {
        YamlNode node = make(YamlNode::Kind::kScalar, mark);
        if (std::any_of(value.begin(), value.end(), is_forbidden_control)) {
            refuse(node, ErrorCode::kInvalid, "text holds a control byte");
        }
        node.text = value;
        add_leaf(std::move(node), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        YamlNode here = make(YamlNode::Kind::kNull, mark);
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) {
            refuse(here, ErrorCode::kInvalid, "an alias stands inside of what it names");
        }
        count(here, found->second.nodes);
        YamlNode copy = found->second.node;
        copy.place = here.place;
        add(std::move(copy), found->second.nodes);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(make(YamlNode::Kind::kSequence, mark), anchor);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(make(YamlNode::Kind::kMapping, mark), anchor);
    }
    void OnMapEnd() override { close(); }

  private:
    [[noreturn]] static void refuse(const YamlNode& at, ErrorCode code, std::string_view what) {
        throw Refused{Error{code, at.message(what)}};
    }

    [[nodiscard]] YamlNode make(YamlNode::Kind kind, const YAML::Mark& mark) {
        YamlNode node;
        node.kind = kind;
        node.place = place_of(mark);
        node.file = file_;
        place_ = node.place;
        return node;
    }

    void count(const YamlNode& at, std::size_t nodes) {
        nodes_ += nodes;
        if (nodes_ > nodes_max_) {
            refuse(
                at, ErrorCode::kLimit,
                fmt::format("more than {} nodes, the limit (aliases count in full)", nodes_max_));
        }
    }

    void open(YamlNode node, YAML::anchor_t anchor) {
        count(node, 1);
        if (open_.size() >= kYamlDepthMax) {
            refuse(node, ErrorCode::kLimit,
                   fmt::format("nested deeper than {}, the limit", kYamlDepthMax));
        }
        open_.emplace_back().node = std::move(node);
        open_.back().anchor = anchor;
    }

    void close() {
        Open closed = std::move(open_.back());
        open_.pop_back();
        remember(closed.anchor, closed.node, closed.nodes);
        add(std::move(closed.node), closed.nodes);
    }

    void add_leaf(YamlNode node, YAML::anchor_t anchor) {
        count(node, 1);
        remember(anchor, node, 1);
        add(std::move(node), 1);
    }

    void remember(YAML::anchor_t anchor, const YamlNode& node, std::size_t nodes) {
        if (anchor != 0) {
            count(node, nodes);  // the copy that is kept
            anchors_.insert_or_assign(anchor, Anchored{node, nodes});
        }
    }

    void add(YamlNode node, std::size_t nodes) {
        if (open_.empty()) {
            if (!node.is(YamlNode::Kind::kNull)) documents_.push_back(std::move(node));
            return;
        }
        Open& parent = open_.back();
        parent.nodes += nodes;
        if (parent.node.is(YamlNode::Kind::kSequence)) {
            parent.node.items.push_back(std::move(node));
        } else if (parent.key.has_value()) {
            if (node.is(YamlNode::Kind::kNull)) node.place = parent.key_place;
            parent.node.entries.push_back({*std::exchange(parent.key, {}), std::move(node)});
        } else {
            add_key(parent, node);
        }
    }

    static void add_key(Open& parent, YamlNode& key) {
        if (!key.is(YamlNode::Kind::kScalar)) {
            refuse(key, ErrorCode::kInvalid,
                   fmt::format("a key must be text, not {}", yaml_kind_name(key.kind)));
        }
        if (!parent.keys.insert(key.text).second) {
            refuse(key, ErrorCode::kInvalid,
                   fmt::format("duplicate key '{}'; give each key once", key.text));
        }
        parent.key_place = key.place;
        parent.key = std::move(key.text);
    }

    std::shared_ptr<const std::string> file_;
    std::size_t nodes_max_;
    std::vector<YamlNode> documents_;
    std::vector<Open> open_;
    std::unordered_map<YAML::anchor_t, Anchored> anchors_;
    std::size_t nodes_ = 0;
    int document_position_ = -1;  // where the last document began
    TextPlace place_{.line = 1, .column = 1};
};

// yaml-cpp guesses an encoding and mends what is wrong in it; we refuse it, with the place.
Result<void> check_bytes(std::string_view text, std::string_view file) {
    TextPlace place{.line = 1, .column = 1};
    while (!text.empty()) {
        const std::size_t length = store::utf8_length(text);
        if (length == 0) {
            return fail(ErrorCode::kInvalid, fmt::format("{}:{}: not UTF-8; save the file as UTF-8",
                                                         file, place.text()));
        }
        if (length == 1 && text[0] != '\r' && is_forbidden_control(text[0])) {
            return fail(ErrorCode::kInvalid,
                        fmt::format("{}:{}: a control byte (0x{:02x})", file, place.text(),
                                    static_cast<unsigned>(text[0])));
        }
        ++place.column;
        if (text[0] == '\n') place = {.line = place.line + 1, .column = 1};
        text.remove_prefix(length);
    }
    return {};
}

// The document end mark makes yaml-cpp notice a quote that is still open at the end of the text,
// which it otherwise takes for closed.
std::string with_end_mark(std::string_view text) {
    std::string marked(text);
    if (!marked.empty() && marked.back() != '\n') marked += '\n';
    marked += "...\n";
    return marked;
}

std::string parser_message(const YAML::Exception& exception, std::string_view file,
                           const TreeBuilder& builder) {
    if (exception.msg == YAML::ErrorMsg::DOC_IN_SCALAR ||
        exception.msg == YAML::ErrorMsg::EOF_IN_SCALAR) {
        return fmt::format("{}:{}: a quoted text that begins in this line or below is not closed",
                           file, builder.place().text());
    }
    const TextPlace place = exception.mark.is_null() ? builder.place() : place_of(exception.mark);
    std::string what = exception.msg;  // may quote the text it stumbled over
    std::replace_if(what.begin(), what.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    return fmt::format("{}:{}: not YAML: {}", file, place.text(), what);
}

}  // namespace

std::string_view yaml_kind_name(YamlNode::Kind kind) noexcept {
    switch (kind) {
        case YamlNode::Kind::kNull:
            return "nothing";
        case YamlNode::Kind::kScalar:
            return "text";
        case YamlNode::Kind::kSequence:
            return "a list";
        case YamlNode::Kind::kMapping:
            return "a mapping";
    }
    return "nothing";
}

const YamlNode* YamlNode::find(std::string_view key) const noexcept {
    for (const YamlEntry& entry : entries) {
        if (entry.key == key) return &entry.value;
    }
    return nullptr;
}

std::string YamlNode::message(std::string_view what) const {
    return fmt::format("{}:{}: {}", *file, place.text(), one_line(what));
}

std::unexpected<Error> YamlNode::error(std::string_view what) const {
    return fail(ErrorCode::kInvalid, message(what));
}

Result<std::vector<YamlNode>> parse_yaml(std::string_view text, std::string_view file,
                                         std::size_t nodes_max) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    if (auto checked = check_bytes(text, file); !checked) return std::unexpected(checked.error());
    TreeBuilder builder(std::make_shared<const std::string>(file), nodes_max);
    try {
        std::istringstream stream(with_end_mark(text));
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const Refused& refused) {
        return std::unexpected(refused.error);
    } catch (const YAML::Exception& exception) {
        return fail(ErrorCode::kInvalid, parser_message(exception, file, builder));
    }
    return builder.take();
}

Result<std::string> yaml_text(const YamlNode& node, std::string_view what) {
    if (node.is(YamlNode::Kind::kScalar)) return node.text;
    return node.error(fmt::format("{} must be text, not {}", what, yaml_kind_name(node.kind)));
}

}  // namespace kurabe::server
