// Arguments of one graph: first every field's data, then what is drawn, in graph_order.
#include "collectors/munin/graphs.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "collectors/graph_colours.hpp"
#include "collectors/host_port.hpp"
#include "store/utf8.hpp"

namespace kurabe::collectors::munin {
namespace {

constexpr std::string_view kFormat = "%6.2lf";
constexpr std::size_t kLabelCharactersMax = 40;

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(" \t,"), text.size()));
        if (text.empty()) return words;
        words.push_back(text.substr(0, text.find_first_of(" \t,")));
        text.remove_prefix(words.back().size());
    }
}

std::optional<double> number_of(std::string_view text) {
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    constexpr double kMost = 1e30;
    if (error != std::errc{} || stop != end || !(std::abs(number) <= kMost)) return std::nullopt;
    return number;
}

std::string prefix_of(std::string_view text, std::size_t characters) {
    std::string_view rest = text;
    for (; characters > 0 && !rest.empty(); --characters) {
        rest.remove_prefix(std::max<std::size_t>(store::utf8_length(rest), 1));
    }
    return std::string(text.substr(0, text.size() - rest.size()));
}

bool is_colour(std::string_view text) {
    return (text.size() == 6 || text.size() == 8) && std::ranges::all_of(text, [](char byte) {
               return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
                      (byte >= 'A' && byte <= 'F');
           });
}

// "rrggbb", "COLOURn", or the palette's for the n-th that is drawn.
std::string colour_of(const Field& field, std::size_t drawn) {
    constexpr std::string_view kNumbered = "COLOUR";
    std::string_view text = field.colour;
    if (text.starts_with('#')) text.remove_prefix(1);
    if (is_colour(text)) return std::string(text);
    const bool is_numbered = text.starts_with(kNumbered);
    const auto number = is_numbered ? number_of(text.substr(kNumbered.size())) : std::nullopt;
    const bool is_index = number && *number >= 0 && *number < 1000;
    return std::string(graph_colour(is_index ? static_cast<std::size_t>(*number) : drawn));
}

// "%6.2lf" as graph_printf gives it, with nothing but flags, width and precision.
std::string format_of(const Service& service) {
    std::string_view format = service.printf;
    const bool is_number =
        format.size() >= 3 && format.size() <= 12 && format.starts_with('%') &&
        format[format.size() - 2] == 'l' && consists_of(format.substr(1), ".+-") &&
        std::string_view("efg").contains(format.back()) &&
        std::ranges::count_if(format, [](char byte) { return byte >= 'A'; }) == 2;
    return fmt::format("{}{}", is_number ? format : kFormat, service.scale ? "%s" : "");
}

// Of one field, as it is drawn.
struct Drawn {
    const Field* field;
    std::string value;     // name in the graph language
    std::string mirrored;  // of the one that is its negative, as itself; empty: none
    std::string colour;
    std::string label;
};

class GraphWriter {
  public:
    explicit GraphWriter(const Service& service) : service_(service), format_(format_of(service)) {
        graph_.key = service.name;
    }

    [[nodiscard]] PageGraph write();

  private:
    [[nodiscard]] std::vector<const Field*> in_order() const;
    [[nodiscard]] bool is_negative(const Field& field) const;
    void add_data();
    [[nodiscard]] std::string add_limits(const Field& field, std::string name);
    void add_computed();
    [[nodiscard]] std::optional<std::string> cdef_of(const Field& field) const;
    [[nodiscard]] std::optional<std::string> sum_of(const Field& field) const;
    void compute(std::size_t place, const std::string& expression);
    [[nodiscard]] std::string value_of(std::string_view field) const;
    void choose_drawn();
    void draw_all();
    void draw(const Drawn& drawn, const std::string& value, bool is_first, bool has_legend);
    void add_legend(const Drawn& drawn);
    void add_total();
    void add_lines();
    void read_arguments();
    [[nodiscard]] std::string vlabel() const;
    void add(std::string line) { graph_.lines.push_back(std::move(line)); }

    const Service& service_;
    std::string format_;
    PageGraph graph_;
    // Name of each field's data, within its limits; empty: it is a sum of what is not here.
    std::vector<std::string> raw_;
    std::vector<std::string> values_;  // and after cdef, sum and period
    std::vector<Drawn> drawn_;
    std::size_t label_characters_ = 0;
    std::string shape_;  // "AREA" or "LINE1", of what was drawn last
};

bool GraphWriter::is_negative(const Field& field) const {
    return std::ranges::any_of(service_.fields, [&](const Field& other) {
        return &other != &field && other.negative == field.name;
    });
}

