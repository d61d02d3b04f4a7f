// A site with users, tokens and a key to sign with, asked by whoever a test says.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "server/access/access_control.hpp"
#include "server/access/secret_text.hpp"
#include "server/event_log.hpp"
#include "server/ingest.hpp"
#include "server/line_intake.hpp"
#include "server/standing_numbers.hpp"
#include "tests/server/site_fixture.hpp"
#include "tests/support/files.hpp"

namespace kurabe::server {

inline const std::string kHash = "$2y$10$abcdefghijklmnopqrstuuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
inline constexpr std::string_view kGraphPath =
    "/graph?address=web1&plugin_identifier=base&graph=cpu&width=100";

using GivenHeaders = std::vector<std::pair<std::string, std::string>>;

inline GivenHeaders login(std::string_view encoded) {
    return {{"Authorization", fmt::format("Basic {}", encoded)}};
}
inline const GivenHeaders kNobody;
inline const GivenHeaders kAlice = login("YWxpY2U6YQ==");  // alice:a, an admin
inline const GivenHeaders kBob = login("Ym9iOmI=");        // bob:b, a viewer
inline const GivenHeaders kWrong = login("Ym9iOmE=");      // bob:a
inline const GivenHeaders kMalformed = login("Ym9i");

inline GivenHeaders bearer(std::string_view secret) {
    return {{"Authorization", fmt::format("Bearer {}", secret)}};
}
inline GivenHeaders forwarded(std::string_view user) {
    return {{"X-Forwarded-User", std::string(user)}};
}

class AccessFixture : public SiteFixture {
  protected:
    void SetUp() override {
        open(
            "---\nservice: s\nservers:\n- { roll: base.yml, hosts: [ web1, web2, db1, "
            "10.0.0.9 web-secret, 10.0.7.1 front, 10.0.8.1 twin, 10.0.7.2 twin ] }\n");
        for (const char* host : {"web1", "web2", "db1"}) {
            store_.series_values[{host, "base", "a.gauge"}] = 1;
        }
        store_.appending = [this](const store::Batch& batch) -> Result<store::AppendReport> {
            stored_.push_back(batch.host);
            return store::AppendReport{.stored = batch.samples.size(), .refused = {}};
        };
        ingest_ = std::make_unique<Ingest>(store_, *metadata_, log_, [this] { return now_; });
        intake_ = std::make_unique<LineIntake>(
            *ingest_, rules_, log_, [this] { return now_; }, nullptr, nullptr, facts_of(*config_));
        events_ =
            EventLog::open(directory_.path() / "metadata.sqlite", EventLog::Access::kWrite).value();
        numbers_ = std::make_unique<StandingNumbers>(store_, *metadata_, *ingest_, log_,
                                                     [this] { return now_; });
        write_secret("users", fmt::format("alice:{0}\nbob:{0}\n", kHash));
        write_tokens({token("reader", true, false), token("writer", false, true),
                      token("web", true, true, {"web*"}),
                      token("shop", true, true, {"service:shop"}),
                      token("net", true, true, {"10.0.7.0/24"}),
                      token("late", true, true, {}, kNow - store::Seconds{1})});
        write_secret("sign.key", to_hex(kKey));
    }

    static Token token(std::string name, bool reads, bool writes,
                       std::vector<std::string> hosts = {},
                       std::optional<store::Time> expires = {}) {
        return {.name = name,
                .digest = sha256("kurabe_" + name),
                .reads = reads,
                .writes = writes,
                .expires = expires,
                .hosts = HostScope::parse(hosts).value()};
    }
    void write_tokens(const Tokens& tokens) { write_secret("tokens", tokens_text(tokens)); }
    void write_secret(const std::string& name, std::string text) {
        ASSERT_TRUE(change_secret(
            {.path = directory_.path() / name, .bytes_max = 1 << 20},
            [&text](std::string_view) -> Result<std::string> { return std::move(text); }));
    }

