// A cookie of the same site, set by the server, so that it needs no script.
#include "server/language.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "server/page_parts.hpp"

namespace kurabe::server {
namespace {

constexpr std::string_view kLanguageCookie = "lang";
constexpr int kCookieSeconds = 365 * 86400;

// Of a parameter given once; empty otherwise, so that it counts for nothing.
std::string_view language_parameter(const Request& request) {
    Parameters parameters(request);
    const std::string_view value = parameters.text(kLanguageCookie);
    return parameters.check() ? value : std::string_view();
}

std::string cookie_of(const Texts& texts) {
    return fmt::format("{}={}; Max-Age={}; Path=/; SameSite=Lax", kLanguageCookie, texts.language,
                       kCookieSeconds);
}

// The page that a request is for; none when it is another one's error.
std::optional<SitePath> page_path(const Request& request) {
    if (request.path == "/") return SitePath("/");
    if (request.path == "/server") return SitePath("/server");
    if (request.path == "/servers") return SitePath("/servers");
    return std::nullopt;
}

FormFields other_parameters(const Request& request) {
    FormFields fields;
    for (const auto& [name, value] : request.parameters) {
        if (name != kLanguageCookie) fields.emplace_back(name, value);
    }
    return fields;
}

}  // namespace

std::string_view cookie_value(const Request& request, std::string_view name) {
    std::string_view rest = header_value(request, "Cookie");
    while (!rest.empty()) {
        std::string_view pair = rest.substr(0, rest.find(';'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
        if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
            return pair.substr(name.size() + 1);
        }
    }
    return {};
}

Visit in_chosen_language(const Visit& visit) {
    const Texts* texts = find_texts(language_parameter(visit.request));
    if (texts == nullptr) texts = find_texts(cookie_value(visit.request, kLanguageCookie));
    return {visit.request, visit.route,  visit.parts,
            visit.graphs,  visit.assets, texts == nullptr ? visit.texts : *texts,
            visit.caller};
}

std::optional<Response> language_redirect(const Visit& visit) {
    const Texts* texts = find_texts(language_parameter(visit.request));
    const auto path = page_path(visit.request);
    if (texts == nullptr || !path || visit.request.method == "POST") return std::nullopt;
    const Url url = url_of(*path, other_parameters(visit.request));
    Response response{.status = 303, .headers = {}, .body = {}};
    response.headers.emplace_back("Location", url.text());
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("Set-Cookie", cookie_of(*texts));
    return response;
}

void add_language_cookie(Response& response, const Visit& visit) {
    const Texts* texts = find_texts(language_parameter(visit.request));
    if (texts == nullptr || visit.request.method != "POST") return;
    response.headers.emplace_back("Set-Cookie", cookie_of(*texts));
}

void write_language_choice(Html& html, const Visit& visit) {
    const Texts& other = other_language(visit.texts);
    const auto path = page_path(visit.request);
    FormFields fields = path ? other_parameters(visit.request) : FormFields();
    fields.emplace_back(kLanguageCookie, other.language);
    const auto nav =
        html.open("nav", {{"class", "languages"}, {"aria-label", visit.texts.language_label}});
    const Url url = url_of(path.value_or(SitePath("/")), fields);
    const bool is_long = url.query_bytes() > kLinkBytesMax && path && path->text == "/servers";
    if (is_long || visit.request.method == "POST") {
        const auto form =
            html.open("form", {{"action", Url(path.value_or(SitePath("/")))}, {"method", "post"}});
        write_hidden(html, fields);
        html.element("button", {{"lang", other.language}}, other.language_name);
        return;
    }
    html.element("a", {{"href", url}, {"lang", other.language}, {"hreflang", other.language}},
                 other.language_name);
}

}  // namespace kurabe::server
