// Writes JSON.
#include "collectors/kurado/json_text.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "store/utf8.hpp"

namespace kurabe::collectors::kurado {
namespace {

std::string json_string(std::string_view text) {
    std::string result = "\"";
    while (!text.empty()) {
        const std::size_t length = store::utf8_length(text);
        const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
        text.remove_prefix(character.size());
        const auto byte = static_cast<unsigned char>(character.front());
        if (length == 0) {
            result += '?';
        } else if (byte < 0x20) {
            result += fmt::format("\\u{:04x}", static_cast<unsigned>(byte));
        } else {
            if (character == "\"" || character == "\\") result += '\\';
            result += character;
        }
    }
    return result + '"';
}

}  // namespace

void JsonObject::set(const std::vector<std::string>& keys, std::string_view text) {
    JsonObject* place = this;
    for (const std::string& key : keys) {
        if (place->text_) return;
        auto& member = place->members_[key];
        if (!member) member = std::make_unique<JsonObject>();
        place = member.get();
    }
    if (place != this && place->members_.empty()) place->text_ = text;
}

std::string JsonObject::text() const {
    if (text_) return json_string(*text_);
    std::string json = "{";
    for (const auto& [key, member] : members_) {
        if (json.size() > 1) json += ',';
        json += json_string(key) + ':' + member->text();
    }
    return json + '}';
}

}  // namespace kurabe::collectors::kurado
