// Runs rrdtool in UTC, so that both sides mean the same by a day.
#include "tests/differential/render_fixture.hpp"

#include <cmath>
#include <cstdlib>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "render/evaluate.hpp"
#include "render/graph_parser.hpp"

namespace kurabe::tests {

namespace {

constexpr store::Time kNow{store::Seconds{1'700'500'000}};

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

// The text after `tag`, up to the next one; empty without it.
std::string between(const std::string& text, std::string_view tag) {
    const std::size_t at = text.find(tag);
    return at == std::string::npos
               ? std::string()
               : text.substr(at + tag.size(), text.find('<', at + tag.size()) - at - tag.size());
}

std::string quoted(const std::vector<std::string>& words) {
    return fmt::format("'{}'", fmt::join(words, "' '"));
}

}  // namespace

void RenderDifferential::SetUp() {
    if (!RrdtoolProcess::is_installed()) {
        GTEST_SKIP() << "rrdtool is not installed";
    }
}

void RenderDifferential::create(std::string_view name, int step,
                                const std::vector<std::string>& rras,
                                const std::vector<std::string>& values) {
    const std::string file = (directory_.path() / name).string();
    ASSERT_TRUE(rrdtool_
                    .run(fmt::format("create {} --start {} --step {} DS:a:GAUGE:{}:U:U {}", file,
                                     kFirst, step, 2 * step, fmt::join(rras, " ")))
                    .ok);
    std::string update = "update " + file;
    for (std::size_t i = 0; i < values.size(); ++i) {
        update += fmt::format(" {}:{}", kFirst + step * (static_cast<int>(i) + 1), values[i]);
    }
    const auto answer = rrdtool_.run(update);
    ASSERT_TRUE(answer.ok) << answer.text;
}

std::string RenderDifferential::with_directory(std::string_view text) const {
    std::string out(text);
    const std::size_t at = out.find("{dir}");
    return at == std::string::npos ? out : out.replace(at, 5, directory_.path().string());
}

Result<render::GraphDefinition> RenderDifferential::parse(const std::vector<std::string>& words) {
    std::vector<std::string> arguments;
    for (const std::string& word : words) {
        arguments.push_back(with_directory(word));
    }
    return render::parse_graph(arguments, kNow, store::TimeZone::utc());
}

std::vector<std::string> RenderDifferential::rrdtool_prints(const std::vector<std::string>& words) {
    std::vector<std::string> arguments;
    for (const std::string& word : words) {
        arguments.push_back(with_directory(word));
    }
    const std::string picture = (directory_.path() / "x.png").string();
    const auto answer = rrdtool_.run(fmt::format("graph {} {}", picture, quoted(arguments)));
    if (!answer.ok) {
        return {"ERROR: " + answer.text};
    }
    auto lines = lines_of(answer.text);
    lines.erase(lines.begin());  // the picture's size
    return lines;
}

std::vector<std::string> RenderDifferential::our_prints(const std::vector<std::string>& words) {
    const auto definition = parse(words);
    if (!definition) {
        return {"ERROR: " + definition.error().message};
    }
    const auto graph = render::evaluate(*definition, source_, kNow, store::TimeZone::utc());
    if (!graph) {
        return {"ERROR: " + graph.error().message};
    }
    return graph->prints;
}

void RenderDifferential::expect_same_prints(const std::vector<std::string>& words, double noise) {
    const auto expected = rrdtool_prints(words);
    const auto actual = our_prints(words);
    ASSERT_EQ(expected.size(), actual.size())
        << quoted(words) << "\nrrdtool: " << fmt::format("{}", fmt::join(expected, "|"))
        << "\nours:    " << fmt::format("{}", fmt::join(actual, "|"));
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_TRUE(same_text(expected[i], actual[i], noise))
            << "print " << i << " of " << quoted(words) << "\nrrdtool: '" << expected[i]
            << "'\nours:    '" << actual[i] << "'";
    }
}

RenderDifferential::Exported RenderDifferential::rrdtool_export(
    const std::vector<std::string>& words, std::string_view name) {
    std::vector<std::string> arguments;
    for (const std::string& word : words) {
        arguments.push_back(with_directory(word));
    }
    arguments.push_back(fmt::format("XPORT:{}", name));
    const auto answer = rrdtool_.run("xport " + quoted(arguments));
    Exported exported;
    if (!answer.ok) {
        exported.error = answer.text;
        return exported;
    }
    exported.start = std::strtoll(between(answer.text, "<start>").c_str(), nullptr, 10);
    exported.step = std::strtoll(between(answer.text, "<step>").c_str(), nullptr, 10);
    for (const std::string& line : lines_of(answer.text)) {
        if (const std::string text = between(line, "<v>"); !text.empty()) {
            exported.values.push_back(text.ends_with("aN") || text.ends_with("nan")
                                          ? store::kUnknown
                                          : std::strtod(text.c_str(), nullptr));
        }
    }
    return exported;
}

std::pair<double, double> RenderDifferential::rrdtool_scale(const std::vector<std::string>& words) {
    std::vector<std::string> arguments;
    for (const std::string& word : words) {
        arguments.push_back(with_directory(word));
    }
    const std::string picture = (directory_.path() / "x.png").string();
    const auto answer = rrdtool_.run(fmt::format("graphv {} {}", picture, quoted(arguments)));
    return {std::strtod(between(answer.text, "value_min = ").c_str(), nullptr),
            std::strtod(between(answer.text, "value_max = ").c_str(), nullptr)};
}

bool close_enough(double left, double right, double noise) {
    if (std::isnan(left) || std::isnan(right)) {
        return std::isnan(left) == std::isnan(right);
    }
    if (std::isinf(left) || std::isinf(right)) {
        return left == right;
    }
    return std::abs(left - right) <=
           std::max(noise, 1e-8 * std::max(std::abs(left), std::abs(right)));
}

bool same_text(std::string_view left, std::string_view right, double noise) {
    const std::string plain(left);
    const std::string other(right);
    if (plain == other) {
        return true;
    }
    char* left_end = nullptr;
    char* right_end = nullptr;
    const double left_number = std::strtod(plain.c_str(), &left_end);
    const double right_number = std::strtod(other.c_str(), &right_end);
    return left_end != plain.c_str() && right_end != other.c_str() &&
           std::string_view(left_end) == std::string_view(right_end) &&
           close_enough(left_number, right_number, noise);
}

}  // namespace kurabe::tests
