// "/server": all graphs of one host, each over one or more terms.
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "server/page_parts.hpp"
#include "server/unlisted_view.hpp"

namespace kurabe::server {
namespace {

constexpr int kFirstImages = 6;  // about the first screen; the others load when they come near

struct ImageSet {
    std::vector<Term> terms;
    int width_px;
};

ImageSet image_set(Term term) {
    switch (term) {
        case Term::kDay:
            return {{Term::kDay, Term::kWeek}, 500};
        case Term::kMonth:
            return {{Term::kDay, Term::kWeek, Term::kMonth, Term::kYear}, 400};
        default:
            return {{term}, 1100};
    }
}

struct View {
    const HostView& host;
    const Period& period;
    std::string_view only_plugin;  // empty = all
};

Url page_url(const Visit& visit, const View& view, const Period& period, std::string_view plugin) {
    Url url = Url("/server").with("address", view.host.place.host->address);
    if (!plugin.empty()) url.add("plugin_identifier", plugin);
    add_period(url, period, visit.parts.zone);
    return url;
}

void write_terms(Html& html, const Visit& visit, const View& view) {
    const auto list = html.open("ul", {{"class", "pills terms"}});
    for (const Term term :
         {Term::kDay, Term::kMonth, Term::k1Hour, Term::k4Hours, Term::k8Hours, Term::k3Days}) {
        const std::string_view name = term == Term::kDay     ? visit.texts.day_and_week
                                      : term == Term::kMonth ? visit.texts.month_and_year
                                                             : visit.texts.term_name(term);
        write_choice(html, page_url(visit, view, {term, {}, {}}, view.only_plugin), name,
                     view.period.term == term);
    }
}

void write_range(Html& html, const Visit& visit, const View& view) {
    const auto form =
        html.open("form", {{"class", "range"}, {"action", Url("/server")}, {"method", "get"}});
    const auto hidden = [&](std::string_view name, std::string_view value) {
        html.empty("input", {{"type", "hidden"}, {"name", name}, {"value", value}});
    };
    hidden("address", view.host.place.host->address);
    if (!view.only_plugin.empty()) hidden("plugin_identifier", view.only_plugin);
    hidden("term", "custom");
    write_range_inputs(html, visit, view.period);
}

void write_plugins(Html& html, const Visit& visit, const View& view) {
    const auto list = html.open("ul", {{"class", "pills"}});
    write_choice(html, page_url(visit, view, view.period, ""), visit.texts.all_plugins,
                 view.only_plugin.empty());
    for (const PluginView& plugin : view.host.plugins) {
        const bool active = plugin.identifier == view.only_plugin;
        const auto item = html.open("li", {{"class", plugin.warnings.empty() ? "" : "troubled"}});
        html.element("a",
                     {{"href", page_url(visit, view, view.period, plugin.identifier)},
                      {"title", plugin.identifier},
                      {"class", active ? "active" : ""}},
                     plugin.line->short_identifier());
    }
}

std::string_view service_name(const Visit& visit, const HostPlace& place) {
    return place.service->name.empty() ? visit.texts.unlisted : place.service->name;
}

void write_bar(Html& html, const Visit& visit, const View& view) {
    const Host& host = *view.host.place.host;
    {
        const auto row = html.open("div", {{"class", "row"}});
        write_brand(html, visit);
        const auto crumbs = html.open("h1");
        const std::string& service = view.host.place.service->name;
        html.element("a",
                     {{"href", service.empty() ? Url("/") : Url("/").with("service", service)}},
                     service_name(visit, view.host.place));
        html.text(" › ");
        html.element("span", {{"class", "address"}}, host.address);
        html.text(" ");
        html.element("span", {{"class", "hostname"}}, host.hostname);
        html.text(" ");
        html.element("small", {}, host.comments);
    }
    html.element("button",
                 {{"type", "button"},
                  {"id", "fold"},
                  {"class", "needs-script"},
                  {"title", visit.texts.fold_header},
                  {"aria-label", visit.texts.fold_header}},
                 "▴");
    {
        const auto row = html.open("div", {{"class", "row foldable"}});
        write_copy_button(html, visit, page_url(visit, view, view.period, view.only_plugin),
                          host.hostname);
        write_plugins(html, visit, view);
    }
    const auto row = html.open("div", {{"class", "row foldable"}});
    write_terms(html, visit, view);
    write_range(html, visit, view);
}

void write_plugin(Html& html, const Visit& visit, const View& view, const PluginView& plugin,
                  int& images) {
    const auto section = html.open("section", {{"class", "plugin"}});
    {
        const auto heading = html.open("h2");
        html.element("a", {{"href", page_url(visit, view, view.period, plugin.identifier)}},
                     plugin.identifier);
    }
    write_warnings(html, plugin);
    const ImageSet set = image_set(view.period.term);
    for (const GraphGroup& group : plugin.groups) {
        if (!group.label.empty() || !group.badges.empty()) {
            const auto label = html.open("h3");
            html.text(group.label);
            write_badges(html, group);
        }
        for (const std::string& graph : group.graphs) {
            const auto row = html.open("div", {{"class", "images"}});
            for (const Term term : set.terms) {
                write_image(html, visit,
                            {.host = view.host,
                             .plugin = plugin,
                             .graph = graph,
                             .term = term,
                             .width_px = set.width_px,
                             .lazy = images++ >= kFirstImages},
                            view.period);
            }
        }
    }
}

void write_main(Html& html, const Visit& visit, const View& view) {
    if (view.host.damage) {
        html.element("p", {{"class", "alert"}},
                     fmt::format("{}{}", visit.texts.damaged, *view.host.damage));
    }
    int images = 0;
    for (const PluginView& plugin : view.host.plugins) {
        if (view.only_plugin.empty() || plugin.identifier == view.only_plugin) {
            write_plugin(html, visit, view, plugin, images);
        }
    }
}

}  // namespace

Result<Response> server_page(const Visit& visit) {
    const store::Time now = visit.parts.now();
    Parameters parameters(visit.request);
    const std::string_view address = parameters.required("address");
    const Period period = parameters.period(visit.parts.zone, now, default_range_end(now));
    if (period.term == Term::kWeek || period.term == Term::kYear) {
        parameters.reject("term", "is none of this page; week is shown with day, year with month");
    }
    const std::string_view only_plugin = parameters.text("plugin_identifier");
    if (const auto checked = parameters.check(); !checked) return std::unexpected(checked.error());
    const auto found = find_host(visit.parts, address);
    if (!found) return std::unexpected(found.error());

    const HostPlace& place = found->place;
    const HostView host = view_host(visit.parts, place, visit.texts);
    const bool has_plugin =
        only_plugin.empty() || found->damage ||
        std::ranges::find(host.plugins, only_plugin, &PluginView::identifier) != host.plugins.end();
    if (!has_plugin) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("parameter plugin_identifier: host {} has no plugin '{}'", address,
                                only_plugin));
    }
    const View view{host, period, only_plugin};
    return render_page(visit, {.title = fmt::format("{} {} « {}", place.host->hostname, address,
                                                    service_name(visit, place)),
                               .body_class = "server",
                               .bar = [&](Html& html) { write_bar(html, visit, view); },
                               .main = [&](Html& html) { write_main(html, visit, view); }});
}

}  // namespace kurabe::server
