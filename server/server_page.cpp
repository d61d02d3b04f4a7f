// "/server": all graphs of one host, each over one or more terms.
#include <algorithm>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "server/language.hpp"
#include "server/page_parts.hpp"
#include "server/unlisted_view.hpp"

namespace kurabe::server {
namespace {

constexpr std::size_t kUnnamedShownMax = 50;
constexpr int kFirstImages = 6;  // about the first screen; the others load when they come near

struct ImageSet {
    std::vector<Term> terms;
    int width_px;
};

// Of a pair two stand side by side on a usual screen.
ImageSet image_set(Term term, bool is_pair) {
    switch (term) {
        case Term::kDay:
            return {{Term::kDay, Term::kWeek}, 500};
        case Term::kMonth:
            return {{Term::kDay, Term::kWeek, Term::kMonth, Term::kYear}, 400};
        default:
            return {{term}, is_pair ? 560 : 1100};
    }
}

struct HostPageView {
    const HostView& host;
    const Period& period;
    std::string_view only_plugin;  // empty = all
    const SecondRange& second;
    const std::vector<PicturedRange>& ranges;
};

FormFields page_fields(const Visit& visit, const HostPageView& view, const Period& period,
                       std::string_view plugin) {
    FormFields fields{{"address", view.host.place.host->address}};
    if (!plugin.empty()) fields.emplace_back("plugin_identifier", plugin);
    add_period(fields, period, visit.parts.zone);
    return fields;
}

Url page_url(const Visit& visit, const HostPageView& view, const Period& period,
             std::string_view plugin) {
    FormFields fields = page_fields(visit, view, period, plugin);
    add_second_range(fields, view.second);
    return url_of("/server", fields);
}

void write_terms(Html& html, const Visit& visit, const HostPageView& view) {
    const auto nav = html.open("nav", {{"aria-label", visit.texts.terms_label}});
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

void write_range(Html& html, const Visit& visit, const HostPageView& view) {
    const auto form = html.open("form", {{"class", "range"},
                                         {"aria-label", visit.texts.range_label},
                                         {"action", Url("/server")},
                                         {"method", "get"}});
    FormFields fields{{"address", view.host.place.host->address}};
    if (!view.only_plugin.empty()) fields.emplace_back("plugin_identifier", view.only_plugin);
    fields.emplace_back("term", "custom");
    add_second_range(fields, view.second);
    write_hidden(html, fields);
    write_range_inputs(html, visit, view.ranges.front());
}

void write_comparing(Html& html, const Visit& visit, const HostPageView& view) {
    const FormFields fields = page_fields(visit, view, view.period, view.only_plugin);
    const auto write = [&](const SecondRange& second, std::string_view text, bool is_active) {
        FormFields others = fields;
        add_second_range(others, second);
        write_choice(html, url_of("/server", others), text, is_active);
    };
    write_second_range_choice(html, visit,
                              {.second = view.second,
                               .range = view.ranges.front(),
                               .write_choice = write,
                               .path = "/server",
                               .method = "get",
                               .fields = fields});
}

void write_plugins(Html& html, const Visit& visit, const HostPageView& view) {
    const auto nav = html.open("nav", {{"aria-label", visit.texts.plugins_label}});
    const auto list = html.open("ul", {{"class", "pills"}});
    write_choice(html, page_url(visit, view, view.period, ""), visit.texts.all_plugins,
                 view.only_plugin.empty());
    for (const PluginView& plugin : view.host.plugins) {
        const bool active = plugin.identifier == view.only_plugin;
        const auto item = html.open("li", {{"class", plugin.warnings.empty() ? "" : "troubled"}});
        html.element("a",
                     {{"href", page_url(visit, view, view.period, plugin.identifier)},
                      {"title", plugin.identifier},
                      {"class", active ? "active" : ""},
                      {"aria-current", active ? "true" : "false"}},
                     plugin.line->short_identifier());
    }
}

std::string_view service_name(const Visit& visit, const HostPlace& place) {
    return place.service->name.empty() ? visit.texts.unlisted : place.service->name;
}

// A host without a name of its own is called by its address, once.
std::string names_of(const Host& host) {
    if (host.hostname == host.address) return host.address;
    return fmt::format("{} {}", host.hostname, host.address);
}

void write_bar(Html& html, const Visit& visit, const HostPageView& view) {
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
        if (host.hostname != host.address) {
            html.element("span", {{"class", "hostname"}}, host.hostname);
        }
        html.text(" ");
        html.element("small", {}, host.comments);
    }
    write_fold_button(html, visit);
    {
        const auto row = html.open("div", {{"class", "row foldable"}});
        write_copy_button(html, visit, page_url(visit, view, view.period, view.only_plugin),
                          host.hostname);
        write_plugins(html, visit, view);
    }
    {
        const auto row = html.open("div", {{"class", "row foldable"}});
        write_terms(html, visit, view);
        write_refresh_switch(html, visit);
        write_range(html, visit, view);
    }
    write_comparing(html, visit, view);
}

void write_plugin(Html& html, const Visit& visit, const HostPageView& view,
                  const PluginView& plugin, int& images) {
    const auto section = html.open("section", {{"class", "plugin"}});
    {
        const auto heading = html.open("h2");
        html.element("a", {{"href", page_url(visit, view, view.period, plugin.identifier)}},
                     plugin.identifier);
    }
    write_warnings(html, plugin);
    for (const GraphGroup& group : plugin.groups) {
        if (!group.label.empty() || !group.badges.empty()) {
            const auto label = html.open("h3");
            html.text(group.label);
            write_badges(html, group);
        }
        for (const std::string& graph : group.graphs) {
            const auto row = html.open("div", {{"class", "images"}});
            for (const PicturedRange& range : view.ranges) {
                write_graph(html, visit,
                            {.host = view.host,
                             .plugin = plugin,
                             .graph = graph,
                             .range = range,
                             .lazy = images++ >= kFirstImages});
            }
        }
    }
}

// What is pushed and shown nowhere: nobody would know why.
void write_unnamed(Html& html, const Visit& visit, const Host& host) {
    const auto plugins = unnamed_plugins(visit.parts, host);
    if (plugins.empty()) return;
    const auto shown = std::span(plugins).first(std::min(plugins.size(), kUnnamedShownMax));
    html.element("p", {{"class", "unnamed"}},
                 fmt::format("{}{}{}{}", host.roll->file, visit.texts.unnamed_plugins,
                             fmt::join(shown, ", "), shown.size() < plugins.size() ? " …" : ""));
}

void write_main(Html& html, const Visit& visit, const HostPageView& view) {
    if (view.host.damage) {
        html.element("p", {{"class", "alert"}},
                     fmt::format("{}{}", visit.texts.damaged, *view.host.damage));
    }
    for (const collectors::Warning& warning : view.host.other_warnings) {
        html.element("p", {{"class", "alert"}},
                     fmt::format("{} {}: {}", warning.plugin, warning.key, warning.text));
    }
    write_range_titles(html, visit, view.ranges);
    int images = 0;
    for (const PluginView& plugin : view.host.plugins) {
        if (view.only_plugin.empty() || plugin.identifier == view.only_plugin) {
            write_plugin(html, visit, view, plugin, images);
        }
    }
    if (view.only_plugin.empty()) write_unnamed(html, visit, *view.host.place.host);
}

Result<std::vector<PicturedRange>> picture_ranges(const Visit& visit, const Period& period,
                                                  const SecondRange& second) {
    const ImageSet set = image_set(period.term, second.is_beside());
    std::vector<PicturedRange> ranges;
    for (const Term term : set.terms) {
        auto range = picture_range(visit, term, set.width_px, period, second);
        if (!range) return std::unexpected(range.error());
        ranges.push_back(*std::move(range));
    }
    return ranges;
}

}  // namespace

Result<Response> server_page(const Visit& given) {
    if (auto redirect = language_redirect(given)) return *std::move(redirect);
    const Visit visit = in_chosen_language(given);
    const store::Time now = visit.parts.now();
    Parameters parameters(visit.request);
    const std::string_view address = parameters.required("address");
    const Period period = parameters.period(visit.parts.zone, now, default_range_end(now));
    if (period.term == Term::kWeek || period.term == Term::kYear) {
        parameters.reject("term", "is none of this page; week is shown with day, year with month");
    }
    const std::string_view only_plugin = parameters.text("plugin_identifier");
    const SecondRange second = read_second_range(parameters);
    if (const auto checked = parameters.check(); !checked) return std::unexpected(checked.error());
    const auto ranges = picture_ranges(visit, period, second);
    if (!ranges) return std::unexpected(ranges.error());
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
    const HostPageView view{host, period, only_plugin, second, *ranges};
    return render_page(
        visit, {.title = fmt::format("{} « {}", names_of(*place.host), service_name(visit, place)),
                .body_class = "server",
                .bar = [&](Html& html) { write_bar(html, visit, view); },
                .main = [&](Html& html) { write_main(html, visit, view); },
                .is_foldable = true});
}

}  // namespace kurabe::server