    // `access` as the configuration has it.
    void configure(std::string_view access) {
        write("access.yml", fmt::format("config: {{ access: {} }}\n", access));
        auto config = load_config(directory_.path() / "access.yml");
        ASSERT_TRUE(config) << config.error().message;
        access_config_ = config->access;
        const auto matches = [this](const std::string& password, const std::string&) {
            ++computed_;
            return password == (computed_for_bob_ ? "b" : "a");
        };
        auto control = AccessControl::open({.config = access_config_,
                                            .data = directory_.path(),
                                            .credentials = {},
                                            .matches = matches},
                                           *log_file_);
        ASSERT_TRUE(control) << control.error().message;
        control_ = *std::move(control);
        site_ = std::make_unique<Site>(SiteParts{.config = *config_,
                                                 .plugins = *plugins_,
                                                 .store = store_,
                                                 .metadata = *metadata_,
                                                 .log = *log_file_,
                                                 .zone = store::TimeZone::utc(),
                                                 .now = [this] { return now_; },
                                                 .intake = intake_.get(),
                                                 .numbers = numbers_.get(),
                                                 .events = events_.get(),
                                                 .access = control_.get()});
    }

    static Request request(std::string_view method, std::string_view target, GivenHeaders headers,
                           std::string peer = "10.0.0.1") {
        Request made;
        made.method = method;
        EXPECT_TRUE(take_target(target, made));
        made.headers = std::move(headers);
        made.peer = std::move(peer);
        return made;
    }
    Response ask(std::string_view target, const GivenHeaders& headers,
                 std::string peer = "10.0.0.1") {
        computed_for_bob_ = headers == kBob || headers == kWrong;
        return site_->answer(request("GET", target, headers, std::move(peer)));
    }
    Response push(std::string_view host, const GivenHeaders& headers,
                  std::string peer = "10.0.0.1") {
        Request made = request("POST", "/api/v1/lines", headers, std::move(peer));
        computed_for_bob_ = headers == kBob || headers == kWrong;
        const auto decision = site_->decide_body(made, 100);
        if (decision.refusal) return *decision.refusal;
        made.body = fmt::format("{}\tbase.metrics.a.gauge\t1\t1767323040\n", host);
        return site_->answer(made);
    }
    // A form, as the HTTP server hands it on.
    Response post(std::string_view target, std::string_view form, const GivenHeaders& headers) {
        constexpr std::string_view kForm = "application/x-www-form-urlencoded";
        Request made = request("POST", target, headers);
        made.headers.emplace_back("Content-Type", kForm);
        EXPECT_TRUE(take_body(std::string(form), kForm, made));
        return site_->answer(made);
    }
    int page(const GivenHeaders& headers) { return ask("/", headers).status; }
    int graph(const GivenHeaders& headers) { return ask(kGraphPath, headers).status; }
    int write(const GivenHeaders& headers) { return push("web1", headers).status; }
    [[nodiscard]] std::string log() const { return tests::read_file(directory_.path() / "log"); }
    using SiteFixture::write;

    struct Close {
        void operator()(std::FILE* file) const { (void)std::fclose(file); }
    };
    static inline const Digest kKey = sha256("a key");
    std::unique_ptr<std::FILE, Close> log_stream_{
        std::fopen((directory_.path() / "log").c_str(), "w")};
    std::unique_ptr<Log> log_file_ =
        std::make_unique<Log>(::fileno(log_stream_.get()), LogLevel::kInfo);
    SenderRules rules_;
    std::unique_ptr<Ingest> ingest_;
    std::unique_ptr<LineIntake> intake_;
    std::unique_ptr<EventLog> events_;
    std::unique_ptr<StandingNumbers> numbers_;
    AccessConfig access_config_;
    std::unique_ptr<AccessControl> control_;
    std::vector<std::string> stored_;
    int computed_ = 0;
    bool computed_for_bob_ = false;
};

}  // namespace kurabe::server
