// One function per kind of variable; messages are rrdtool's where it has one.
#include "render/parse_variables.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "render/element_fields.hpp"
#include "render/numbers.hpp"
#include "store/at_time.hpp"

namespace kurabe::render {

namespace {

constexpr std::int64_t kStepMax = 100L * 366 * 86400;

std::unexpected<Error> invalid(std::string message) {
    return fail(ErrorCode::kInvalid, std::move(message));
}

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

// One "key=value" after the CF.
Result<void> read_data_option(const std::string& field, DataVariable& variable, RangeTexts& range,
                              std::string_view argument) {
    const std::size_t equals = std::min(field.find('='), field.size());
    const std::string key = field.substr(0, equals);
    const std::string value = equals < field.size() ? field.substr(equals + 1) : std::string();
    if (key == "step") {
        const auto seconds = parse_integer(value);
        if (!seconds || *seconds < 1 || *seconds > kStepMax) {
            return invalid(fmt::format("Bad step value: {}", value));
        }
        variable.step = Seconds{*seconds};
    } else if (key == "reduce") {
        variable.reduce = store::parse_cf(value);
        if (!variable.reduce) {
            return invalid(fmt::format("bad reduce CF: {}", value));
        }
    } else if (key == "start") {
        range.start = value;
    } else if (key == "end") {
        range.end = value;
    } else {
        return invalid(fmt::format("Unused Arguments \"{}\" in command : {}", field, argument));
    }
    return {};
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
    if (range->start >= range->end || range->start < Time{}) {
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
    ElementFields fields(argument);
    (void)fields.take();
    const auto assignment = parse_assignment(fields.take().value_or(""), argument);
    if (!assignment) {
        return std::unexpected(assignment.error());
    }
    const auto ds = fields.take();
    if (!ds) {
        return invalid(fmt::format("No argument for definition of DS in {}", argument));
    }
    const auto cf_text = fields.take();
    if (!cf_text) {
        return invalid(fmt::format("No argument for definition of CF in {}", argument));
    }
    const auto cf = store::parse_cf(*cf_text);
    if (!cf) {
        return invalid(fmt::format("bad CF: {}", *cf_text));
    }
    DataVariable variable{.name = assignment->name,
                          .reference = {.series = assignment->right, .ds = *ds},
                          .cf = *cf,
                          .step = {},
                          .start = {},
                          .end = {},
                          .reduce = {}};
    RangeTexts range;
    while (const auto field = fields.take()) {
        if (const auto read = read_data_option(*field, variable, range, argument); !read) {
            return std::unexpected(read.error());
        }
    }
    if (const auto set = set_range(variable, range, graph, now, zone); !set) {
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