// Those that graph_order names, then the others. "alias=service.field" borrows from elsewhere and
// is passed over.
std::vector<const Field*> GraphWriter::in_order() const {
    std::vector<const Field*> ordered;
    const auto add_field = [&ordered](const Field& field) {
        if (std::ranges::find(ordered, &field) == ordered.end()) ordered.push_back(&field);
    };
    const auto named = words_of(service_.order);
    for (std::size_t i = 0; i < std::min(named.size(), kFieldsMax); ++i) {
        if (const Field* field = service_.find(named[i])) add_field(*field);
    }
    std::vector<const Field*> rest;
    for (const Field& field : service_.fields) {
        if (std::ranges::find(ordered, &field) == ordered.end()) rest.push_back(&field);
    }
    ordered.insert(ordered.end(), rest.begin(), rest.end());
    return ordered;
}

// RPN's LIMIT makes what is outside of min and max unknown, as Munin's files do.
std::string GraphWriter::add_limits(const Field& field, std::string name) {
    if (!field.min && !field.max) return name;
    const auto end = [](const std::optional<double>& value, const char* otherwise) {
        return value ? fmt::format("{}", *value) : std::string(otherwise);
    };
    add(fmt::format("CDEF:l{0}={0},{1},{2},LIMIT", name, end(field.min, "NEGINF"),
                    end(field.max, "INF")));
    return "l" + name;
}

void GraphWriter::add_data() {
    for (std::size_t i = 0; i < service_.fields.size(); ++i) {
        const Field& field = service_.fields[i];
        std::string& name = raw_.emplace_back();
        if (!field.sum.empty()) continue;
        name = fmt::format("v{}", i);
        add(fmt::format("DEF:{}={}:n:AVERAGE", name, series_key(service_, field)));
        name = add_limits(field, std::move(name));
    }
    // Those that are summed from others have no data of their own.
    for (std::size_t i = 0; i < service_.fields.size(); ++i) {
        const Field& field = service_.fields[i];
        if (field.sum.empty()) continue;
        const auto sum = sum_of(field);
        if (!sum) continue;
        raw_[i] = fmt::format("v{}", i);
        add(fmt::format("CDEF:{}={}", raw_[i], *sum));
    }
    values_ = raw_;
}

std::string GraphWriter::value_of(std::string_view field) const {
    const Field* found = service_.find(field);
    if (found == nullptr) return {};
    return raw_[static_cast<std::size_t>(found - service_.fields.data())];
}

bool is_operator(std::string_view word) {
    constexpr std::array<std::string_view, 44> kOperators{
        "+",       "-",   "*",   "/",     "%",    "LT",     "LE",     "GT",    "GE",
        "EQ",      "NE",  "UN",  "ISINF", "IF",   "MIN",    "MAX",    "LIMIT", "ADDNAN",
        "SIN",     "COS", "LOG", "EXP",   "SQRT", "ATAN",   "FLOOR",  "CEIL",  "DEG2RAD",
        "RAD2DEG", "ABS", "POW", "UNKN",  "INF",  "NEGINF", "PREV",   "NOW",   "TIME",
        "LTIME",   "DUP", "POP", "EXC",   "AVG",  "MINNAN", "MAXNAN", "COUNT"};
    return std::ranges::find(kOperators, word) != kOperators.end();
}

// The field's own name and those of others become names of the graph language; none when a word is
// neither that nor a number or an operator.
std::optional<std::string> GraphWriter::cdef_of(const Field& field) const {
    std::string expression;
    for (const std::string_view word : words_of(field.cdef)) {
        std::string name = value_of(word);
        if (name.empty() && !number_of(word) && !is_operator(word)) return std::nullopt;
        if (!expression.empty()) expression += ',';
        expression += name.empty() ? std::string(word) : name;
    }
    return expression.empty() ? std::nullopt : std::optional(expression);
}

std::optional<std::string> GraphWriter::sum_of(const Field& field) const {
    std::string expression;
    for (const std::string_view word : words_of(field.sum)) {
        const std::string name = value_of(word);
        if (name.empty()) return std::nullopt;  // of another service or host
        expression += expression.empty() ? name : fmt::format(",{},ADDNAN", name);
    }
    return expression.empty() ? std::nullopt : std::optional(expression);
}

void GraphWriter::compute(std::size_t place, const std::string& expression) {
    const std::string name = fmt::format("c{}x{}", place, graph_.lines.size());
    add(fmt::format("CDEF:{}={}", name, expression));
    values_[place] = name;
}

