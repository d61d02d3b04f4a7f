// The description of the API says what the server does: each of its operations is asked for as its
// examples say and answered as it promises, and every route below "/api/" and of graphs is in it.
#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "server/access/access_control.hpp"
#include "server/access/secret_text.hpp"
#include "server/event_log.hpp"
#include "server/ingest.hpp"
#include "server/line_intake.hpp"
#include "server/mackerel_graphs.hpp"
#include "server/routes.hpp"
#include "server/series_json.hpp"
#include "server/standing_numbers.hpp"
#include "tests/server/site_fixture.hpp"

namespace kurabe::server {
namespace {

using nlohmann::json;

constexpr const char* kDescriptionPath = "/api/v1/openapi.json";
constexpr const char* kFile = "web/api/v1/openapi.json";

class OpenApi : public SiteFixture {
  protected:
    void SetUp() override {
        open("---\nservice: shop\nservers:\n- { roll: base.yml, hosts: [ 10.0.0.1 www1 ] }\n");
        store_.series_values[{"10.0.0.1", "base", "loadavg-1.gauge"}] = 0.5;
        store_.appending = [](const store::Batch& batch) -> Result<store::AppendReport> {
            return store::AppendReport{.stored = batch.samples.size(), .refused = {}};
        };
        ingest_ = std::make_unique<Ingest>(store_, *metadata_, log_, [] { return kNow; });
        intake_ = std::make_unique<LineIntake>(*ingest_, rules_, log_, [] { return kNow; });
        events_ =
            EventLog::open(directory_.path() / "metadata.sqlite", EventLog::Access::kWrite).value();
        for (const char* const text : {"first", "second"}) {
            ASSERT_TRUE(events_->add({.time = kNow, .text = text, .source = "api"}, kNow));
        }
        numbers_ = std::make_unique<StandingNumbers>(store_, *metadata_, *ingest_, log_,
                                                     [] { return kNow; });
        mackerel_ = std::make_unique<MackerelGraphs>(*metadata_, log_);
        make_site_of(nullptr);
        const Response response = get(kDescriptionPath);
        ASSERT_EQ(response.status, 200);
        EXPECT_EQ(response.content_type, "application/json");
        description_ = json::parse(response.body, nullptr, false);
        ASSERT_FALSE(description_.is_discarded()) << kFile << " is no JSON";
    }

    void make_site_of(AccessControl* access) {
        site_ = std::make_unique<Site>(SiteParts{.config = *config_,
                                                 .plugins = *plugins_,
                                                 .store = store_,
                                                 .metadata = *metadata_,
                                                 .log = log_,
                                                 .zone = store::TimeZone::utc(),
                                                 .now = [] { return kNow; },
                                                 .intake = intake_.get(),
                                                 .numbers = numbers_.get(),
                                                 .mackerel = mackerel_.get(),
                                                 .events = events_.get(),
                                                 .access = access});
    }

    // Of users, of whom there are none, and of the token "kurabe_other", which is for other hosts.
    void want_logins() {
        const std::vector<Token> tokens{
            {.name = "other",
             .digest = sha256("kurabe_other"),
             .reads = true,
             .hosts = HostScope::parse(std::vector<std::string>{"db*"}).value()}};
        for (const auto& [name, text] : std::vector<std::pair<std::string, std::string>>{
                 {"users", ""},
                 {"tokens", tokens_text(tokens)},
                 {"sign.key", to_hex(sha256("a key"))}}) {
            ASSERT_TRUE(
                change_secret({.path = directory_.path() / name, .bytes_max = 1 << 20},
                              [&text](std::string_view) -> Result<std::string> { return text; }));
        }
        access_config_ = {
            .is_stated = true, .mode = AccessMode::kBasic, .users = directory_.path() / "users"};
        auto access = AccessControl::open(
            {.config = access_config_, .data = directory_.path(), .matches = {}}, log_);
        ASSERT_TRUE(access) << access.error().message;
        access_ = *std::move(access);
        make_site_of(access_.get());
    }

    // What a "$ref" stands for.
    const json& resolve(const json& given) const {
        if (!given.is_object() || !given.contains("$ref")) return given;
        const auto reference = given.at("$ref").get<std::string>();
        return description_.at(json::json_pointer(reference.substr(1)));
    }

