// Writes the page as one string.
#include "tests/gallery/gallery_page.hpp"

#include <fmt/format.h>

namespace kurabe::tests {
namespace {

constexpr std::string_view kHead =
    "<!doctype html><meta charset=\"utf-8\"><title>Gallery</title>\n"
    "<style>\n"
    "body { font: 13px sans-serif; margin: 1em; background: #ccc }\n"
    "section { margin: 0 0 2em }\n"
    "h2 { font-size: 15px; margin: 0 0 .3em }\n"
    "p { margin: 0 0 .3em; color: #444 }\n"
    ".pair { display: flex; gap: 1em; align-items: start; flex-wrap: wrap }\n"
    "table { border-collapse: collapse; margin-top: .3em }\n"
    "td, th { border: 1px solid #888; padding: 0 .5em; text-align: left }\n"
    ".error { color: #b00 }\n"
    "pre { background: #eee; padding: .5em }\n"
    "</style>\n"
    "<h1>rrdtool on the left, Kurabe on the right</h1>\n";

std::string escaped(std::string_view text) {
    std::string html;
    for (const char c : text) {
        switch (c) {
            case '&':
                html += "&amp;";
                break;
            case '<':
                html += "&lt;";
                break;
            case '>':
                html += "&gt;";
                break;
            case '"':
                html += "&quot;";
                break;
            default:
                html += c;
        }
    }
    return html;
}

// What a browser cannot show in a page is a link.
std::string picture(const std::filesystem::path& file) {
    const std::string name = escaped(file.string());
    if (file.extension() == ".png" || file.extension() == ".svg") {
        return fmt::format("<img src=\"{0}\" alt=\"{0}\">\n", name);
    }
    return fmt::format("<a href=\"{0}\">{0}</a>\n", name);
}

std::string difference_table(const std::vector<Difference>& differences) {
    if (differences.empty()) return {};
    std::string html = "<table><tr><th><th>rrdtool<th>Kurabe\n";
    for (const auto& [key, ours, theirs] : differences) {
        html +=
            fmt::format("<tr><td>{}<td>{}<td>{}\n", escaped(key), escaped(theirs), escaped(ours));
    }
    return html + "</table>\n";
}

std::string section(const GalleryEntry& entry) {
    const DefinitionFile& definition = entry.definition;
    std::string html = fmt::format("<section id=\"{0}\"><h2>{0}</h2><p>{1}</p><div class=pair>\n",
                                   escaped(definition.path()), escaped(definition.comment));
    html += picture(entry.theirs);
    html += entry.error.empty() ? picture(entry.ours)
                                : fmt::format("<p class=error>{}</p>\n", escaped(entry.error));
    html += "</div>\n" + difference_table(entry.differences);
    if (!definition.because.empty()) html += "<p>" + escaped(definition.because) + "</p>\n";
    html += "<details><summary>words</summary>";
    html += "<pre>";
    for (const std::string& word : definition.words) html += escaped(word) + "\n";
    return html + "</pre></details></section>\n";
}

}  // namespace

std::string gallery_page(const std::vector<GalleryEntry>& entries) {
    std::string html(kHead);
    for (const GalleryEntry& entry : entries) html += section(entry);
    return html;
}

}  // namespace kurabe::tests
