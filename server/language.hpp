// The language of a page: what its reader has chosen, or else what the browser asks for.
#pragma once

#include <optional>
#include <string_view>

#include "server/html.hpp"
#include "server/pages.hpp"

namespace kurabe::server {

// Value of a cookie of ours; empty when there is none.
[[nodiscard]] std::string_view cookie_value(const Request& request, std::string_view name);

// The same visit in the language of "lang", as a parameter of POST or as a cookie.
[[nodiscard]] Visit in_chosen_language(const Visit& visit);

// For a GET with "lang": sends the browser, with the cookie, to the page without it.
[[nodiscard]] std::optional<Response> language_redirect(const Visit& visit);

// For a POST with "lang": the cookie goes with the page itself.
void add_language_cookie(Response& response, const Visit& visit);

// What leads to the same page in the other language.
void write_language_choice(Html& html, const Visit& visit);

}  // namespace kurabe::server