    struct Operation {
        std::string name;  // "GET /api/v1/hosts"
        std::string method;
        std::string path;
        json description;
    };
    // What writes first: what it wrote may be read.
    std::vector<Operation> operations() const {
        std::vector<Operation> list;
        for (const auto& [path, item] : description_.at("paths").items()) {
            for (const auto& [method, description] : item.items()) {
                std::string upper = method;
                std::ranges::transform(upper, upper.begin(),
                                       [](char c) { return static_cast<char>(c - 'a' + 'A'); });
                list.push_back({upper + " " + path, upper, path, description});
            }
        }
        std::ranges::stable_partition(list, [](const Operation& operation) {
            return operation.method == "POST" || operation.method == "PUT";
        });
        return list;
    }

    // With the examples of its parameters, or of the required ones missing.
    Request request_of(const Operation& operation, bool with_examples) const {
        std::string target = operation.path;
        std::string query;
        for (const json& given : operation.description.value("parameters", json::array())) {
            const json& parameter = resolve(given);
            if (!parameter.contains("example")) continue;
            const auto name = parameter.at("name").get<std::string>();
            const json& example = parameter.at("example");
            const json& one = example.is_array() ? example.at(0) : example;
            const std::string value = percent_encode(one.get<std::string>());
            if (parameter.at("in") == "path") {
                target.replace(target.find("{" + name + "}"), name.size() + 2, value);
            } else if (with_examples) {
                query += (query.empty() ? "?" : "&") + name + "=" + value;
            }
        }
        Request request{.method = operation.method, .path = ""};
        EXPECT_TRUE(take_target(target + query, request)) << target + query;
        request.peer = "127.0.0.1";
        if (!operation.description.contains("requestBody") || !with_examples) return request;
        const json& content = operation.description.at("requestBody").at("content");
        const auto type = content.begin().key();
        request.headers.emplace_back("Content-Type", type);
        EXPECT_TRUE(take_body(content.begin()->at("example").get<std::string>(), type, request));
        return request;
    }

    // Whether a value is of a type, or of one of several.
    static bool is_of_type(const json& value, const json& type) {
        if (type.is_array()) {
            return std::ranges::any_of(type,
                                       [&](const json& one) { return is_of_type(value, one); });
        }
        if (type == "object") return value.is_object();
        if (type == "array") return value.is_array();
        if (type == "string") return value.is_string();
        if (type == "boolean") return value.is_boolean();
        if (type == "integer") return value.is_number_integer();
        if (type == "number") return value.is_number();
        return type == "null" && value.is_null();
    }

    void expect_schema(const json& value, const json& given, const std::string& where) const {
        const json& schema = resolve(given);
        if (schema.contains("type")) {
            EXPECT_TRUE(is_of_type(value, schema.at("type"))) << where << ": " << value;
        }
        if (schema.contains("enum")) {
            EXPECT_THAT(schema.at("enum").get<std::set<json>>(), testing::Contains(value)) << where;
        }
        for (const json& name : schema.value("required", json::array())) {
            EXPECT_TRUE(value.contains(name.get<std::string>())) << where << ": no " << name;
        }
        const json properties = schema.value("properties", json::object());
        for (const auto& [name, of] : properties.items()) {
            if (value.contains(name)) expect_schema(value.at(name), of, where + "." + name);
        }
        if (schema.contains("additionalProperties")) {
            for (const auto& [name, member] : value.items()) {
                expect_schema(member, schema.at("additionalProperties"), where + "." + name);
            }
        }
        if (!schema.contains("items")) return;
        for (const json& item : value) expect_schema(item, schema.at("items"), where + "[]");
    }

    void expect_described(const Operation& operation, const Response& response) const {
        const json& responses = operation.description.at("responses");
        const std::string status = std::to_string(response.status);
        ASSERT_TRUE(responses.contains(status)) << operation.name << ": " << status;
        const json& described = resolve(responses.at(status));
        if (!described.contains("content")) return;
        const std::string type = bare_type(response.content_type);
        ASSERT_TRUE(described.at("content").contains(type)) << operation.name << ": " << type;
        const json& content = described.at("content").at(type);
        if (type != "application/json") return;
        const json body = json::parse(response.body, nullptr, false);
        ASSERT_FALSE(body.is_discarded()) << operation.name << ": " << response.body;
        expect_schema(body, content.at("schema"), operation.name);
    }

