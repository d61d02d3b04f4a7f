// Escaping, and the few ways to write an element.
#include "server/html.hpp"

#include "store/utf8.hpp"

namespace kurabe::server {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

// U+202A...U+202E and U+2066...U+2069 reorder what stands around them.
bool turns_direction(std::string_view character) {
    return (character >= "\xe2\x80\xaa" && character <= "\xe2\x80\xae") ||
           (character >= "\xe2\x81\xa6" && character <= "\xe2\x81\xa9");
}

void append_ascii(std::string& output, char byte) {
    switch (byte) {
        case '&':
            output += "&amp;";
            return;
        case '<':
            output += "&lt;";
            return;
        case '>':
            output += "&gt;";
            return;
        case '"':
            output += "&quot;";
            return;
        case '\'':
            output += "&#39;";
            return;
        default:
            break;
    }
    const bool is_control = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f;
    if (is_control) {
        output += kReplacement;
    } else {
        output += byte;
    }
}

}  // namespace

void append_escaped(std::string& output, std::string_view text) {
    while (!text.empty()) {
        const std::size_t bytes = store::utf8_length(text);
        if (bytes == 1) {
            append_ascii(output, text.front());
        } else if (bytes == 0 || turns_direction(text.substr(0, bytes))) {
            output += kReplacement;
        } else {
            output += text.substr(0, bytes);
        }
        text.remove_prefix(bytes == 0 ? 1 : bytes);
    }
}

Attribute Attribute::flag(AttributeName name, bool present) {
    Attribute attribute;
    if (present) attribute.name_ = name.text;
    attribute.has_value_ = false;
    return attribute;
}

void Attribute::write_to(std::string& output) const {
    if (name_.empty()) return;
    output += ' ';
    output += name_;
    if (!has_value_) return;
    output += "=\"";
    append_escaped(output, is_address_ ? std::string_view(address_) : value_);
    output += '"';
}

Html::Html() : output_("<!DOCTYPE html>\n") {}

Html::Element::~Element() {
    output_ += "</";
    output_ += name_;
    output_ += ">\n";
}

Html::Element Html::open(ElementName name, Attributes attributes) {
    empty(name, attributes);
    return {output_, name.text};
}

void Html::element(ElementName name, Attributes attributes, std::string_view content) {
    empty(name, attributes);
    text(content);
    output_ += "</";
    output_ += name.text;
    output_ += '>';
}

void Html::empty(ElementName name, Attributes attributes) {
    output_ += '<';
    output_ += name.text;
    for (const Attribute& attribute : attributes) attribute.write_to(output_);
    output_ += '>';
}

void Html::script(const Url& source) {
    output_ += "<script";
    Attribute("src", source).write_to(output_);
    output_ += " defer></script>";
}

void Html::early_script(const Url& source) {
    output_ += "<script";
    Attribute("src", source).write_to(output_);
    output_ += "></script>";
}

void Html::text(std::string_view content) {
    append_escaped(output_, content);
}

}  // namespace kurabe::server
