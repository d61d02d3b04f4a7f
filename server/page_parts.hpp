// What the pages for people have in common: the frame, messages, images, ranges of time.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "server/host_view.hpp"
#include "server/html.hpp"
#include "server/pages.hpp"
#include "server/parameters.hpp"

namespace kurabe::server {

// What differs between pages; `bar` and `main` write the contents of <header> and <main>.
struct PageContent {
    std::string title;
    std::string_view body_class;
    std::function<void(Html&)> bar;
    std::function<void(Html&)> main;
};
[[nodiscard]] Response render_page(const Visit& visit, const PageContent& content);

// A page that says what is wrong.
[[nodiscard]] Response message_page(const Visit& visit, int status, std::string_view message);

// "term", "from" and "to", as far as they differ from the default.
void add_period(Url& url, const Period& period, const store::TimeZone& zone);

// What a custom range ends with when nothing is given: now, down to a quarter of an hour.
[[nodiscard]] store::Time default_range_end(store::Time now);

// The window of a graph of `term`; `period` has the range of kCustom.
[[nodiscard]] Result<TimeWindow> window_of(Term term, const Period& period, store::Time now,
                                           const store::TimeZone& zone);

// Labelled inputs "from" and "to" and a button, for within a form.
void write_range_inputs(Html& html, const Visit& visit, const Period& period);

// An entry of a row of choices, lit when it is the present one.
void write_choice(Html& html, const Url& url, std::string_view text, bool is_active);

// One <img> of a graph, with the size that it will have.
struct GraphImage {
    const HostView& host;
    const PluginView& plugin;
    std::string_view graph;
    Term term;
    int width_px;
    bool lazy;
};
void write_image(Html& html, const Visit& visit, const GraphImage& image, const Period& period);

void write_warnings(Html& html, const PluginView& plugin);
void write_badges(Html& html, const GraphGroup& group);
void write_copy_button(Html& html, const Visit& visit, const Url& view, std::string_view suffix);
void write_brand(Html& html, const Visit& visit);

}  // namespace kurabe::server