    AccessConfig access_config_;
    std::unique_ptr<AccessControl> access_;
    SenderRules rules_;
    std::unique_ptr<Ingest> ingest_;
    std::unique_ptr<LineIntake> intake_;
    std::unique_ptr<StandingNumbers> numbers_;
    std::unique_ptr<MackerelGraphs> mackerel_;
    std::unique_ptr<EventLog> events_;
    json description_;
};

TEST_F(OpenApi, EveryOperationIsAnsweredAsDescribed) {
    ASSERT_FALSE(operations().empty());
    for (const Operation& operation : operations()) {
        const Response response = site_->answer(request_of(operation, true));
        EXPECT_EQ(response.status, 200) << operation.name << ": " << response.body.substr(0, 300);
        expect_described(operation, response);
    }
}

TEST_F(OpenApi, WhatIsRequiredIsMissedAsDescribed) {
    int tried = 0;
    for (const Operation& operation : operations()) {
        const auto parameters = operation.description.value("parameters", json::array());
        const bool needs_query = std::ranges::any_of(parameters, [this](const json& given) {
            const json& parameter = resolve(given);
            return parameter.at("in") == "query" && parameter.value("required", false);
        });
        if (!needs_query) continue;
        const Response response = site_->answer(request_of(operation, false));
        EXPECT_EQ(response.status, 400) << operation.name;
        expect_described(operation, response);
        ++tried;
    }
    EXPECT_GT(tried, 5);
}

TEST_F(OpenApi, WhoIsRefusedIsToldSoAsDescribed) {
    want_logins();
    for (const Operation& operation : operations()) {
        if (operation.path == "/health") continue;
        Request request = request_of(operation, true);
        const Response unknown = site_->answer(request);
        EXPECT_EQ(unknown.status, 401) << operation.name;
        expect_described(operation, unknown);
        if (operation.method != "GET") continue;
        request.headers.emplace_back("Authorization", "Bearer kurabe_other");
        const Response other = site_->answer(request);
        // Whose event it is, is not told.
        EXPECT_EQ(other.status, operation.path == "/api/v1/events/{id}" ? 404 : 403)
            << operation.name;
        expect_described(operation, other);
    }
}

TEST_F(OpenApi, AStripTakesWhatAGraphTakes) {
    const auto parameters_of = [this](const char* path) {
        std::set<std::string> names;
        for (const json& given : description_.at("paths").at(path).at("get").at("parameters")) {
            names.insert(resolve(given).at("name").get<std::string>());
        }
        return names;
    };
    auto of_graph = parameters_of("/graph");
    for (const char* const name : {"format", "layout"}) EXPECT_EQ(of_graph.erase(name), 1U);
    EXPECT_EQ(parameters_of("/graphs"), of_graph);
}

// "/g/{host}/{plugin}/{file}" -> "/g/*/*/*"
std::string with_wildcards(std::string path) {
    for (std::size_t open = 0; (open = path.find('{')) != std::string::npos;) {
        path.replace(open, path.find('}') - open + 1, "*");
    }
    return path;
}

bool is_for_programs(const Route& route) {
    return std::ranges::any_of(
        std::array{"/api/", "/g/", "/graph"},
        [&route](std::string_view start) { return route.path.starts_with(start); });
}

TEST_F(OpenApi, EveryRouteIsDescribed) {
    std::set<std::string> described;
    for (const Operation& operation : operations()) {
        described.insert(operation.method + " " + with_wildcards(operation.path));
    }
    for (const Route& route : routes()) {
        if (!is_for_programs(route)) continue;
        std::vector<std::string> methods;
        const bool reads = route.methods != Methods::kWrite && route.methods != Methods::kPostForm;
        if (reads) methods.emplace_back("GET");
        const bool deletes = route.methods == Methods::kReadOrDelete;
        const bool puts = route.methods == Methods::kAgentPut;
        if (route.methods != Methods::kRead) {
            methods.emplace_back(deletes ? "DELETE" : puts ? "PUT" : "POST");
        }
        for (const std::string& method : methods) {
            EXPECT_TRUE(described.contains(fmt::format("{} {}", method, route.path)))
                << method << " " << route.path << " is not described: add it to \"paths\" of "
                << kFile
                << ", with a summary, its parameters (an \"example\" for those that are needed), "
                   "an example of its body, and a response for each status";
        }
    }
}

TEST_F(OpenApi, NothingIsDescribedThatIsNotThere) {
    std::set<std::string_view> paths;
    for (const Route& route : routes()) paths.insert(route.path);
    for (const Operation& operation : operations()) {
        EXPECT_TRUE(paths.contains(with_wildcards(operation.path))) << operation.name;
    }
}

}  // namespace
}  // namespace kurabe::server
