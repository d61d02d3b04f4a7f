// Writes HTML in which text is always text: element and attribute names are literals checked by the
// compiler, every value is escaped, addresses are Urls, and there is no way to write raw markup.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "server/url.hpp"

namespace kurabe::server {

namespace html_names {
constexpr bool holds_an_address(std::string_view name) {
    return name == "href" || name == "src" || name == "action" || name == "formaction";
}
}  // namespace html_names

// An element, but for those whose content is not text.
struct ElementName {
    consteval ElementName(const char* literal) : text(literal) {
        if (text == "script" || text == "style") throw "its content is not text";
    }
    std::string_view text;
};

// An attribute whose value is text: no address, no script, no style.
struct AttributeName {
    consteval AttributeName(const char* literal) : text(literal) {
        if (html_names::holds_an_address(text)) throw "takes a Url";
        if (text == "style" || text.starts_with("on") || text == "srcdoc") throw "is code";
    }
    std::string_view text;
};

struct AddressAttributeName {
    consteval AddressAttributeName(const char* literal) : text(literal) {
        if (!html_names::holds_an_address(text)) throw "takes text";
    }
    std::string_view text;
};

// Used up in the call that it is written for: the value is a view.
class Attribute {
  public:
    Attribute(AttributeName name, std::string_view value) : name_(name.text), value_(value) {}
    Attribute(AddressAttributeName name, const Url& value)
        : name_(name.text), address_(value.text()), is_address_(true) {}
    // Without a value ("checked"); left out when not `present`.
    static Attribute flag(AttributeName name, bool present = true);

    void write_to(std::string& output) const;

  private:
    Attribute() = default;
    std::string_view name_;  // empty = left out
    std::string_view value_;
    std::string address_;
    bool is_address_ = false;
    bool has_value_ = true;
};

class Html {
  public:
    using Attributes = std::initializer_list<Attribute>;

    // An open element; closes it at the end of its scope.
    class [[nodiscard]] Element {
      public:
        ~Element();
        Element(const Element&) = delete;
        Element& operator=(const Element&) = delete;

      private:
        friend class Html;
        Element(std::string& output, std::string_view name) : output_(output), name_(name) {}
        std::string& output_;
        std::string_view name_;
    };

    Html();  // begins with the document type

    Element open(ElementName name, Attributes attributes = {});
    // An element of nothing but text, without a blank around it.
    void element(ElementName name, Attributes attributes, std::string_view text);
    void empty(ElementName name, Attributes attributes);  // <img>, <input>, <link>, <meta>
    void script(const Url& source);                       // run after the page was read
    void early_script(const Url& source);                 // before what follows is read
    void text(std::string_view text);

    [[nodiscard]] std::string take() && { return std::move(output_); }

  private:
    std::string output_;
};

// For text and quoted attributes. Control bytes, malformed UTF-8 and characters that turn the
// direction of their surroundings become U+FFFD.
void append_escaped(std::string& output, std::string_view text);

}  // namespace kurabe::server
