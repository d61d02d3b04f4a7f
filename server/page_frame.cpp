// The frame of every page, and the page that says what is wrong.
#include <fmt/format.h>

#include "server/language.hpp"
#include "server/page_parts.hpp"

namespace kurabe::server {
namespace {

// Reasons are those of the log, on pages of any language.
constexpr std::string_view kReasonLanguage = "en";

Url asset_url(const Visit& visit, SitePath path) {
    return Url(path).with("v", visit.assets.version(path.text));
}

void write_head(Html& html, const Visit& visit, const PageContent& content) {
    const auto head = html.open("head");
    html.empty("meta", {{"charset", "utf-8"}});
    html.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    html.element("title", {}, fmt::format("{} « Kurabe", content.title));
    html.empty("link", {{"rel", "icon"},
                        {"type", "image/svg+xml"},
                        {"href", asset_url(visit, "/img/favicon.svg")}});
    html.empty("link", {{"rel", "stylesheet"}, {"href", asset_url(visit, "/css/kurabe.css")}});
    html.empty(
        "link",
        {{"rel", "stylesheet"}, {"href", asset_url(visit, "/css/print.css")}, {"media", "print"}});
    if (content.has_strips) html.early_script(asset_url(visit, "/js/strips.js"));
    html.script(asset_url(visit, "/js/kurabe.js"));
}

// For whoever may look: it may name files and hosts.
void write_config_failure(Html& html, const Visit& visit) {
    const ConfigState* const state = visit.parts.config_state;
    const auto failure = state == nullptr ? std::nullopt : state->failure();
    if (!failure || !visit.caller.reads) return;
    const auto box = html.open("p", {{"class", "config-failure"}, {"role", "alert"}});
    html.element("strong", {}, visit.texts.config_failure);
    html.element("span", {{"lang", kReasonLanguage}}, *failure);
}

}  // namespace

Response render_page(const Visit& visit, const PageContent& content) {
    Html html;
    {
        const auto document = html.open("html", {{"lang", visit.texts.language}});
        write_head(html, visit, content);
        const bool is_folded =
            content.is_foldable && cookie_value(visit.request, "minimize-header") == "true";
        const auto body = html.open(
            "body",
            {{"class", fmt::format("{}{}", content.body_class, is_folded ? " folded" : "")}});
        {
            const auto bar = html.open("header", {{"class", "bar"}});
            content.bar(html);
            write_language_choice(html, visit);
        }
        write_config_failure(html, visit);
        const auto main = html.open("main");
        content.main(html);
    }
    Response response;
    response.headers.emplace_back("Cache-Control", "no-cache");
    response.headers.emplace_back("Vary", "Accept-Language, Cookie");
    add_language_cookie(response, visit);
    response.body = std::move(html).take();
    return response;
}

Response message_page(const Visit& given, int status, std::string_view message) {
    const Visit visit = in_chosen_language(given);
    Response response = render_page(
        visit, {.title = std::string(visit.texts.error),
                .body_class = "message",
                .bar = [&](Html& html) { write_brand(html, visit); },
                .main =
                    [&](Html& html) {
                        html.element("h1", {}, fmt::format("{} {}", visit.texts.error, status));
                        html.element("p", {{"class", "reason"}, {"lang", kReasonLanguage}},
                                     message);
                        html.element("a", {{"href", Url("/")}}, visit.texts.back);
                    }});
    response.status = status;
    return response;
}

void write_brand(Html& html, const Visit& visit) {
    const auto link =
        html.open("a", {{"class", "brand"}, {"href", Url("/")}, {"title", visit.texts.servers}});
    html.empty("img", {{"src", asset_url(visit, "/img/favicon.svg")},
                       {"width", "22"},
                       {"height", "22"},
                       {"alt", ""}});
    html.element("span", {}, "Kurabe");
}

}  // namespace kurabe::server
