// The pieces that pages are made of.
#include "server/page_parts.hpp"

#include <fmt/format.h>

namespace kurabe::server {

namespace {

// For people, unless it is of the hour that comes twice when summer time ends.
std::string date_in_address(store::Time time, const store::TimeZone& zone) {
    std::string text = format_date(time, zone);
    const auto read = parse_date(text, zone);
    return read && *read == time ? text : epoch_text(time);
}

}  // namespace

void add_period(FormFields& fields, const Period& period, const store::TimeZone& zone) {
    if (period.term != Term::kDay) fields.emplace_back("term", term_rule(period.term).name);
    if (period.term != Term::kCustom) return;
    fields.emplace_back("from", date_in_address(period.from, zone));
    fields.emplace_back("to", date_in_address(period.to, zone));
}

Url url_of(SitePath path, const FormFields& fields) {
    Url url(path);
    for (const auto& [name, value] : fields) url.add(name, value);
    return url;
}

void write_hidden(Html& html, const FormFields& fields) {
    for (const auto& [name, value] : fields) {
        html.empty("input", {{"type", "hidden"}, {"name", name}, {"value", value}});
    }
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

void write_range_inputs(Html& html, const Visit& visit, const PicturedRange& shown) {
    const bool custom = shown.term == Term::kCustom;
    const auto write = [&](std::string_view name, std::string_view label, store::Time time) {
        const auto opened = html.open("label");
        html.text(label);
        html.empty("input", {{"type", "datetime-local"},
                             {"name", name},
                             {"value", format_date_input(time, visit.parts.zone)},
                             Attribute::flag("required")});
    };
    write("from", visit.texts.custom_from, shown.first.start);
    write("to", visit.texts.custom_to, shown.first.end);
    html.element("button", {{"class", custom ? "active" : ""}}, visit.texts.show);
}

void write_fold_button(Html& html, const Visit& visit) {
    html.element("button",
                 {{"type", "button"},
                  {"id", "fold"},
                  {"class", "needs-script"},
                  {"title", visit.texts.fold_header},
                  {"aria-label", visit.texts.fold_header}},
                 "▴");
    // On narrow screens in its place: the style sheet shows what is folded when it is checked.
    html.empty("input", {{"type", "checkbox"},
                         {"id", "unfold"},
                         {"class", "unseen"},
                         {"aria-label", visit.texts.fold_header},
                         {"autocomplete", "off"}});
    html.element("label", {{"for", "unfold"}, {"title", visit.texts.fold_header}}, "☰");
}

void write_refresh_switch(Html& html, const Visit& visit) {
    const auto label = html.open("label", {{"class", "needs-script"}});
    html.empty("input", {{"type", "checkbox"}, {"id", "refresh"}, {"autocomplete", "off"}});
    html.text(visit.texts.refresh);
}

void write_choice(Html& html, const Url& url, std::string_view text, bool is_active) {
    const auto item = html.open("li");
    html.element("a",
                 {{"href", url},
                  {"class", is_active ? "active" : ""},
                  {"aria-current", is_active ? "true" : "false"}},
                 text);
}

void write_warnings(Html& html, const PluginView& plugin) {
    for (const collectors::Warning& warning : plugin.warnings) {
        const auto box = html.open("p", {{"class", "alert"}});
        if (!warning.key.empty()) {
            html.element("b", {}, warning.key);
            html.text(": ");
        }
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
                  {"title", visit.texts.copy_hint},
                  {"aria-live", "polite"},
                  {"data-url", view.text()},
                  {"data-suffix", suffix},
                  {"data-done", visit.texts.copied}},
                 visit.texts.copy);
}

}  // namespace kurabe::server
