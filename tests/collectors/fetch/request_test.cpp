// Requests filled from plugin lines: none can become another host, header, line or command.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/fetch/recipe.hpp"

namespace kurabe::collectors::fetch {
namespace {

using testing::HasSubstr;
using testing::Not;

TextTemplate text(std::string_view words) {
    return TextTemplate::parse(words).value();
}

Recipe http_recipe() {
    Recipe recipe;
    recipe.arguments = {{"port", ArgumentType::kPort, "80", ""},
                        {"path", ArgumentType::kPath, "/status", ""},
                        {"host", ArgumentType::kHost, "", ""}};
    recipe.steps.emplace_back().request =
        HttpRequest<TextTemplate>{text("{{port}}"), text("{{path}}"), text("{{host}}"), {}};
    return recipe;
}

Result<std::string> described(const Recipe& recipe, std::vector<std::string> arguments,
                              const MetricsConfig& config = {}) {
    const auto requests = fill_requests(recipe, "web1", arguments, config);
    if (!requests) return std::unexpected(requests.error());
    return describe(requests->front());
}

TEST(Requests, AreFilledFromTheLine) {
    EXPECT_EQ(described(http_recipe(), {}).value(), "http port 80, GET /status");
    EXPECT_EQ(described(http_recipe(), {"8080", "/x?auto", "www.example.com"}).value(),
              "http port 8080, GET /x?auto, Host www.example.com");
}

TEST(Requests, CannotBeMadeToSayMore) {
    for (const std::vector<std::string>& hostile :
         std::vector<std::vector<std::string>>{{"80@evil"},
                                               {"80", "@evil/"},
                                               {"80", "/a\r\nX: y"},
                                               {"80", "/a HTTP/1.1"},
                                               {"80", "/", "a\r\nX: y"},
                                               {"80", "/", "a b"},
                                               {"80", "/", "{{address}}"},
                                               {"{{port}}"}}) {
        EXPECT_FALSE(described(http_recipe(), hostile).has_value()) << hostile.back();
    }
}

Recipe probe_recipe() {
    Recipe recipe;
    for (const char* name : {"kind", "tries"}) {
        recipe.arguments.push_back({name, ArgumentType::kWord, "", ""});
    }
    recipe.arguments.push_back({"port", ArgumentType::kPort, "", ""});
    recipe.arguments.push_back({"name", ArgumentType::kHost, "", ""});
    recipe.arguments.push_back({"path", ArgumentType::kPath, "", ""});
    recipe.steps.emplace_back().request = ProbeRequest<TextTemplate>{
        text("{{kind}}"), text("{{port}}"), text("{{name}}"), text("{{path}}"), text("{{tries}}")};
    return recipe;
}

TEST(Requests, OfProbesHaveWhatTheirKindHas) {
    const Recipe recipe = probe_recipe();
    EXPECT_EQ(described(recipe, {"tcp", "5", "22"}).value(), "probe tcp 22");
    EXPECT_EQ(described(recipe, {"tls", "1", "", "www.example.org"}).value(),
              "probe tls 443 www.example.org");
    EXPECT_EQ(described(recipe, {"http", "20"}).value(), "probe http 80 /");
    EXPECT_EQ(described(recipe, {"https", "5", "8443", "a.b", "/x?y"}).value(),
              "probe https 8443 a.b /x?y");
    EXPECT_EQ(described(recipe, {"dns", "5", "", "example.org"}).value(),
              "probe dns 53 example.org");
}

TEST(Requests, OfProbesThatCannotBeRightAreRefused) {
    const Recipe recipe = probe_recipe();
    for (const auto& [arguments, reason] :
         std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{"udp", "5", "22"}, "a probe is tcp, tls, http, https or dns, not 'udp'"},
             {{"", "5", "22"}, "not ''"},
             {{"tcp", "5"}, "a probe of the kind tcp needs a port"},
             {{"dns", "5", "53"}, "needs a name to ask for"},
             {{"tcp", "0", "22"}, "'tries' is a number from 1 to 20, not '0'"},
             {{"tcp", "21", "22"}, "not '21'"},
             {{"tcp", "5x", "22"}, "not '5x'"},
             {{"tcp", "", "22"}, "not ''"},
             {{"tcp", "99999999999999999999", "22"}, "not '9999"}}) {
        const auto refused = described(recipe, arguments);
        ASSERT_FALSE(refused.has_value()) << reason;
        EXPECT_THAT(refused.error().message, HasSubstr(reason));
    }
}

TEST(Requests, GoToAddressesOnly) {
    for (const char* address : {"10.0.0.1", "web1", "fe80::1%eth0", "::1", "a_b.example"}) {
        EXPECT_TRUE(is_address(address)) << address;
    }
    for (const char* address : {"", "-x", "a b", "a/b", "a\n", "日本", "a@b", "[::1]", "a;b"}) {
        EXPECT_FALSE(is_address(address)) << address;
    }
    EXPECT_THAT(fill_requests(http_recipe(), "a b", {}, {}).error().message,
                HasSubstr("the host's address is no name and no address: 'a b'"));
}

TEST(Requests, KeepPasswordsOutOfDescriptionsAndMessages) {
    Recipe recipe;
    recipe.arguments = {{"port", ArgumentType::kPort, "3306", ""}};
    Step& step = recipe.steps.emplace_back();
    step.request = MysqlRequest<TextTemplate>{text("{{port}}"), "", "", {"show status"}};
    step.credentials = {{"MySQL.user", "root"}, {"MySQL.password", ""}};
    const MetricsConfig config{{"MySQL", {{"password", "hunter2"}}}};
    const auto requests = fill_requests(recipe, "db1", {}, config);
    ASSERT_TRUE(requests.has_value());
    const auto& request = std::get<MysqlRequest<std::string>>(requests->front());
    EXPECT_EQ(request.user, "root");
    EXPECT_EQ(request.password, "hunter2");
    EXPECT_EQ(described(recipe, {}, config).value(), "mysql port 3306, show status");
    EXPECT_THAT(described(recipe, {"x"}, config).error().message, Not(HasSubstr("hunter2")));
}

TEST(Requests, GiveProgramsTheAddress) {
    Recipe recipe;
    recipe.arguments = {{"what", ArgumentType::kWord, "all", ""}};
    recipe.steps.emplace_back().request =
        ExecRequest<TextTemplate>{{text("/usr/lib/probe"), text("{{address}}"), text("{{what}}")}};
    EXPECT_EQ(described(recipe, {}).value(), "exec /usr/lib/probe web1 all");
    EXPECT_FALSE(described(recipe, {"$(touch x)"}).has_value());
    EXPECT_FALSE(described(recipe, {"--all"}).has_value());
}

}  // namespace
}  // namespace kurabe::collectors::fetch
