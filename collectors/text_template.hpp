// Text with placeholders: "Traffic({{device}})". Substitution and nothing more.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "store/result.hpp"

namespace kurabe::collectors {

class TextTemplate {
  public:
    // Placeholder name -> text.
    using Values = std::map<std::string, std::string, std::less<>>;
    // Makes a value fit for the place it is put in.
    using Escape = std::string (*)(std::string_view value);

    TextTemplate() = default;
    // Names are [A-Za-z0-9_]+. kInvalid (without a place) for a malformed placeholder.
    [[nodiscard]] static Result<TextTemplate> parse(std::string_view text);

    // In order, one for each placeholder.
    [[nodiscard]] std::vector<std::string> names() const;
    // A name without a value gives nothing.
    [[nodiscard]] std::string expand(const Values& values) const;
    [[nodiscard]] std::string expand(const Values& values, Escape escape) const;

    // The text before the first placeholder, and that behind the last; both are all of the text
    // when there is none.
    [[nodiscard]] std::string_view prefix() const noexcept {
        return is_literal() ? rest_ : pieces_.front().before;
    }
    [[nodiscard]] std::string_view suffix() const noexcept { return rest_; }
    [[nodiscard]] bool is_literal() const noexcept { return pieces_.empty(); }

  private:
    struct Piece {
        std::string before;  // literal text
        std::string name;    // of the placeholder behind it
    };
    std::vector<Piece> pieces_;
    std::string rest_;
};

}  // namespace kurabe::collectors
