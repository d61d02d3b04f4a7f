// A JSON object of texts, nested by keys: what Kurado's scripts read from their environment.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kurabe::collectors::kurado {

class JsonObject {
  public:
    // A key that has a text already gets no keys below it, and one with keys no text.
    void set(const std::vector<std::string>& keys, std::string_view text);
    // On one line; what is not UTF-8 is '?'.
    [[nodiscard]] std::string text() const;

  private:
    std::optional<std::string> text_;  // of a leaf
    std::map<std::string, std::unique_ptr<JsonObject>, std::less<>> members_;
};

}  // namespace kurabe::collectors::kurado
