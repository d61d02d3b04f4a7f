// Pictures of one or two ranges of time, and what chooses the second.
#include <algorithm>

#include <fmt/format.h>

#include "server/page_parts.hpp"

namespace kurabe::server {
namespace {

constexpr std::size_t kMinuteBytes = 16;  // of "2026-01-02 03:04:05"
// Rows of less time are not drawn: the pixel that now is in, as "/graph" takes it.
constexpr store::Seconds kPixelMin{10};
// How often pictures in an open page are renewed.
constexpr store::Seconds kRenewalMin{60};
constexpr store::Seconds kRenewalMax{300};

std::string minute_text(store::Time time, const store::TimeZone& zone) {
    return format_date(time, zone).substr(0, kMinuteBytes);
}

std::string range_text(const TimeWindow& window, const store::TimeZone& zone) {
    return fmt::format("{} – {}", minute_text(window.start, zone), minute_text(window.end, zone));
}

// What a picture of the term shows when it is asked for now: all of a pixel's time get the same.
Result<TimeWindow> pictured_window(const Visit& visit, Term term, int width_px,
                                   const Period& period) {
    const store::Time now = visit.parts.now();
    auto window = window_of(term, period, now, visit.parts.zone);
    if (!window || term == Term::kCustom) return window;
    const store::Seconds pixel = std::max((window->end - window->start) / width_px, kPixelMin);
    const store::Seconds ahead = pixel - now.time_since_epoch() % pixel;
    window->start += ahead;
    window->end += ahead;
    return window;
}

enum class Which : std::uint8_t { kFirst, kSecond };

// Nobody reads a picture's address, and a date may be two moments.
void add_custom(FormFields& fields, store::Time from, store::Time to) {
    fields.emplace_back("term", term_rule(Term::kCustom).name);
    fields.emplace_back("from", epoch_text(from));
    fields.emplace_back("to", epoch_text(to));
}

Url picture_url(const GraphImage& image, Which which) {
    const PicturedRange& range = image.range;
    const bool is_pair = range.second && range.compared.is_beside();
    FormFields fields{{"address", image.host.place.host->address},
                      {"plugin_identifier", image.plugin.identifier},
                      {"graph", std::string(image.graph)}};
    if (which == Which::kSecond) {
        add_custom(fields, range.second->start, range.second->end);
    } else if (is_pair) {  // whenever it is asked for, it is the range that the other's scale holds
        add_custom(fields, range.first.start, range.first.end);
    } else if (range.term == Term::kCustom) {
        add_custom(fields, range.period.from, range.period.to);
    } else if (range.term != Term::kDay) {
        fields.emplace_back("term", term_rule(range.term).name);
    }
    fields.emplace_back("width", std::to_string(range.width_px));
    if (range.second && range.compared.is_over()) fields.emplace_back("compare", range.compare);
    if (is_pair) {
        const TimeWindow& other = which == Which::kFirst ? *range.second : range.first;
        fields.emplace_back("scale_with", epoch_text(other.start));
    }
    return url_of("/graph", fields);
}

// After how many seconds a picture is old; none where its range does not end about now. Of two
// pictures side by side neither is: they would no longer show what stands above them.
std::optional<store::Seconds> renewal_of(const Visit& visit, const PicturedRange& range) {
    if (range.compared.is_beside()) return std::nullopt;
    const store::Time now = visit.parts.now();
    const bool is_closed = range.term == Term::kCustom && range.period.to < now;
    if (is_closed && (!range.second || range.second->end < now)) return std::nullopt;
    const store::Seconds pixel = (range.first.end - range.first.start) / range.width_px;
    return std::clamp(pixel, kRenewalMin, kRenewalMax);
}

// For screens with more pixels than a page counts.
std::string dense_candidate(const Url& url) {
    return fmt::format("{} 2x", url.with("scale", "2").text());
}

// For a <picture>, before its <img>.
void write_dark_source(Html& html, const Url& url) {
    const Url dark = url.with("theme", "dark");
    html.empty("source", {{"media", "(prefers-color-scheme:dark)"},
                          {"srcset", fmt::format("{}, {}", dark.text(), dense_candidate(dark))}});
}

void write_image(Html& html, const Visit& visit, const GraphImage& image, Which which,
                 const Url& url) {
    const PicturedRange& range = image.range;
    const Host& host = *image.host.place.host;
    const render::ImageSize size = visit.graphs.size(
        {&host, image.plugin.line, image.graph}, image.plugin.meta,
        {.width_px = range.width_px, .compares = range.second && range.compared.is_over()});
    std::string text =
        fmt::format("{} {} {}", image.graph, visit.texts.term_name(range.term), host.hostname);
    if (range.second) {
        if (which == Which::kFirst) text += " A " + range_text(range.first, visit.parts.zone);
        if (which == Which::kSecond || range.compared.is_over()) {
            text += " B " + range_text(*range.second, visit.parts.zone);
        }
    }
    const auto renewal = renewal_of(visit, range);
    const std::string every = renewal ? std::to_string(renewal->count()) : "";
    const std::string dense = dense_candidate(url);
    html.empty(
        "img",
        {renewal ? Attribute("data-every", every) : Attribute::flag("data-every", false),
         {"src", url},
         {"srcset", dense},
         {"width", std::to_string(size.width_px)},
         {"height", std::to_string(size.height_px)},
         {"alt", text},
         {"loading", image.lazy ? "lazy" : "eager"},
         image.lazy ? Attribute::flag("fetchpriority", false) : Attribute("fetchpriority", "high"),
         {"decoding", "async"}});
}

// Where the configuration names no theme a picture is as the browser's user likes it: without a
// script, and also when that changes while the page is open.
void write_picture(Html& html, const Visit& visit, const GraphImage& image, Which which) {
    const Url url = picture_url(image, which);
    if (visit.parts.config.theme) {
        write_image(html, visit, image, which, url);
        return;
    }
    const auto choice = html.open("picture");
    write_dark_source(html, url);
    write_image(html, visit, image, which, url);
}

void write_figure(Html& html, const Visit& visit, const GraphImage& image, Which which) {
    const bool is_first = which == Which::kFirst;
    const auto figure = html.open("figure");
    {
        const auto caption = html.open("figcaption");
        html.element("b", {}, is_first ? "A" : "B");
        html.text(" ");
        html.text(range_text(is_first ? image.range.first : *image.range.second, visit.parts.zone));
    }
    write_picture(html, visit, image, which);
}

void write_start_form(Html& html, const Visit& visit, const SecondRangeChoice& choice) {
    const SecondRange& second = choice.second;
    const bool is_preset = std::ranges::find(kSecondRangePresets, second.given,
                                             &SecondRangePreset::name) != kSecondRangePresets.end();
    const auto form = html.open(
        "form", {{"class", "range"}, {"action", Url(choice.path)}, {"method", choice.method}});
    write_hidden(html, choice.fields);
    if (second.is_beside()) write_hidden(html, {{"compare_as", "beside"}});
    const store::Time start = choice.range.second
                                  ? choice.range.second->start
                                  : choice.range.first.start - store::Seconds{86400};
    {
        const auto label = html.open("label");
        html.text(visit.texts.compare_start);
        html.empty("input", {{"type", "datetime-local"},
                             {"name", "compare"},
                             {"value", format_date_input(start, visit.parts.zone)},
                             Attribute::flag("required")});
    }
    html.element("button", {{"class", second.is_on() && !is_preset ? "active" : ""}},
                 visit.texts.show);
}

}  // namespace

Result<PicturedRange> picture_range(const Visit& visit, Term term, int width_px,
                                    const Period& period, const SecondRange& second) {
    auto window = pictured_window(visit, term, width_px, period);
    if (!window) return std::unexpected(window.error());
    PicturedRange range{term, width_px, period, *std::move(window)};
    if (!second.is_on()) return range;
    auto compared = second_window(second, range.first, visit.parts.now(), visit.parts.zone);
    if (!compared) {
        return fail(compared.error().code,
                    fmt::format("parameter compare: {}", compared.error().message));
    }
    range.compared = second;
    range.compare = second.start_text(visit.parts.zone);
    range.second = *std::move(compared);
    return range;
}

void write_graph(Html& html, const Visit& visit, const GraphImage& image) {
    if (image.range.second && image.range.compared.is_beside()) {
        write_figure(html, visit, image, Which::kFirst);
        write_figure(html, visit, image, Which::kSecond);
    } else {
        write_picture(html, visit, image, Which::kFirst);
    }
}

void write_range_titles(Html& html, const Visit& visit, std::span<const PicturedRange> ranges) {
    if (ranges.empty() || !ranges.front().second) return;
    const auto list = html.open("ul", {{"class", "ranges"}});
    for (const PicturedRange& range : ranges) {
        const auto item = html.open("li");
        html.element("b", {}, visit.texts.term_name(range.term));
        html.text(" A ");
        html.element("span", {{"class", "times"}}, range_text(range.first, visit.parts.zone));
        html.text(" / B ");
        html.element("span", {{"class", "times"}}, range_text(*range.second, visit.parts.zone));
        if (range.compared.is_over()) html.text(fmt::format(" ({})", visit.texts.drawn_dashed));
    }
}

void write_second_range_choice(Html& html, const Visit& visit, const SecondRangeChoice& choice) {
    const Texts& texts = visit.texts;
    const SecondRange& second = choice.second;
    const auto group = html.open(
        "div",
        {{"class", "row foldable comparing"}, {"role", "group"}, {"aria-label", texts.compare}});
    html.element("span", {{"class", "caption"}}, texts.compare);
    {
        const auto list = html.open("ul", {{"class", "pills"}});
        choice.write_choice({}, texts.compare_off, !second.is_on());
        for (std::size_t i = 0; i < kSecondRangePresets.size(); ++i) {
            const std::string name(kSecondRangePresets[i].name);
            choice.write_choice({name, second.as}, texts.compare_names[i], second.given == name);
        }
    }
    if (second.is_on()) {
        const auto list = html.open("ul", {{"class", "pills"}});
        choice.write_choice({second.given, ShownAs::kOver}, texts.compare_over, second.is_over());
        choice.write_choice({second.given, ShownAs::kBeside}, texts.compare_beside,
                            second.is_beside());
    }
    write_start_form(html, visit, choice);
}

}  // namespace kurabe::server