void GraphWriter::add_computed() {
    const int period = service_.period == "minute" ? 60 : service_.period == "hour" ? 3600 : 1;
    for (std::size_t i = 0; i < service_.fields.size(); ++i) {
        const Field& field = service_.fields[i];
        if (raw_[i].empty()) continue;
        if (const auto cdef = cdef_of(field)) compute(i, *cdef);
        if (period == 1 || field.type == store::DsType::kGauge) continue;
        compute(i, fmt::format("{},{},*", values_[i], period));
    }
}

void GraphWriter::choose_drawn() {
    for (const Field* field : in_order()) {
        const auto place = static_cast<std::size_t>(field - service_.fields.data());
        if (!field->graph || is_negative(*field) || values_[place].empty()) continue;
        const Field* negative = service_.find(field->negative);
        Drawn& drawn = drawn_.emplace_back();
        drawn.field = field;
        drawn.value = values_[place];
        drawn.colour = colour_of(*field, drawn_.size() - 1);
        drawn.label =
            prefix_of(field->label.empty() ? field->name : field->label, kLabelCharactersMax);
        if (negative != nullptr && negative != field) {
            drawn.mirrored = values_[static_cast<std::size_t>(negative - service_.fields.data())];
        }
        label_characters_ = std::max(label_characters_, characters_of(drawn.label));
    }
}

struct Shape {
    std::string statement;  // "AREA", "LINE1.5"; empty: that of the one before
    bool stacks = false;
};

// AREA, LINE[n], STACK, AREASTACK, LINESTACK[n].
Shape shape_of(std::string_view draw) {
    if (draw == "AREA") return {"AREA"};
    if (draw == "STACK") return {"", true};
    if (draw == "AREASTACK") return {"AREA", true};
    constexpr std::string_view kLineStack = "LINESTACK";
    const bool stacks = draw.starts_with(kLineStack);
    std::string_view width;
    if (stacks) {
        width = draw.substr(kLineStack.size());
    } else if (draw.starts_with("LINE")) {
        width = draw.substr(4);
    }
    const auto number = number_of(width);
    const bool is_width = number && *number >= 0 && *number <= 10;
    return {fmt::format("LINE{}", is_width ? *number : 1), stacks};
}

void GraphWriter::draw(const Drawn& drawn, const std::string& value, bool is_first,
                       bool has_legend) {
    const Shape shape = shape_of(drawn.field->draw);
    if (is_first) shape_ = "AREA";
    if (!shape.statement.empty()) shape_ = shape.statement;
    std::string legend;
    if (has_legend) {
        legend = ':' + graph_text(drawn.label) +
                 std::string(label_characters_ - characters_of(drawn.label), ' ');
    }
    const bool stacks = shape.stacks && !is_first;
    if (legend.empty() && stacks) legend = ':';
    add(fmt::format("{}:{}#{}{}{}", shape_, value, drawn.colour, legend, stacks ? ":STACK" : ""));
}

// Values of the one that is mirrored stand before a slash, and there is no room for all columns.
void GraphWriter::add_legend(const Drawn& drawn) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kColumns{
        {{"LAST", "Cur"}, {"MIN", "Min"}, {"AVERAGE", "Avg"}, {"MAX", "Max"}}};
    const bool has_mirrored =
        std::ranges::any_of(drawn_, [](const Drawn& other) { return !other.mirrored.empty(); });
    for (const auto& [function, title] : kColumns) {
        if (has_mirrored && function == "MIN") continue;
        const std::string_view end = function == "MAX" ? "\\l" : "";
        std::string begin = fmt::format(" {}\\:", title);
        if (!drawn.mirrored.empty()) {
            add(fmt::format("GPRINT:{}:{}:{}{}/\\g", drawn.mirrored, function, begin, format_));
            begin.clear();
        }
        add(fmt::format("GPRINT:{}:{}:{}{}{}", drawn.value, function, begin, format_, end));
    }
}

void GraphWriter::draw_all() {
    bool is_first = true;
    for (const Drawn& drawn : drawn_) {
        draw(drawn, drawn.value, std::exchange(is_first, false), true);
        add_legend(drawn);
    }
    is_first = true;
    for (std::size_t i = 0; i < drawn_.size(); ++i) {
        const Drawn& drawn = drawn_[i];
        if (drawn.mirrored.empty()) continue;
        add(fmt::format("CDEF:n{}={},-1,*", i, drawn.mirrored));
        draw(drawn, fmt::format("n{}", i), std::exchange(is_first, false), false);
    }
}

