// "/servers": chosen hosts side by side, one column each, the same graph of all in one row.
#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "server/aligned_rows.hpp"
#include "server/language.hpp"
#include "server/page_parts.hpp"
#include "server/unlisted_view.hpp"

namespace kurabe::server {
namespace {

constexpr int kWidth_px = 420;
// About the first screen; the others load when they come near.
constexpr std::size_t kFirstRows = 4;
constexpr std::size_t kFirstColumns = 4;
// Hosts name their devices themselves, and each name that no other host has is a row of its own.
constexpr std::size_t kImagesMax = 20000;
// From so many on strips are faster than one request for each picture: bench/page_load.
constexpr std::size_t kStripsFrom = 40;
constexpr std::size_t kCellsMax = 200000;

struct HostsPageView {
    std::vector<HostView> hosts;
    std::vector<std::string> names;         // theirs on paper
    std::vector<FoundHost> found;           // whose they are
    std::vector<std::string_view> unknown;  // addresses that nobody knows
    Period period;
    SecondRange second;
    std::optional<PicturedRange> range;  // of all pictures; set once all is read
    std::string_view only_plugin;        // empty = all
    std::vector<AlignedPlugin> rows;     // of all plugins
    bool by_post = false;
};

void add_hosts(FormFields& fields, const HostsPageView& view) {
    for (const HostView& host : view.hosts) {
        fields.emplace_back("address", host.place.host->address);
    }
}

// The address of this selection: with the hosts, or without them when a form brings them.
Url page_url(const Visit& visit, const HostsPageView& view, const Period& period,
             std::string_view plugin, const SecondRange& second) {
    FormFields fields;
    if (!view.by_post) add_hosts(fields, view);
    if (!plugin.empty()) fields.emplace_back("plugin_identifier", plugin);
    add_period(fields, period, visit.parts.zone);
    add_second_range(fields, second);
    return url_of("/servers", fields);
}

Url page_url(const Visit& visit, const HostsPageView& view, const Period& period,
             std::string_view plugin) {
    return page_url(visit, view, period, plugin, view.second);
}

// An entry of a row of choices: a link, or a button that posts the selection.
struct Option {
    Url url;
    std::string_view text;
    std::string_view title = {};
    bool is_active = false;
    bool is_troubled = false;
};
void write_option(Html& html, const HostsPageView& view, const Option& option) {
    const auto item = html.open("li", {{"class", option.is_troubled ? "troubled" : ""}});
    const std::string_view look = option.is_active ? "active" : "";
    const std::string_view current = option.is_active ? "true" : "false";
    if (view.by_post) {
        html.element("button",
                     {{"form", "selection"},
                      {"formaction", option.url},
                      {"class", look},
                      {"title", option.title},
                      {"aria-current", current}},
                     option.text);
    } else {
        html.element("a",
                     {{"href", option.url},
                      {"class", look},
                      {"title", option.title},
                      {"aria-current", current}},
                     option.text);
    }
}

void write_terms(Html& html, const Visit& visit, const HostsPageView& view) {
    const auto nav = html.open("nav", {{"aria-label", visit.texts.terms_label}});
    const auto list = html.open("ul", {{"class", "pills terms"}});
    for (const Term term : {Term::kDay, Term::kWeek, Term::kMonth, Term::kYear, Term::k1Hour,
                            Term::k4Hours, Term::k8Hours, Term::k3Days}) {
        write_option(html, view,
                     {.url = page_url(visit, view, {term, {}, {}}, view.only_plugin),
                      .text = visit.texts.term_name(term),
                      .is_active = view.period.term == term});
    }
}

void write_plugins(Html& html, const Visit& visit, const HostsPageView& view) {
    const auto nav = html.open("nav", {{"aria-label", visit.texts.plugins_label}});
    const auto list = html.open("ul", {{"class", "pills"}});
    write_option(html, view,
                 {.url = page_url(visit, view, view.period, ""),
                  .text = visit.texts.all_plugins,
                  .is_active = view.only_plugin.empty()});
    for (const AlignedPlugin& plugin : view.rows) {
        write_option(html, view,
                     {.url = page_url(visit, view, view.period, plugin.identifier),
                      .text = plugin.short_identifier,
                      .title = plugin.identifier,
                      .is_active = plugin.identifier == view.only_plugin,
                      .is_troubled = plugin.any_warning});
    }
}

std::string_view method_of(const HostsPageView& view) {
    return view.by_post ? "post" : "get";
}

void write_range(Html& html, const Visit& visit, const HostsPageView& view) {
    const auto form = html.open("form", {{"class", "range"},
                                         {"aria-label", visit.texts.range_label},
                                         {"action", Url("/servers")},
                                         {"method", method_of(view)}});
    FormFields fields;
    add_hosts(fields, view);
    fields.emplace_back("term", "custom");
    if (!view.only_plugin.empty()) fields.emplace_back("plugin_identifier", view.only_plugin);
    add_second_range(fields, view.second);
    write_hidden(html, fields);
    write_range_inputs(html, visit, *view.range);
}

void write_comparing(Html& html, const Visit& visit, const HostsPageView& view) {
    const auto write = [&](const SecondRange& second, std::string_view text, bool is_active) {
        write_option(html, view,
                     {.url = page_url(visit, view, view.period, view.only_plugin, second),
                      .text = text,
                      .is_active = is_active});
    };
    FormFields fields;
    add_hosts(fields, view);
    if (!view.only_plugin.empty()) fields.emplace_back("plugin_identifier", view.only_plugin);
    add_period(fields, view.period, visit.parts.zone);
    write_second_range_choice(html, visit,
                              {.second = view.second,
                               .range = *view.range,
                               .write_choice = write,
                               .path = "/servers",
                               .method = method_of(view),
                               .fields = fields});
}

// In a POST: the form that brings the hosts for all choices.
void write_selection(Html& html, const HostsPageView& view) {
    if (!view.by_post) return;
    const auto form =
        html.open("form", {{"id", "selection"}, {"action", Url("/servers")}, {"method", "post"}});
    FormFields fields;
    add_hosts(fields, view);
    write_hidden(html, fields);
}

void write_bar(Html& html, const Visit& visit, const HostsPageView& view) {
    {
        const auto row = html.open("div", {{"class", "row"}});
        write_brand(html, visit);
        html.element("h1", {},
                     fmt::format("{} ({})", visit.texts.selected_servers, view.hosts.size()));
    }
    write_fold_button(html, visit);
    {
        const auto row = html.open("div", {{"class", "row foldable"}});
        if (!view.by_post) {
            write_copy_button(html, visit, page_url(visit, view, view.period, view.only_plugin),
                              "");
        }
        write_plugins(html, visit, view);
    }
    {
        const auto row = html.open("div", {{"class", "row foldable"}});
        write_terms(html, visit, view);
        write_refresh_switch(html, visit);
        write_range(html, visit, view);
    }
    write_comparing(html, visit, view);
    write_selection(html, view);
}

// The page of one host over the same ranges; there a week is shown with a day, a year with a month.
Url host_url(const Visit& visit, const HostsPageView& view, const Host& host) {
    Period period = view.period;
    if (period.term == Term::kWeek) period.term = Term::kDay;
    if (period.term == Term::kYear) period.term = Term::kMonth;
    FormFields fields{{"address", host.address}};
    add_period(fields, period, visit.parts.zone);
    add_second_range(fields, view.second);
    return url_of("/server", fields);
}

void write_column_head(Html& html, const Visit& visit, const HostsPageView& page,
                       const HostView& view) {
    const Host& host = *view.place.host;
    const auto cell = html.open("th", {{"scope", "col"}});
    const std::string& service = view.place.service->name;
    if (!service.empty()) {
        html.element("a", {{"href", Url("/").with("service", service)}, {"class", "service"}},
                     service);
        html.text(" › ");
    }
    const auto link = html.open("a", {{"href", host_url(visit, page, host)}});
    if (host.hostname != host.address) {
        html.element("span", {{"class", "address"}}, host.address);
        html.text(" ");
    }
    html.element("b", {}, host.hostname);
    html.text(" ");
    html.element("small", {}, host.comments);
    if (view.damage) {
        html.element("p", {{"class", "alert"}},
                     fmt::format("{}{}", visit.texts.damaged, *view.damage));
    }
}

// What print.css says with each cell: on paper none stands below its host's head.
std::vector<std::string> names_on_paper(const std::vector<HostView>& hosts) {
    std::map<std::string_view, int> bearers;
    for (const HostView& host : hosts) ++bearers[host.place.host->hostname];
    std::vector<std::string> names;
    for (const HostView& view : hosts) {
        const Host& host = *view.place.host;
        names.push_back(bearers[host.hostname] == 1
                            ? host.hostname
                            : fmt::format("{} {}", host.address, host.hostname));
    }
    return names;
}

// One cell of every host that has the plugin; the others stay empty. `is_named` says of which cells
// paper names the host.
template <typename IsNamed, typename Write>
void write_cells(Html& html, const HostsPageView& view, const AlignedPlugin& row, IsNamed is_named,
                 Write write) {
    for (std::size_t column = 0; column < view.hosts.size(); ++column) {
        const PluginView* plugin = plugin_of(view.hosts[column], row.identifier);
        const bool names = plugin != nullptr && is_named(*plugin);
        const auto cell = html.open("td", {names ? Attribute("data-host", view.names[column])
                                                 : Attribute::flag("data-host", false)});
        if (plugin != nullptr) write(*plugin, column);
    }
}

void write_group(Html& html, const Visit& visit, const HostsPageView& view,
                 const AlignedPlugin& plugin_row, const AlignedGroup& group_row,
                 std::size_t& rows) {
    {
        const auto row = html.open("tr", {{"class", "group"}});
        const auto has_badges = [&](const PluginView& plugin) {
            const GraphGroup* group = group_of(plugin, group_row.label);
            return group != nullptr && !group->badges.empty();
        };
        write_cells(html, view, plugin_row, has_badges, [&](const PluginView& plugin, std::size_t) {
            const GraphGroup* group = group_of(plugin, group_row.label);
            if (group == nullptr) return;
            html.text(group->label);
            write_badges(html, *group);
        });
    }
    for (const std::string& graph : group_row.graphs) {
        const bool first_screen = rows++ < kFirstRows;
        const auto row = html.open("tr", {{"class", "graphs"}});
        const auto is_there = [&](const PluginView& plugin) {
            return has_graph(plugin, group_row.label, graph);
        };
        const auto write = [&](const PluginView& plugin, std::size_t column) {
            if (!is_there(plugin)) {
                html.element("span", {{"class", "absent"}, {"title", visit.texts.not_on_host}},
                             "–");
                return;
            }
            write_graph(html, visit,
                        {.host = view.hosts[column],
                         .plugin = plugin,
                         .graph = graph,
                         .range = *view.range,
                         .lazy = !first_screen || column >= kFirstColumns});
        };
        write_cells(html, view, plugin_row, is_there, write);
    }
}

void write_plugin(Html& html, const Visit& visit, const HostsPageView& view,
                  const AlignedPlugin& plugin_row, std::size_t& rows) {
    const auto body = html.open("tbody");
    {
        const auto row = html.open("tr", {{"class", "plugin"}});
        const auto cell = html.open(
            "th", {{"colspan", std::to_string(view.hosts.size())}, {"scope", "rowgroup"}});
        html.element("span", {}, plugin_row.identifier);
    }
    if (plugin_row.any_warning) {
        const auto row = html.open("tr", {{"class", "warnings"}});
        write_cells(
            html, view, plugin_row,
            [](const PluginView& plugin) { return !plugin.warnings.empty(); },
            [&](const PluginView& plugin, std::size_t) { write_warnings(html, plugin); });
    }
    for (const AlignedGroup& group : plugin_row.groups) {
        write_group(html, visit, view, plugin_row, group, rows);
    }
}

bool is_shown(const HostsPageView& view, std::string_view plugin) {
    return view.only_plugin.empty() || plugin == view.only_plugin;
}

void write_main(Html& html, const Visit& visit, const HostsPageView& view) {
    if (!view.unknown.empty()) {
        html.element("p", {{"class", "alert notice"}},
                     fmt::format("{}{}", visit.texts.unknown_hosts, fmt::join(view.unknown, ", ")));
    }
    write_range_titles(html, visit, std::span(&*view.range, 1));
    const auto table =
        html.open("table", {{"class", view.second.is_beside() ? "compare pairs" : "compare"}});
    {
        const auto head = html.open("thead");
        const auto row = html.open("tr");
        for (const HostView& host : view.hosts) write_column_head(html, visit, view, host);
    }
    std::size_t rows = 0;
    for (const AlignedPlugin& plugin : view.rows) {
        if (is_shown(view, plugin.identifier)) write_plugin(html, visit, view, plugin, rows);
    }
}

std::size_t image_count(const HostsPageView& view) {
    std::size_t count = 0;
    for (const HostView& host : view.hosts) {
        for (const PluginView& plugin : host.plugins) {
            if (!is_shown(view, plugin.identifier)) continue;
            for (const GraphGroup& group : plugin.groups) count += group.graphs.size();
        }
    }
    return view.second.is_beside() ? 2 * count : count;
}

std::size_t cell_count(const HostsPageView& view) {
    std::size_t rows = 0;
    for (const AlignedPlugin& plugin : view.rows) {
        if (!is_shown(view, plugin.identifier)) continue;
        for (const AlignedGroup& group : plugin.groups) rows += 1 + group.graphs.size();
    }
    return rows * view.hosts.size();
}

// Lines the hosts up, unless that would be more than a browser can show.
Result<void> align(HostsPageView& view) {
    if (const std::size_t images = image_count(view); images > kImagesMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("these hosts have {} graphs, more than the {} of a page; choose "
                                "fewer hosts",
                                images, kImagesMax));
    }
    view.rows = align_rows(view.hosts);
    if (const std::size_t cells = cell_count(view); cells > kCellsMax) {
        return fail(ErrorCode::kLimit,
                    fmt::format("the graphs of these hosts need {} cells, more than the {} of a "
                                "page; choose fewer hosts or one plugin",
                                cells, kCellsMax));
    }
    return {};
}

Result<HostsPageView> read_view(const Visit& visit) {
    const store::Time now = visit.parts.now();
    Parameters parameters(visit.request);
    HostsPageView view;
    const auto addresses = parameters.addresses();
    view.period = parameters.period(visit.parts.zone, now, default_range_end(now));
    view.only_plugin = parameters.text("plugin_identifier");
    view.second = read_second_range(parameters);
    if (const auto checked = parameters.check(); !checked) return std::unexpected(checked.error());
    auto range = picture_range(visit, view.period.term, kWidth_px, view.period, view.second);
    if (!range) return std::unexpected(range.error());
    view.range = *std::move(range);

    for (const std::string_view address : addresses) {
        auto found = find_host(visit.parts, address);
        if (found) {
            view.hosts.push_back(view_host(visit.parts, found->place, visit.texts));
            view.found.push_back(*std::move(found));
        } else if (found.error().code == ErrorCode::kNotFound) {
            view.unknown.push_back(address);
        } else {
            return std::unexpected(found.error());
        }
    }
    if (view.hosts.empty()) {
        return fail(ErrorCode::kNotFound,
                    "parameter address: none of these hosts is in the configuration");
    }
    view.names = names_on_paper(view.hosts);
    if (const auto aligned = align(view); !aligned) return std::unexpected(aligned.error());
    if (!view.only_plugin.empty() &&
        std::ranges::find(view.rows, view.only_plugin, &AlignedPlugin::identifier) ==
            view.rows.end()) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("parameter plugin_identifier: none of these hosts has '{}'",
                                view.only_plugin));
    }
    view.by_post =
        page_url(visit, view, view.period, view.only_plugin).query_bytes() > kLinkBytesMax;
    return view;
}

}  // namespace

Result<Response> servers_page(const Visit& given) {
    if (auto redirect = language_redirect(given)) return *std::move(redirect);
    const Visit visit = in_chosen_language(given);
    const auto view = read_view(visit);
    if (!view) return std::unexpected(view.error());
    return render_page(
        visit, {.title = fmt::format("{} ({})", visit.texts.selected_servers, view->hosts.size()),
                .body_class = "servers",
                .bar = [&](Html& html) { write_bar(html, visit, *view); },
                .main = [&](Html& html) { write_main(html, visit, *view); },
                .is_foldable = true,
                .has_strips = image_count(*view) >= kStripsFrom});
}

}  // namespace kurabe::server
