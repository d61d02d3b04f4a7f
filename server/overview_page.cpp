// "/": all hosts by service and section, with their states, to look at or to compare.
#include <algorithm>
#include <ranges>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "server/language.hpp"
#include "server/page_parts.hpp"
#include "server/service_parameter.hpp"
#include "server/unlisted_view.hpp"

namespace kurabe::server {
namespace {

constexpr std::size_t kUnlistedShownMax = 1'000;

std::size_t host_count(const Service& service) {
    std::size_t count = 0;
    for (const Section& section : service.sections) count += section.hosts.size();
    return count;
}

void write_bar(Html& html, const Visit& visit) {
    write_brand(html, visit);
    html.element("h1", {}, visit.texts.servers);
    html.empty("input",
               {{"type", "search"},
                {"id", "filter"},
                {"class", "needs-script"},
                {"placeholder", fmt::format("{} ( / )", visit.texts.filter_hint)},
                {"aria-label", fmt::format("{}: {}", visit.texts.filter, visit.texts.filter_hint)},
                {"aria-keyshortcuts", "/"},
                {"autocomplete", "off"}});
    html.element("output", {{"id", "shown"}, {"for", "filter"}, {"data-unit", visit.texts.shown}},
                 "");
    html.element("span", {{"id", "states"}, {"class", "unseen"}, {"role", "status"}}, "");
    const auto actions = html.open("div", {{"class", "actions"}});
    html.element("button", {{"type", "button"}, {"id", "check-shown"}, {"class", "needs-script"}},
                 visit.texts.check_shown);
    html.element("button", {{"type", "reset"}, {"form", "compare"}, {"id", "uncheck"}},
                 visit.texts.uncheck);
    html.element("button",
                 {{"type", "submit"},
                  {"form", "compare"},
                  {"id", "show-checked"},
                  {"class", "primary"},
                  {"data-most", std::to_string(kAddressesMax)},
                  {"data-at-most", visit.texts.at_most}},
                 visit.texts.show_checked);
    const auto label = html.open("label", {{"class", "needs-script"}});
    html.empty("input", {{"type", "checkbox"}, {"id", "new-window"}, {"autocomplete", "off"}});
    html.text(visit.texts.open_in_new_window);
}

void write_services(Html& html, const Visit& visit, const Service* only) {
    const auto nav =
        html.open("nav", {{"class", "services"}, {"aria-label", visit.texts.services}});
    html.element("h2", {}, visit.texts.services);
    const auto list = html.open("ul");
    const auto write = [&](const Url& url, std::string_view name, std::size_t hosts, bool active) {
        const auto item = html.open("li");
        const auto link = html.open("a", {{"href", url},
                                          {"class", active ? "active" : ""},
                                          {"aria-current", active ? "page" : "false"}});
        html.element("span", {}, name);
        html.element("span", {{"class", "count"}}, std::to_string(hosts));
    };
    write(Url("/"), visit.texts.show_all,
          visit.parts.config.hosts.size() + unlisted_hosts(visit.parts).size(), only == nullptr);
    for (const Service& service : visit.parts.config.services) {
        write(Url("/").with("service", service.name), service.name, host_count(service),
              only == &service);
    }
}

// What every host's row begins with: how it is, and whether it is chosen.
void write_marks(Html& html, const Visit& visit, const std::string& address,
                 const std::string& name) {
    {
        const auto cell = html.open("td");
        html.element("span",
                     {{"class", "state"},
                      {"role", "img"},
                      {"data-address", address},
                      {"title", visit.texts.status_loading},
                      {"aria-label", visit.texts.status_loading}},
                     "");
    }
    const auto cell = html.open("td");
    html.empty("input", {{"type", "checkbox"},
                         {"name", "address"},
                         {"value", address},
                         {"aria-label", fmt::format("{}{}", visit.texts.choose_host, name)},
                         {"autocomplete", "off"}});
}

void write_host(Html& html, const Visit& visit, const Host& host) {
    const auto row = html.open("tr", {{"class", "host"}, {"data-role", host.roll->file}});
    write_marks(html, visit, host.address, host.hostname);
    const Url page = Url("/server").with("address", host.address);
    {
        const auto cell = html.open("td");
        html.element("a", {{"class", "to-host"}, {"href", page}}, host.address);
    }
    {
        const auto cell = html.open("th", {{"scope", "row"}});
        html.element("a", {{"class", "to-host name"}, {"href", page}}, host.hostname);
    }
    html.element("td", {{"class", "comments"}}, host.comments);
}

void write_service(Html& html, const Visit& visit, const Service& service) {
    const auto section = html.open("section", {{"class", "service"}});
    {
        const auto heading = html.open("h2");
        html.element("a", {{"href", Url("/").with("service", service.name)}}, service.name);
    }
    const auto table = html.open("table", {{"class", "hosts"}});
    for (const Section& part : service.sections) {
        const auto body = html.open("tbody");
        if (!part.label.empty()) {
            const auto row = html.open("tr", {{"class", "label"}});
            html.element("th", {{"colspan", "5"}, {"scope", "rowgroup"}}, part.label);
        }
        for (const Host& host : part.hosts) write_host(html, visit, host);
    }
}

void write_unlisted(Html& html, const Visit& visit, const std::vector<std::string>& hosts) {
    if (hosts.empty()) return;
    const auto section = html.open("section", {{"class", "service"}, {"id", "unlisted"}});
    html.element("h2", {}, visit.texts.unlisted);
    const auto table = html.open("table", {{"class", "hosts"}});
    const auto body = html.open("tbody");
    for (const std::string& host : hosts | std::views::take(kUnlistedShownMax)) {
        const auto row = html.open("tr", {{"class", "host"}});
        write_marks(html, visit, host, host);
        const auto cell = html.open("th", {{"scope", "row"}});
        html.element("a", {{"class", "to-host"}, {"href", Url("/server").with("address", host)}},
                     host);
    }
    if (hosts.size() <= kUnlistedShownMax) return;
    const auto row = html.open("tr");
    html.element("td", {{"colspan", "3"}}, fmt::format("… ({})", hosts.size()));
}

// A required key that is misspelt is a warning that only the log has. Files of RRDtool may be shown
// without any configuration.
void write_no_hosts(Html& html, const Visit& visit, bool has_unlisted) {
    if (visit.parts.tree == nullptr && has_unlisted) {
        html.element("p", {}, visit.texts.no_listed_hosts);
    } else if (visit.parts.tree == nullptr) {
        html.element("p", {{"class", "alert notice"}, {"role", "alert"}},
                     visit.texts.no_listed_hosts);
    } else if (!has_unlisted) {
        html.element("p", {}, visit.texts.no_hosts);
    }
}

void write_main(Html& html, const Visit& visit, const Service* only) {
    const Texts& texts = visit.texts;
    write_services(html, visit, only);
    const auto form = html.open("form", {{"id", "compare"},
                                         {"action", Url("/servers")},
                                         {"method", "get"},
                                         {"data-good", texts.status_good},
                                         {"data-warning", texts.status_warning},
                                         {"data-critical", texts.status_critical}});
    const std::vector<std::string> unlisted = unlisted_hosts(visit.parts);
    if (visit.parts.config.hosts.empty()) write_no_hosts(html, visit, !unlisted.empty());
    for (const Service& service : visit.parts.config.services) {
        if (only == nullptr || only == &service) write_service(html, visit, service);
    }
    if (only == nullptr) write_unlisted(html, visit, unlisted);
}

}  // namespace

Result<Response> overview_page(const Visit& given) {
    if (auto redirect = language_redirect(given)) return *std::move(redirect);
    const Visit visit = in_chosen_language(given);
    Parameters parameters(visit.request);
    const auto requested = requested_service(parameters, visit.parts.config);
    if (!requested) return std::unexpected(requested.error());
    const Service* only = *requested;
    return render_page(visit, {.title = std::string(visit.texts.servers),
                               .body_class = "overview",
                               .bar = [&](Html& html) { write_bar(html, visit); },
                               .main = [&](Html& html) { write_main(html, visit, only); }});
}

}  // namespace kurabe::server
