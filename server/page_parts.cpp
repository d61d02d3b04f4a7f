// The pieces that pages are made of.
#include "server/page_parts.hpp"

#include <fmt/format.h>

namespace kurabe::server {

void add_period(Url& url, const Period& period, const store::TimeZone& zone) {
    if (period.term != Term::kDay) url.add("term", term_rule(period.term).name);
    if (period.term != Term::kCustom) return;
    url.add("from", format_date(period.from, zone));
    url.add("to", format_date(period.to, zone));
}

store::Time default_range_end(store::Time now) {
    return std::chrono::floor<std::chrono::minutes>(now) -
           std::chrono::minutes{now.time_since_epoch() / std::chrono::minutes{1} % 15};
}

Result<TimeWindow> window_of(Term term, const Period& period, store::Time now,
                             const store::TimeZone& zone) {
    if (term == Term::kCustom) return custom_window(period.from, period.to, zone);
    return window_until(term, now);
}

void write_range_inputs(Html& html, const Visit& visit, const Period& period) {
    const bool custom = period.term == Term::kCustom;
    const store::Time to = custom ? period.to : default_range_end(visit.parts.now());
    const store::Time from = custom ? period.from : to - kCustomSpan;
    const auto write = [&](std::string_view name, std::string_view label, store::Time time) {
        const auto opened = html.open("label");
        html.text(label);
        html.empty("input", {{"type", "datetime-local"},
                             {"name", name},
                             {"value", format_date_input(time, visit.parts.zone)},
                             Attribute::flag("required")});
    };
    write("from", visit.texts.custom_from, from);
    write("to", visit.texts.custom_to, to);
    html.element("button", {{"class", custom ? "active" : ""}}, visit.texts.show);
}

void write_choice(Html& html, const Url& url, std::string_view text, bool is_active) {
    const auto item = html.open("li");
    html.element("a", {{"href", url}, {"class", is_active ? "active" : ""}}, text);
}

void write_image(Html& html, const Visit& visit, const GraphImage& image, const Period& period) {
    const Host& host = *image.host.place.host;
    Url url = Url("/graph")
                  .with("address", host.address)
                  .with("plugin_identifier", image.plugin.identifier)
                  .with("graph", image.graph);
    add_period(url, {image.term, period.from, period.to}, visit.parts.zone);
    url.add("width", std::to_string(image.width_px));
    const render::ImageSize size = visit.graphs.size(
        {&host, image.plugin.line, image.graph}, image.plugin.meta, {.width_px = image.width_px});
    html.empty("img", {{"src", url},
                       {"width", std::to_string(size.width_px)},
                       {"height", std::to_string(size.height_px)},
                       {"alt", fmt::format("{} {} {}", image.graph,
                                           visit.texts.term_name(image.term), host.hostname)},
                       {"loading", image.lazy ? "lazy" : "eager"},
                       {"decoding", "async"}});
}

void write_warnings(Html& html, const PluginView& plugin) {
    for (const collectors::Warning& warning : plugin.warnings) {
        const auto box = html.open("p", {{"class", "alert"}});
        html.element("b", {}, warning.key);
        html.text(": ");
        html.text(warning.text);
    }
}

void write_badges(Html& html, const GraphGroup& group) {
    for (const Badge& badge : group.badges) {
        const auto box =
            html.open("span", {{"class", badge.key == "warn" ? "badge warn" : "badge"}});
        html.element("b", {}, badge.key);
        html.text(" ");
        html.text(badge.value);
    }
}

void write_copy_button(Html& html, const Visit& visit, const Url& view, std::string_view suffix) {
    html.element("button",
                 {{"type", "button"},
                  {"class", "copy needs-script"},
                  {"data-url", view.text()},
                  {"data-suffix", suffix},
                  {"data-done", visit.texts.copied}},
                 visit.texts.copy);
}

}  // namespace kurabe::server
