// A text is read piece by piece: a tag or a character.
#include "render/markup.hpp"

#include <algorithm>

namespace kurabe::render {

namespace {

inline constexpr std::string_view kEllipsis = "\u2026";
inline constexpr std::size_t kEntityBytesMax = 12;

struct Piece {
    std::string_view text;
    bool is_tag = false;
};

std::size_t character_bytes(std::string_view text) {
    std::size_t size = 1;
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
    return size;
}

// Cuts the first piece off a text that is not empty.
Piece take_piece(std::string_view& text, TextKind kind) {
    Piece piece{.text = text.substr(0, character_bytes(text))};
    if (kind == TextKind::kMarkup && text.front() == '<') {
        const std::size_t end = text.find('>');
        if (end != std::string_view::npos) piece = {text.substr(0, end + 1), true};
    }
    if (kind == TextKind::kMarkup && text.front() == '&') {
        const std::size_t end = text.find(';');
        if (end < kEntityBytesMax) piece.text = text.substr(0, end + 1);
    }
    text.remove_prefix(piece.text.size());
    return piece;
}

// The opening tags that are not closed yet, outermost first.
class OpenElements {
  public:
    void see(std::string_view tag) {
        if (tag.starts_with("</")) {
            if (!tags_.empty()) tags_.pop_back();
        } else if (!tag.ends_with("/>")) {
            tags_.push_back(tag);
        }
    }

    [[nodiscard]] std::string beginning() const {
        std::string all;
        for (const std::string_view tag : tags_) all += tag;
        return all;
    }

    [[nodiscard]] std::string end() const {
        std::string all;
        for (auto tag = tags_.rbegin(); tag != tags_.rend(); ++tag) {
            const std::string_view name = tag->substr(1, tag->find_first_of(" \t\n>", 1) - 1);
            all.append("</").append(name).append(">");
        }
        return all;
    }

  private:
    std::vector<std::string_view> tags_;
};

}  // namespace

std::vector<std::string> parts_of_text(std::string_view text, TextKind kind, char separator) {
    OpenElements open;
    std::vector<std::string> parts(1);
    while (!text.empty()) {
        const Piece piece = take_piece(text, kind);
        if (piece.is_tag) open.see(piece.text);
        if (!piece.is_tag && piece.text.front() == separator) {
            parts.back() += open.end();
            parts.push_back(open.beginning());
            parts.back() += piece.text.substr(1);
        } else {
            parts.back() += piece.text;
        }
    }
    return parts;
}

std::size_t characters_of_text(std::string_view text, TextKind kind) {
    std::size_t count = 0;
    while (!text.empty()) {
        if (!take_piece(text, kind).is_tag) ++count;
    }
    return count;
}

std::string shortened_text(std::string_view text, TextKind kind, std::size_t characters) {
    std::string out;
    bool has_ellipsis = false;
    const auto end_if_enough = [&] {
        if (characters == 0 && !has_ellipsis) {
            out += kEllipsis;
            has_ellipsis = true;
        }
    };
    while (!text.empty()) {
        const Piece piece = take_piece(text, kind);
        if (piece.is_tag) {
            out += piece.text;
            continue;
        }
        end_if_enough();
        if (characters > 0) {
            out += piece.text;
            --characters;
        }
    }
    end_if_enough();
    return out;
}

std::set<std::string> styles_of_markup(std::string_view text) {
    OpenElements open;
    std::set<std::string> styles;
    bool is_new = true;
    while (!text.empty()) {
        const Piece piece = take_piece(text, TextKind::kMarkup);
        if (piece.is_tag) {
            open.see(piece.text);
        } else if (is_new) {
            styles.insert(open.beginning());
        }
        is_new = piece.is_tag;
    }
    return styles;
}

}  // namespace kurabe::render
