// Fetching once from one or more targets, for tests.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "collectors/fetch/fetcher.hpp"

namespace kurabe::collectors::fetch {

inline TextTemplate text_of(std::string_view words) {
    return TextTemplate::parse(words).value();
}

// A recipe of one request whose answer has "value: N".
inline std::shared_ptr<Recipe> recipe_of(RequestRule request) {
    auto recipe = std::make_shared<Recipe>();
    recipe->arguments = {{"port", ArgumentType::kPort, "80", ""},
                         {"path", ArgumentType::kPath, "/", ""},
                         {"host", ArgumentType::kHost, "", ""}};
    Step& step = recipe->steps.emplace_back();
    step.request = std::move(request);
    step.parse.pairs = PairsRule{":", ""};
    recipe->reading.metrics = {{"value.gauge", {{"value"}}}};
    return recipe;
}

inline std::shared_ptr<Recipe> http_recipe() {
    return recipe_of(HttpRequest<TextTemplate>{
        text_of("{{port}}"), text_of("{{path}}"), text_of("{{host}}"), {}});
}

inline std::shared_ptr<Recipe> tcp_recipe() {
    return recipe_of(TcpRequest<TextTemplate>{text_of("{{port}}"), text_of("stats"), {"END"}});
}

inline Target target_at(std::shared_ptr<const Recipe> recipe, int port,
                        std::vector<std::string> more = {}, const std::string& host = "127.0.0.1",
                        const MetricsConfig& config = {}) {
    more.insert(more.begin(), std::to_string(port));
    return Target::of(host, "p:" + std::to_string(port), std::move(recipe), more, config);
}

inline constexpr std::chrono::milliseconds kLongDeadline{30000};

// What came of each target, by its plugin: "value N" or the error.
inline std::map<std::string, std::string> fetch_all(
    std::vector<Target> targets, std::chrono::milliseconds deadline = kLongDeadline) {
    std::map<std::string, std::string> outcomes;
    auto fetcher = Fetcher::create(
        [] { return store::Time{store::Seconds{1'800'000'000}}; },
        [&outcomes](const Target& target, const Outcome& outcome) {
            outcomes[target.plugin] =
                outcome.report ? "value " + std::to_string(static_cast<int>(
                                                outcome.report->batch.samples.front().value.number))
                               : outcome.report.error().message;
        },
        1, deadline);
    EXPECT_TRUE(fetcher.has_value());
    for (Target& target : targets) (*fetcher)->add(std::move(target));
    (*fetcher)->begin();
    while ((*fetcher)->busy() > 0) (*fetcher)->work(std::chrono::seconds{1});
    return outcomes;
}

inline std::string fetch_one(Target target, std::chrono::milliseconds deadline = kLongDeadline) {
    std::vector<Target> targets;
    targets.push_back(std::move(target));
    return fetch_all(std::move(targets), deadline).begin()->second;
}

}  // namespace kurabe::collectors::fetch
