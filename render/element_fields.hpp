// An element's text cut at its colons: "LINE1:load#00C000:Load \: 1 min:STACK".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kurabe::render {

class ElementFields {
  public:
    // Cuts at ':' but not at "\:", which becomes a plain colon. `text` must outlive the fields.
    explicit ElementFields(std::string_view text);

    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] bool empty() const { return next_ == fields_.size(); }
    [[nodiscard]] std::size_t size() const { return fields_.size() - next_; }

    // The next field, or nothing after the last one.
    [[nodiscard]] std::optional<std::string> take();
    // The last field when `accept` likes it; for the options that may follow a free text.
    template <typename Predicate>
    [[nodiscard]] std::optional<std::string> take_last_if(Predicate accept) {
        if (empty() || !accept(fields_.back())) {
            return std::nullopt;
        }
        std::string field = std::move(fields_.back());
        fields_.pop_back();
        return field;
    }
    // All that is left as one text, with the colons that a writer forgot to escape.
    [[nodiscard]] std::string take_rest();
    // What is left, to be looked at.
    [[nodiscard]] auto begin() const {
        return fields_.begin() + static_cast<std::ptrdiff_t>(next_);
    }
    [[nodiscard]] auto end() const { return fields_.end(); }

  private:
    std::string_view text_;
    std::vector<std::string> fields_;
    std::size_t next_ = 0;
};

}  // namespace kurabe::render
