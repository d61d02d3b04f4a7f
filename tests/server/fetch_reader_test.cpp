// `fetch:` of plugin files: what is read, and which mistakes are found, with their lines.
#include "server/fetch_reader.hpp"

#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/plugin_definition.hpp"
#include "tests/server/case_name.hpp"
#include "tests/support/text_places.hpp"

namespace kurabe::server {
namespace {

using collectors::fetch::describe;
using collectors::fetch::fill_requests;
using collectors::fetch::Recipe;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// Four lines before `fetch`.
std::string with_fetch(std::string_view fetch) {
    return "plugin: p\narguments: [ port: { type: port, default: 80 } ]\n"
           "graphs: { g: { definition: 'COMMENT:' } }\nfetch:\n" +
           std::string(fetch);
}

Result<PluginDefinition> read(std::string_view fetch) {
    return PluginDefinition::parse(with_fetch(fetch), "p.yml");
}

TEST(FetchReader, APluginWithoutThatSectionIsNotFetched) {
    const auto plugin =
        PluginDefinition::parse("plugin: p\ngraphs: { g: { definition: 'COMMENT:' } }\n", "p.yml");
    ASSERT_TRUE(plugin.has_value());
    EXPECT_EQ(plugin->recipe(), nullptr);
}

TEST(FetchReader, ReadsEveryKindOfRequest) {
    const auto plugin = read(R"(  requests:
  - http: { port: '{{port}}', path: /a, host: www }
    parse: { json: true, as: x }
  - http: { port: 81, target: 'cache_object://localhost/info' }
    parse: { match: [ '(?P<a>\d+)', { sum: '(?P<b>\d+)' } ] }
  - tcp: { port: '{{port}}', send: stats, until: [ END, ERROR ] }
    parse: { pairs: { separator: ' ', prefix: 'STAT ' } }
    optional: true
  - redis: { port: '{{port}}', command: [ config, get, '*' ], password: { config: Redis.password } }
    parse: { columns: { name: 1, value: 2 } }
  - mysql: { port: '{{port}}', user: { config: MySQL.user, default: root }, query: [ a, b ] }
    parse: { row: true, as: s_ }
  - exec: { command: [ /bin/x, '{{address}}' ] }
    parse: { text: all, pairs: '=' }
  - probe: { kind: tls, port: '{{port}}', name: a.b, tries: 3 }
    parse: { row: true }
  metrics:
    a.gauge: A
    b.derive: [ B, C ]
    c.gauge: { of: A, per: B, times: 100 }
  meta:
    up: { of: [ U ], as: uptime }
    has: { of: A, then: 1, else: 0 }
  warnings:
    w: { of: A, unless: [ 'Yes' ], say: 'A is {{A}}' }
    below: { of: A, below: -1.5, say: 'x' }
    above: { of: A, above: 499, say: 'x' }
)");
    ASSERT_TRUE(plugin.has_value()) << plugin.error().message;
    const Recipe& recipe = *plugin->recipe();
    std::vector<std::string> asked;
    const auto requests = fill_requests(recipe, "h", {}, {});
    ASSERT_TRUE(requests.has_value()) << requests.error().message;
    for (const auto& request : *requests) asked.push_back(describe(request));
    EXPECT_THAT(asked, ElementsAre("http port 80, GET /a, Host www",
                                   "http port 81, GET cache_object://localhost/info",
                                   "tcp port 80, 'stats'", "redis port 80, config get *",
                                   "mysql port 80, a or b", "exec /bin/x h", "probe tls 80 a.b"));
    EXPECT_TRUE(recipe.steps[2].is_optional);
    EXPECT_TRUE(recipe.steps[1].parse.matches[1].sums);
    EXPECT_EQ(recipe.steps[3].credentials.password.path, "Redis.password");
    EXPECT_EQ(recipe.steps[4].credentials.user.fallback, "root");
    EXPECT_EQ(recipe.reading.metrics.size(), 3U);
    EXPECT_EQ(recipe.reading.metrics[2].value.times, 100);
    EXPECT_TRUE(recipe.reading.meta[0].value.is_uptime);
    EXPECT_EQ(recipe.reading.meta[1].value.otherwise, "0");
    EXPECT_TRUE(recipe.reading.warnings[0].unless);
    EXPECT_EQ(recipe.reading.warnings[1].below, -1.5);
    EXPECT_EQ(recipe.reading.warnings[2].above, 499);
}

// Every block of the manual that has a request in it.
TEST(FetchReader, ReadsTheDocumentedExamples) {
    std::ifstream stream(std::string(KURABE_SOURCE_DIR) + "/docs/plugins.md");
    const std::string manual{std::istreambuf_iterator<char>(stream), {}};
    constexpr std::string_view kOpening = "```yaml\n";
    int examples = 0;
    for (std::size_t at = manual.find(kOpening); at != std::string::npos;
         at = manual.find(kOpening, at)) {
        at += kOpening.size();
        const std::string block = manual.substr(at, manual.find("```", at) - at);
        if (!block.contains("\nfetch:\n")) continue;
        const auto plugin = PluginDefinition::parse(
            block + "graphs: { g: { definition: 'COMMENT:' } }\n", "plugins.md");
        ASSERT_TRUE(plugin.has_value()) << plugin.error().message << '\n' << block;
        EXPECT_NE(plugin->recipe(), nullptr);
        ++examples;
    }
    EXPECT_GE(examples, 5);
}

TEST(FetchReader, ReadsWhatAnArgumentMayBe) {
    const auto parse = [](const std::string& argument) {
        return PluginDefinition::parse("plugin: p\narguments: [ kind: { type: word, " + argument +
                                           " } ]\ngraphs: { g: { definition: 'COMMENT:' } }\n",
                                       "p.yml");
    };
    const auto good = parse("one-of: [ tcp, dns ]");
    ASSERT_TRUE(good.has_value()) << good.error().message;
    EXPECT_THAT(good->arguments().front().choices, ElementsAre("tcp", "dns"));
    const auto wrong = parse("one-of: [ tcp, 'a b' ]");
    ASSERT_FALSE(wrong.has_value());
    EXPECT_THAT(tests::without_columns(wrong.error().message),
                StartsWith("p.yml:2: 'a b' in 'one-of' is not of the argument's type"));
}

struct WrongFetch {
    std::string fetch;
    std::string error;
};
void PrintTo(const WrongFetch& wrong, std::ostream* output) {
    print_case_name(*output, wrong.fetch.substr(0, 60), wrong.error);
}

class FetchWrong : public testing::TestWithParam<WrongFetch> {};

TEST_P(FetchWrong, IsRefusedWithItsLine) {
    const auto plugin = read(GetParam().fetch);
    ASSERT_FALSE(plugin.has_value());
    EXPECT_THAT(tests::without_columns(plugin.error().message), StartsWith(GetParam().error));
}

#define METRICS "  metrics: { a.gauge: A }\n"
#define PARSE ", parse: { json: true } } ]\n" METRICS
#define HTTP "  requests: [ { http: { port: 80, path: / }, parse: { json: true } } ]\n"

INSTANTIATE_TEST_SUITE_P(
    Fetch, FetchWrong,
    testing::Values(
        WrongFetch{METRICS, "p.yml:5: 'fetch' must have 1 to 20 'requests'"},
        WrongFetch{"  requests: [ {} ]\n" METRICS, "p.yml:5: a request needs 'http', 'tcp'"},
        WrongFetch{"  requests: [ { ftp: {}" PARSE, "p.yml:5: a request needs 'http'"},
        WrongFetch{"  requests: [ { http: {}" PARSE, "p.yml:5: missing 'port'"},
        WrongFetch{"  requests: [ { http: { port: 80 }" PARSE, "p.yml:5: missing 'path'"},
        WrongFetch{"  requests: [ { http: { port: 80, path: x }" PARSE,
                   "p.yml:5: 'path: x' cannot be right here"},
        WrongFetch{"  requests: [ { http: { port: '{{por}}', path: / }" PARSE,
                   "p.yml:5: unknown placeholder '{{por}}'; it is 'address' or one of 'arguments'"},
        WrongFetch{"  requests: [ { http: { port: '{{address}}', path: / }" PARSE,
                   "p.yml:5: 'port: {{address}}' cannot be right here"},
        WrongFetch{"  requests: [ { http: { port: 80, path: /, host: 'a b' }" PARSE,
                   "p.yml:5: 'host: a b' cannot be right here"},
        WrongFetch{"  requests: [ { http: { port: 80, path: /, target: 'x:y' }" PARSE,
                   "p.yml:5: give 'path' or 'target', not both"},
        WrongFetch{"  requests: [ { http: { port: 80, target: 'x y' }" PARSE,
                   "p.yml:5: 'target' must have no blanks"},
        WrongFetch{"  requests: [ { http: { port: 80, path: /, url: x }" PARSE,
                   "p.yml:5: unknown key 'url' in 'http'"},
        WrongFetch{"  requests: [ { http: { port: 80, path: / }, tcp: { port: 1, send: x }" PARSE,
                   "p.yml:5: a request is of one kind only"},
        WrongFetch{"  requests: [ { tcp: { port: 1, send: \"a\\nb\" }" PARSE,
                   "p.yml:5: 'send' must be one line without tabs"},
        WrongFetch{"  requests: [ { redis: { port: 1 }" PARSE,
                   "p.yml:5: 'command' must have 1 to 100 words"},
        WrongFetch{"  requests: [ { redis: { port: 1, command: [ a ], password: { x: y } }" PARSE,
                   "p.yml:5: missing 'config' in 'password'; name a setting"},
        WrongFetch{"  requests: [ { mysql: { port: 1 }" PARSE, "p.yml:5: missing 'query'"},
        WrongFetch{"  requests: [ { exec: { command: [ x ] }" PARSE,
                   "p.yml:5: the first word of 'command' must be the absolute path of a program"},
        WrongFetch{"  requests: [ { exec: { command: [ '/{{address}}' ] }" PARSE,
                   "p.yml:5: the first word of 'command' must be the absolute path"},
        WrongFetch{"  requests: [ { probe: { kind: udp, tries: 5 }" PARSE,
                   "p.yml:5: unknown 'kind: udp'; it is tcp, tls, http, https or dns"},
        WrongFetch{"  requests: [ { probe: { tries: 5 }" PARSE, "p.yml:5: missing 'kind'"},
        WrongFetch{"  requests: [ { probe: { kind: tcp }" PARSE, "p.yml:5: missing 'tries'"},
        WrongFetch{"  requests: [ { probe: { kind: tcp, tries: 21 }" PARSE,
                   "p.yml:5: 'tries' is a number from 1 to 20"},
        WrongFetch{"  requests: [ { http: { port: 80, path: / } } ]\n" METRICS,
                   "p.yml:5: missing 'parse' in a request"},
        WrongFetch{"  requests: [ { http: { port: 80, path: / }, parse: {} } ]\n" METRICS,
                   "p.yml:5: 'parse' needs 'pairs', 'match'"},
        WrongFetch{"  requests: [ { http: { port: 80, path: / }, parse: { prometheus: true } } "
                   "]\n" METRICS,
                   "p.yml:6: unknown key 'metrics' in 'fetch'"},
        WrongFetch{
            "  requests: [ { http: { port: 80, path: / }, parse: { jsn: true } } ]\n" METRICS,
            "p.yml:5: unknown key 'jsn' in 'parse'"},
        WrongFetch{
            "  requests: [ { http: { port: 80, path: / }, parse: { json: maybe } } ]\n" METRICS,
            "p.yml:5: 'json' must be true or false"},
        WrongFetch{
            "  requests: [ { http: { port: 80, path: / },\n    parse: { match: [ '(' ] } } ]\n",
            "p.yml:6: not a regular expression: missing )"},
        WrongFetch{"  requests: [ { http: { port: 80, path: / }, parse: { match: [ a ] } } ]\n",
                   "p.yml:5: a regular expression without a named group"},
        WrongFetch{
            "  requests: [ { http: { port: 80, path: / }, parse: { columns: { name: 0 } } } ]\n",
            "p.yml:5: 'name' must be a whole number above 0"},
        WrongFetch{
            "  requests: [ { http: { port: 80, path: / }, parse: { columns: { name: 1 } } } ]\n",
            "p.yml:5: missing 'value'; columns count from 1"},
        WrongFetch{"  requests: [ { http: { port: 80, path: / }, parse: { pairs: { x: y } } } ]\n",
                   "p.yml:5: missing 'separator' in 'pairs'"},
        WrongFetch{"  requests: [ { http: { port: 80, path: / }, optional: 1" PARSE,
                   "p.yml:5: 'optional' must be true or false"},
        WrongFetch{HTTP, "p.yml:5: missing 'metrics' in 'fetch'"},
        WrongFetch{HTTP "  metrics: { a: A }\n",
                   "p.yml:6: 'a' cannot name a metric; it ends in .gauge"},
        WrongFetch{HTTP "  metrics: { a.gauge: { x: y } }\n", "p.yml:6: missing 'of' in a value"},
        WrongFetch{HTTP "  metrics: { a.gauge: { of: A, times: 0 } }\n",
                   "p.yml:6: 'times' must be a number other than 0, not '0'"},
        WrongFetch{HTTP "  metrics: { a.gauge: { of: A, as: uptime } }\n",
                   "p.yml:6: unknown key 'as' in a value"},
        WrongFetch{HTTP "  metrics: { a.gauge: { of: A, else: x } }\n",
                   "p.yml:6: 'else: x' is no number of the metric's type"},
        WrongFetch{HTTP "  metrics: { a.gauge: A, a.gauge: B }\n",
                   "p.yml:6: duplicate key 'a.gauge'"},
        WrongFetch{HTTP METRICS "  meta: { a: { of: A, as: bytes } }\n",
                   "p.yml:7: unknown 'as: bytes'; it is 'uptime' or absent"},
        WrongFetch{HTTP METRICS "  warnings: { a: { of: A, say: x } }\n",
                   "p.yml:7: warning 'a' needs 'of', and 'is', 'unless', 'below' or 'above'"},
        WrongFetch{HTTP METRICS "  warnings: { a: { of: A, is: B, below: 1, say: x } }\n",
                   "p.yml:7: warning 'a' needs 'of', and 'is', 'unless', 'below' or 'above'"},
        WrongFetch{HTTP METRICS "  warnings: { a: { of: A, above: much, say: x } }\n",
                   "p.yml:7: 'above: much' must be a number"},
        WrongFetch{HTTP METRICS "  warnings: { a: { of: A, is: B } }\n",
                   "p.yml:7: missing 'say' in warning 'a'"},
        WrongFetch{HTTP METRICS "  metric: {}\n", "p.yml:7: unknown key 'metric' in 'fetch'"}));

}  // namespace
}  // namespace kurabe::server
