// Options first, then variables and elements in their order, each of which may only use variables
// that stand before it.
#include "render/graph_parser.hpp"

#include <fmt/format.h>

#include "render/graph_options.hpp"
#include "render/parse_elements.hpp"
#include "render/parse_variables.hpp"
#include "render/variable_names.hpp"

namespace kurabe::render {

namespace {

// Room for a series' path, its DS and its options besides a legend.
constexpr std::size_t kArgumentBytesMax = 10 * kTextBytesMax;

class GraphReader {
  public:
    GraphReader(GraphOptions options, Time now, const store::TimeZone& zone)
        : now_(now), zone_(options.zone.value_or(zone)) {
        definition_.options = std::move(options);
    }

    Result<void> read(std::string_view argument) {
        if (argument.size() > kArgumentBytesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("an argument is limited to {} bytes", kArgumentBytesMax));
        }
        const std::string_view function = argument.substr(0, argument.find(':'));
        if (function == "DEF") {
            return read_variable(parse_data_variable(argument, definition_.options, now_, zone_),
                                 VariableKind::kData);
        }
        if (function == "CDEF") {
            return read_variable(parse_computed_variable(argument, names_),
                                 VariableKind::kComputed);
        }
        if (function == "VDEF") {
            return read_variable(parse_statistic_variable(argument, names_),
                                 VariableKind::kStatistic);
        }
        return read_element(argument);
    }

    GraphDefinition take() { return std::move(definition_); }

  private:
    template <typename Parsed>
    Result<void> read_variable(Result<Parsed> variable, VariableKind kind) {
        if (!variable) {
            return std::unexpected(variable.error());
        }
        if (const auto known = find_variable(names_, variable->name)) {
            // Of several DEFs with one name the first counts, as in rrdtool.
            if (*known == VariableKind::kData && kind == VariableKind::kData) {
                return {};
            }
            return fail(ErrorCode::kInvalid,
                        fmt::format("trying to reuse vname {}", variable->name));
        }
        if (definition_.variables.size() == kVariablesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("a graph is limited to {} variables", kVariablesMax));
        }
        names_.emplace(variable->name, kind);
        definition_.variables.emplace_back(std::move(*variable));
        return {};
    }

    Result<void> read_element(std::string_view argument) {
        if (argument.size() > kTextBytesMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("a graph element is limited to {} bytes", kTextBytesMax));
        }
        if (definition_.elements.size() == kElementsMax) {
            return fail(ErrorCode::kLimit,
                        fmt::format("a graph is limited to {} elements", kElementsMax));
        }
        auto element = parse_element(argument, {.names = names_,
                                                .before = definition_.elements,
                                                .variables_before = definition_.variables.size(),
                                                .zone = zone_});
        if (!element) {
            return std::unexpected(element.error());
        }
        definition_.elements.push_back(std::move(*element));
        return {};
    }

    Time now_;
    store::TimeZone zone_;
    VariableNames names_;
    GraphDefinition definition_;
};

}  // namespace

Result<GraphDefinition> parse_graph(std::span<const std::string> arguments, store::Time now,
                                    const store::TimeZone& zone) {
    auto split = parse_options(arguments, now, zone);
    if (!split) {
        return std::unexpected(split.error());
    }
    return parse_elements(std::move(split->options), split->elements, now, zone);
}

Result<GraphDefinition> parse_elements(GraphOptions options, std::span<const std::string> elements,
                                       store::Time now, const store::TimeZone& zone) {
    GraphReader reader(std::move(options), now, zone);
    for (const std::string& element : elements) {
        if (const auto read = reader.read(element); !read) {
            return std::unexpected(read.error());
        }
    }
    return reader.take();
}

}  // namespace kurabe::render
