// What a service answered, and what is found in it: fields, which are texts by name.
// Rule: docs/plugins.md, "How answers are read".
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kurabe::collectors::fetch {

inline constexpr std::size_t kAnswerBytesMax = 1 << 20;
inline constexpr std::size_t kFieldsMax = 20000;
inline constexpr std::size_t kFieldNameBytesMax = 512;
inline constexpr std::size_t kFieldValueBytesMax = 4096;  // longer ones are cut

// Bytes from outside: anything.
struct Answer {
    std::string text = {};
    // Of services that answer with tables: names of the columns, and rows of as many cells.
    std::vector<std::string> columns = {};
    std::vector<std::vector<std::string>> rows = {};
    std::vector<std::pair<std::string, std::string>> headers =
        {};  // of HTTP, names in small letters
};

// Names and texts. The first text of a name stays.
class Fields {
  public:
    // Nothing beyond the limits, and nothing without a name.
    void add(std::string_view name, std::string_view value);

    // Null when there is none. In `name` each '*' stands for any bytes but '/'; of several fields
    // the first in the order of names counts.
    [[nodiscard]] const std::string* find(std::string_view name) const;

    [[nodiscard]] const std::map<std::string, std::string, std::less<>>& all() const noexcept {
        return fields_;
    }

  private:
    std::map<std::string, std::string, std::less<>> fields_;
};

}  // namespace kurabe::collectors::fetch
