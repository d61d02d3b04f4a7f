// Addresses of our own pages, built so that nothing from outside can leave its place, and the
// decoding of those that come in.
// Rule: RFC 3986, 2.1 (percent-encoding); the URL standard's application/x-www-form-urlencoded.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/result.hpp"

namespace kurabe::server {

// Everything but A-Z a-z 0-9 - . _ ~ becomes %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

// kInvalid for a '%' without two hex digits.
[[nodiscard]] Result<std::string> percent_decode(std::string_view text);

using FormFields = std::vector<std::pair<std::string, std::string>>;

// "a=1&b=x+y%20z". kInvalid for bad escapes and for control bytes, kLimit over
// kRequestParametersMax fields.
[[nodiscard]] Result<FormFields> parse_form(std::string_view encoded);

// A path that the program names; the compiler refuses what does not begin with exactly one '/'.
struct SitePath {
    consteval SitePath(const char* literal) : text(literal) {
        if (!text.starts_with('/') || text.starts_with("//")) throw "begins with one '/'";
    }
    std::string_view text;
};

// An address of this site: a path and a query of any text.
class Url {
  public:
    explicit Url(SitePath path) : path_(path.text) {}

    [[nodiscard]] Url with(std::string_view name, std::string_view value) const&;
    [[nodiscard]] Url with(std::string_view name, std::string_view value) &&;
    void add(std::string_view name, std::string_view value);

    [[nodiscard]] std::string text() const;
    // The query's length in bytes, percent-encoded.
    [[nodiscard]] std::size_t query_bytes() const noexcept { return query_.size(); }

  private:
    std::string_view path_;  // of a literal
    std::string query_;
};

}  // namespace kurabe::server