void GraphWriter::add_total() {
    if (service_.total.empty() || drawn_.empty()) return;
    std::string expression;
    for (const Drawn& drawn : drawn_) {
        expression += expression.empty() ? drawn.value : fmt::format(",{},ADDNAN", drawn.value);
    }
    add("CDEF:total=" + expression);
    Drawn total{.field = nullptr,
                .value = "total",
                .mirrored = {},
                .colour = "000000",
                .label = prefix_of(service_.total, kLabelCharactersMax)};
    const std::size_t characters = characters_of(total.label);
    add(fmt::format("LINE1:total#{}:{}{}", total.colour, graph_text(total.label),
                    std::string(std::max(label_characters_, characters) - characters, ' ')));
    add_legend(total);
}

// VALUE[:COLOUR[:LABEL]]
void GraphWriter::add_lines() {
    for (const Field& field : service_.fields) {
        std::string_view rest = field.line;
        std::array<std::string_view, 2> parts;
        for (std::string_view& part : parts) {
            part = rest.substr(0, rest.find(':'));
            rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        }
        const auto value = number_of(parts[0]);
        if (!value) continue;
        add(fmt::format("HRULE:{}#{}{}", *value, is_colour(parts[1]) ? parts[1] : "d55e00",
                        rest.empty() ? "" : ":" + graph_text(rest) + "\\l"));
    }
}

// graph_args: --base, -l, -u, -r and -o; nothing else is taken from a host.
void GraphWriter::read_arguments() {
    const auto words = words_of(service_.arguments);
    struct Known {
        std::string_view brief;
        std::string_view full;
    };
    constexpr Known kBase{"-b", "--base"};
    constexpr Known kLower{"-l", "--lower-limit"};
    constexpr Known kUpper{"-u", "--upper-limit"};
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto value_of_option = [&](const Known& known) -> std::optional<double> {
            const std::string_view word = words[i];
            const bool is_it = word == known.brief || word == known.full;
            if (is_it) return i + 1 < words.size() ? number_of(words[i + 1]) : std::nullopt;
            if (word.starts_with(known.full) && word.substr(known.full.size()).starts_with('=')) {
                return number_of(word.substr(known.full.size() + 1));
            }
            return word.starts_with(known.brief) ? number_of(word.substr(2)) : std::nullopt;
        };
        if (const auto base = value_of_option(kBase)) graph_.base = *base == 1024 ? 1024 : 1000;
        if (const auto lower = value_of_option(kLower)) graph_.lower = lower;
        if (const auto upper = value_of_option(kUpper)) graph_.upper = upper;
        graph_.rigid |= words[i] == "-r" || words[i] == "--rigid";
        graph_.logarithmic |= words[i] == "-o" || words[i] == "--logarithmic";
    }
    // What a plugin file may not say.
    if (graph_.lower && graph_.upper && *graph_.lower >= *graph_.upper) graph_.upper.reset();
    for (auto* end : {&graph_.lower, &graph_.upper}) {
        if (graph_.logarithmic && *end && **end <= 0) end->reset();
    }
}

std::string GraphWriter::vlabel() const {
    constexpr std::string_view kPeriod = "${graph_period}";
    std::string label = service_.vlabel;
    const std::size_t at = label.find(kPeriod);
    const bool is_long = service_.period == "minute" || service_.period == "hour";
    if (at != std::string::npos) {
        label.replace(at, kPeriod.size(), is_long ? service_.period : "second");
    }
    return label;
}

PageGraph GraphWriter::write() {
    read_arguments();
    graph_.label = vlabel();
    add_data();
    add_computed();
    choose_drawn();
    draw_all();
    add_total();
    add_lines();
    return std::move(graph_);
}

}  // namespace

std::string_view root_of(std::string_view service) noexcept {
    return service.substr(0, service.find('.'));
}

PluginPages pages_of(std::span<const Service> services) {
    PluginPages pages{.plugin = "munin", .groups = {}, .graphs = {}};
    for (const Service& service : services) {
        if (!service.graph) continue;
        PageGraph graph = GraphWriter(service).write();
        if (graph.lines.empty()) continue;
        std::string label = service.title.empty() ? service.name : service.title;
        if (!service.category.empty()) label += fmt::format(" ({})", service.category);
        pages.groups.push_back({std::move(label), {service.name}});
        pages.graphs.push_back(std::move(graph));
    }
    return pages;
}

}  // namespace kurabe::collectors::munin
