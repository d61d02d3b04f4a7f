// Lists of flat JSON objects that somebody sends, handed out one by one, so that no tree is built
// of what may be millions of values. A wrapper of nlohmann-json. Rule: RFC 8259.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/result.hpp"

namespace kurabe::server {

inline constexpr std::size_t kJsonRecordFieldsMax = 32;  // of one object; more make it wrong
inline constexpr std::size_t kJsonRecordDepthMax = 64;   // of anything in it, else of the document

struct JsonValue {
    enum class Kind : std::uint8_t { kNull, kTruth, kNumber, kText, kNested };
    Kind kind = Kind::kNull;
    std::string text = {};  // of kNumber as it came, of kText; "1" or "0" of kTruth
};

// One element of a list.
struct JsonRecord {
    std::string list;  // "samples" of {"samples": [...]}; empty for a document that is the list
    std::size_t index = 0;  // from 0, in its list
    std::vector<std::pair<std::string, JsonValue>> fields;
    std::string wrong = {};  // why it is no flat object; empty for one that is

    // Null when there is none.
    [[nodiscard]] const JsonValue* find(std::string_view key) const;
    // The text of a field that has to be there. kInvalid names it.
    [[nodiscard]] Result<std::string_view> text(std::string_view key) const;
};

// `take` is called for each element as it is read, also when the document turns out to be broken
// later: kInvalid names the byte where it is no JSON, an element with a number that no double
// holds, or what is no list; kLimit says that it is nested too deeply.
[[nodiscard]] Result<void> read_json_records(std::string_view text,
                                             const std::function<void(const JsonRecord&)>& take);

}  // namespace kurabe::server
