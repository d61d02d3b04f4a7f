// What the pages for people have in common: the frame, messages, images, ranges of time.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "server/host_view.hpp"
#include "server/html.hpp"
#include "server/pages.hpp"
#include "server/parameters.hpp"
#include "server/second_range.hpp"

namespace kurabe::server {

// What differs between pages; `bar` and `main` write the contents of <header> and <main>.
struct PageContent {
    std::string title;
    std::string_view body_class;
    std::function<void(Html&)> bar;
    std::function<void(Html&)> main;
    bool is_foldable = false;  // whether the bar has a button that folds it
    bool has_strips = false;   // whether pictures come several at a time
};
[[nodiscard]] Response render_page(const Visit& visit, const PageContent& content);

// A page that says what is wrong.
[[nodiscard]] Response message_page(const Visit& visit, int status, std::string_view message);

// "term", "from" and "to", as far as they differ from the default; dates, where these are read back
// as the same moment.
void add_period(FormFields& fields, const Period& period, const store::TimeZone& zone);

// Longer selections travel in the body of a POST: proxies often take 8 KB of request line.
inline constexpr std::size_t kLinkBytesMax = 6000;

// An address of these fields, and the same as hidden inputs of a form.
[[nodiscard]] Url url_of(SitePath path, const FormFields& fields);
void write_hidden(Html& html, const FormFields& fields);

// What a custom range ends with when nothing is given: now, down to a quarter of an hour.
[[nodiscard]] store::Time default_range_end(store::Time now);

// The window of a graph of `term`; `period` has the range of kCustom.
[[nodiscard]] Result<TimeWindow> window_of(Term term, const Period& period, store::Time now,
                                           const store::TimeZone& zone);

// For within a bar: the buttons that fold it, and that switch the renewal of pictures.
void write_fold_button(Html& html, const Visit& visit);
void write_refresh_switch(Html& html, const Visit& visit);

// An entry of a row of choices, lit when it is the present one.
void write_choice(Html& html, const Url& url, std::string_view text, bool is_active);

// What the pictures of one term show, the same for all graphs of a page.
struct PicturedRange {
    Term term;
    int width_px;
    Period period;  // of the page
    TimeWindow first;
    SecondRange compared = {};
    std::string compare = {};               // as "/graph" takes it
    std::optional<TimeWindow> second = {};  // none: nothing is compared
};
[[nodiscard]] Result<PicturedRange> picture_range(const Visit& visit, Term term, int width_px,
                                                  const Period& period, const SecondRange& second);
// Labelled inputs "from" and "to" of what is shown, and a button, for within a form.
void write_range_inputs(Html& html, const Visit& visit, const PicturedRange& shown);

// The pictures of a graph over one term, with the sizes that they will have.
struct GraphImage {
    const HostView& host;
    const PluginView& plugin;
    std::string_view graph;
    const PicturedRange& range;
    bool lazy;
};
void write_graph(Html& html, const Visit& visit, const GraphImage& image);

// Which range is which: a line for each term, nothing when only one range is shown.
void write_range_titles(Html& html, const Visit& visit, std::span<const PicturedRange> ranges);

// The choice of a second range. `at` gives the page's address with another one, and writes it as a
// link; `fields` are those of the page without it.
struct SecondRangeChoice {
    const SecondRange& second;
    const PicturedRange& range;  // the page's first
    std::function<void(const SecondRange&, std::string_view text, bool is_active)> write_choice;
    SitePath path;
    std::string_view method;
    FormFields fields;
};
void write_second_range_choice(Html& html, const Visit& visit, const SecondRangeChoice& choice);

void write_warnings(Html& html, const PluginView& plugin);
void write_badges(Html& html, const GraphGroup& group);
void write_copy_button(Html& html, const Visit& visit, const Url& view, std::string_view suffix);
void write_brand(Html& html, const Visit& visit);

}  // namespace kurabe::server
