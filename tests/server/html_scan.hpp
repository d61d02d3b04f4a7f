// Reads the HTML that our pages write back into elements, strictly: what a browser would see.
// Throws for anything that is not plain, balanced markup.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace kurabe::server {

struct ScannedElement {
    std::string name;
    std::map<std::string, std::string> attributes;  // unescaped
    std::string text;                               // of itself, without inner elements; unescaped
};

class HtmlScan {
  public:
    explicit HtmlScan(std::string_view html) : rest_(html) {
        expect("<!DOCTYPE html>");
        while (!rest_.empty()) {
            if (rest_.starts_with("</")) {
                close();
            } else if (rest_.starts_with('<')) {
                open();
            } else {
                take_text();
            }
        }
        if (!open_.empty()) throw std::runtime_error("not closed: " + elements_[open_.back()].name);
    }

    [[nodiscard]] const std::vector<ScannedElement>& all() const { return elements_; }

    [[nodiscard]] std::vector<ScannedElement> named(std::string_view name) const {
        std::vector<ScannedElement> found;
        for (const ScannedElement& element : elements_) {
            if (element.name == name) found.push_back(element);
        }
        return found;
    }

  private:
    void expect(std::string_view token) {
        if (!rest_.starts_with(token)) {
            throw std::runtime_error("expected " + std::string(token) +
                                     " at: " + std::string(rest_.substr(0, 60)));
        }
        rest_.remove_prefix(token.size());
    }

    std::string_view take_until(std::string_view ends) {
        const std::size_t at = rest_.find_first_of(ends);
        if (at == std::string_view::npos) throw std::runtime_error("unexpected end");
        const std::string_view taken = rest_.substr(0, at);
        rest_.remove_prefix(at);
        return taken;
    }

    void open() {
        static const std::set<std::string> kEmpty{"meta", "link", "img", "input", "source"};
        expect("<");
        ScannedElement element;
        element.name = take_until(" >");
        while (rest_.starts_with(' ')) {
            expect(" ");
            const std::string name(take_until("= >"));
            std::string value;
            if (rest_.starts_with('=')) {
                expect("=\"");
                value = unescape(take_until("\"<>"));
                expect("\"");
            }
            if (!element.attributes.emplace(name, value).second) {
                throw std::runtime_error("attribute given twice: " + name);
            }
        }
        expect(">");
        elements_.push_back(element);
        if (!kEmpty.contains(element.name)) open_.push_back(elements_.size() - 1);
    }

    void close() {
        expect("</");
        const std::string_view name = take_until(">");
        expect(">");
        if (open_.empty() || elements_[open_.back()].name != name) {
            throw std::runtime_error("closes what is not open: " + std::string(name));
        }
        open_.pop_back();
    }

    void take_text() {
        const std::size_t end = std::min(rest_.find('<'), rest_.size());
        const std::string text = unescape(rest_.substr(0, end));
        rest_.remove_prefix(end);
        if (!open_.empty()) elements_[open_.back()].text += text;
    }

    static std::string unescape(std::string_view text) {
        static const std::map<std::string, char, std::less<>> kEntities{
            {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
        std::string result;
        while (!text.empty()) {
            if (text.front() == '>') throw std::runtime_error("bare >");
            if (text.front() != '&') {
                result += text.front();
                text.remove_prefix(1);
                continue;
            }
            const std::size_t end = text.find(';');
            const auto found = kEntities.find(text.substr(0, end + 1));
            if (end == std::string_view::npos || found == kEntities.end()) {
                throw std::runtime_error("unknown entity");
            }
            result += found->second;
            text.remove_prefix(end + 1);
        }
        return result;
    }

    std::string_view rest_;
    std::vector<ScannedElement> elements_;
    std::vector<std::size_t> open_;  // indexes into elements_
};

}  // namespace kurabe::server
