// Escapes of JSON.
#include "render/json_text.hpp"

#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "store/utf8.hpp"

namespace kurabe::render {

std::string json_quoted(std::string_view text) {
    std::string json = "\"";
    while (!text.empty()) {
        const std::size_t length = store::utf8_length(text);
        const char first = text.front();
        if (length == 0) {
            json += "\\ufffd";
        } else if (first == '"' || first == '\\') {
            json += '\\';
            json += first;
        } else if (length == 1 && first < ' ') {
            fmt::format_to(std::back_inserter(json), "\\u{:04x}", static_cast<unsigned>(first));
        } else {
            json += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return json + '"';
}

std::string json_number(store::Value value) {
    return std::isfinite(value) ? fmt::format("{}", value) : "null";
}

}  // namespace kurabe::render
