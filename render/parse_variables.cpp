// One function per kind of variable; messages are rrdtool's where it has one.
#include "render/parse_variables.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "render/element_fields.hpp"
#include "render/numbers.hpp"
#include "store/at_time.hpp"

namespace kurabe::render {

namespace {

// "name=right" of a text after "DEF:".
struct Assignment {
    std::string name;
    std::string right;
};

Result<Assignment> parse_assignment(std::string_view text, std::string_view argument) {
    const std::size_t equals = std::min(text.find('='), text.size());
    const std::string_view name = text.substr(0, equals);
    if (!is_variable_name(name)) {
        return invalid(
            fmt::format("'{}' is not a variable name in {}; 1 to {} of A-Z, a-z, 0-9, "
                        "'_' and '-' are",
                        name, argument, kVariableNameBytesMax));
    }
    if (equals == text.size()) {
        return invalid(fmt::format("'=' expected after the variable name in {}", argument));
    }
    return Assignment{std::string(name), std::string(text.substr(equals + 1))};
}

// ---- DEF ----

struct RangeTexts {
    std::string start;
    std::string end;
};

// The texts of a DEF by their names; which may be written, or follow from the order.
struct DataTexts {
    std::optional<std::string> name;
    std::optional<std::string> file;
    std::optional<std::string> ds;
    std::optional<std::string> cf;
    std::optional<std::string> step;
    std::optional<std::string> reduce;
    std::optional<std::string> daemon;
    RangeTexts range;
};

// Takes "key=value"; false when the field is something else.
bool take_named_text(const std::string& field, DataTexts& texts) {
    const std::size_t equals = std::min(field.find('='), field.size());
    if (equals == field.size()) {
        return false;
    }
    const std::string_view key = std::string_view(field).substr(0, equals);
    std::string value = field.substr(equals + 1);
    const std::array<std::pair<std::string_view, std::optional<std::string>*>, 7> kTexts = {
        {{"vname", &texts.name},
         {"rrd", &texts.file},
         {"ds", &texts.ds},
         {"cf", &texts.cf},
         {"step", &texts.step},
         {"reduce", &texts.reduce},
         {"daemon", &texts.daemon}}};
    const auto found = std::ranges::find(kTexts, key, [](const auto& text) { return text.first; });
    if (found != kTexts.end()) {
        *found->second = std::move(value);
    } else if (key == "start") {
        texts.range.start = std::move(value);
    } else if (key == "end") {
        texts.range.end = std::move(value);
    } else {
        return false;
    }
    return true;
}

// The next of those that have no name: "name=file", the DS, the CF.
Result<void> take_text_in_order(std::string field, DataTexts& texts, std::string_view argument) {
    if (!texts.file) {
        auto assignment = parse_assignment(field, argument);
        if (!assignment) {
            return std::unexpected(assignment.error());
        }
        texts.name = std::move(assignment->name);
        texts.file = std::move(assignment->right);
    } else if (!texts.ds) {
        texts.ds = std::move(field);
    } else if (!texts.cf) {
        texts.cf = std::move(field);
    } else {
        return invalid(fmt::format("Unused Arguments \"{}\" in command : {}", field, argument));
    }
    return {};
}

Result<DataTexts> read_data_texts(std::string_view argument) {
    ElementFields fields(argument);
    (void)fields.take();
    DataTexts texts;
    while (const auto field = fields.take()) {
        if (take_named_text(*field, texts)) {
            continue;
        }
        if (const auto taken = take_text_in_order(*field, texts, argument); !taken) {
            return std::unexpected(taken.error());
        }
    }
    if (!texts.name || !is_variable_name(*texts.name)) {
        return std::unexpected(parse_assignment(texts.name.value_or(""), argument).error());
    }
    if (!texts.file || !texts.ds) {
        return invalid(fmt::format("No argument for definition of DS in {}", argument));
    }
    if (!texts.cf) {
        return invalid(fmt::format("No argument for definition of CF in {}", argument));
    }
    return texts;
}

Result<std::optional<Seconds>> read_step(const std::optional<std::string>& text) {
    if (!text) {
        return std::nullopt;
    }
    const auto seconds = parse_integer(*text);
    if (!seconds || *seconds < 1 || *seconds > kStepMax) {
        return invalid(fmt::format("Bad step value: {}", *text));
    }
    return Seconds{*seconds};
}

Result<void> set_range(DataVariable& variable, const RangeTexts& texts, const GraphOptions& graph,
                       Time now, const store::TimeZone& zone) {
    const auto text_of = [](const std::string& text, Time otherwise) {
        return text.empty() ? fmt::format("{}", otherwise.time_since_epoch().count()) : text;
    };
    const auto range = store::parse_time_range(text_of(texts.start, graph.start),
                                               text_of(texts.end, graph.end), now, zone);
    if (!range) {
        return std::unexpected(range.error());
    }
    if (range->start > range->end || range->start < Time{}) {
        return invalid(fmt::format("start ({}) should be less than end ({})",
                                   range->start.time_since_epoch().count(),
                                   range->end.time_since_epoch().count()));
    }
    if (!texts.start.empty()) {
        variable.start = range->start;
    }
    if (!texts.end.empty()) {
        variable.end = range->end;
    }
    return {};
}

// ---- VDEF ----

struct StatisticName {
    std::string_view name;
    Statistic statistic;
};

constexpr std::array kStatistics = {
    StatisticName{"MAXIMUM", Statistic::kMaximum},
    StatisticName{"MINIMUM", Statistic::kMinimum},
    StatisticName{"AVERAGE", Statistic::kAverage},
    StatisticName{"STDEV", Statistic::kStdev},
    StatisticName{"TOTAL", Statistic::kTotal},
    StatisticName{"LAST", Statistic::kLast},
    StatisticName{"FIRST", Statistic::kFirst},
    StatisticName{"PERCENT", Statistic::kPercent},
    StatisticName{"PERCENTNAN", Statistic::kPercentNan},
    StatisticName{"LSLSLOPE", Statistic::kLslSlope},
    StatisticName{"LSLINT", Statistic::kLslIntercept},
    StatisticName{"LSLCORREL", Statistic::kLslCorrelation},
};

bool takes_percentage(Statistic statistic) {
    return statistic == Statistic::kPercent || statistic == Statistic::kPercentNan;
}

// "FUNCTION" or "95,PERCENT" -> statistic and parameter.
Result<void> read_statistic(std::string_view text, StatisticVariable& variable) {
    const std::size_t comma = text.rfind(',');
    const std::string_view name = comma == std::string_view::npos ? text : text.substr(comma + 1);
    const auto found = std::ranges::find(kStatistics, name, &StatisticName::name);
    if (found == kStatistics.end()) {
        return invalid(fmt::format("Unknown function '{}' in VDEF '{}'", name, variable.name));
    }
    variable.statistic = found->statistic;
    if (!takes_percentage(found->statistic)) {
        return comma == std::string_view::npos
                   ? Result<void>{}
                   : invalid(fmt::format("Function '{}' needs no parameter in VDEF '{}'", name,
                                         variable.name));
    }
    if (comma == std::string_view::npos) {
        return invalid(
            fmt::format("Function '{}' needs parameter in VDEF '{}'", name, variable.name));
    }
    const auto percentage = parse_real(text.substr(0, comma));
    if (!percentage || *percentage < 0 || *percentage > 100) {
        return invalid(fmt::format("Parameter '{}' out of range in VDEF '{}'",
                                   text.substr(0, comma), variable.name));
    }
    variable.parameter = *percentage;
    return {};
}

}  // namespace

Result<DataVariable> parse_data_variable(std::string_view argument, const GraphOptions& graph,
                                         Time now, const store::TimeZone& zone) {
    auto texts = read_data_texts(argument);
    if (!texts) {
        return std::unexpected(texts.error());
    }
    const auto cf = store::parse_rra_cf(*texts->cf);
    if (!cf) {
        return invalid(fmt::format("bad CF: {}", *texts->cf));
    }
    const auto reduce = texts->reduce ? store::parse_rra_cf(*texts->reduce) : cf;
    if (!reduce) {
        return invalid(fmt::format("bad reduce CF: {}", *texts->reduce));
    }
    const auto step = read_step(texts->step);
    if (!step) {
        return std::unexpected(step.error());
    }
    DataVariable variable{.name = std::move(*texts->name),
                          .reference = {.series = std::move(*texts->file),
                                        .ds = *texts->ds,
                                        .daemon = texts->daemon.value_or("")},
                          .cf = *cf,
                          .step = *step,
                          .start = {},
                          .end = {},
                          .reduce = store::folding_of(*reduce)};
    if (const auto set = set_range(variable, texts->range, graph, now, zone); !set) {
        return std::unexpected(set.error());
    }
    return variable;
}

Result<ComputedVariable> parse_computed_variable(std::string_view argument,
                                                 const VariableNames& names) {
    const auto assignment = parse_assignment(argument.substr(argument.find(':') + 1), argument);
    if (!assignment) {
        return std::unexpected(assignment.error());
    }
    auto program = parse_rpn(assignment->right);
    if (!program) {
        return std::unexpected(program.error());
    }
    for (const std::string& variable : program->variables) {
        if (!find_variable(names, variable)) {
            return invalid(fmt::format("don't understand '{}' in {}", variable, argument));
        }
    }
    if (std::ranges::none_of(program->variables, [&names](const std::string& variable) {
            return is_series(names, variable);
        })) {
        return invalid("rpn expressions without DEF or CDEF variables are not supported");
    }
    return ComputedVariable{assignment->name, std::move(*program)};
}

Result<StatisticVariable> parse_statistic_variable(std::string_view argument,
                                                   const VariableNames& names) {
    const auto assignment = parse_assignment(argument.substr(argument.find(':') + 1), argument);
    if (!assignment) {
        return std::unexpected(assignment.error());
    }
    const std::string_view right = assignment->right;
    const std::size_t comma = right.find(',');
    if (comma == std::string_view::npos) {
        return invalid(fmt::format("Comma expected in VDEF definition {}", right));
    }
    const std::string_view series = right.substr(0, comma);
    const auto kind = find_variable(names, series);
    if (!kind) {
        return invalid(fmt::format("Not a valid vname: {} in line {}", series, right));
    }
    if (*kind == VariableKind::kStatistic) {
        return invalid(
            fmt::format("variable '{}' not DEF nor CDEF in VDEF '{}'", series, assignment->name));
    }
    StatisticVariable variable{
        .name = assignment->name, .series = std::string(series), .statistic = Statistic::kMaximum};
    if (const auto read = read_statistic(right.substr(comma + 1), variable); !read) {
        return std::unexpected(read.error());
    }
    return variable;
}

}  // namespace kurabe::render
