// A server with logins, and the commands that make users, tokens and signed addresses for it.
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/cli/program_fixture.hpp"
#include "tests/server/raw_client.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::tests {
namespace {

using server::RawClient;
using server::RawResponse;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kGraph = "/graph?address=web1&plugin_identifier=base&graph=loadavg-1";
constexpr std::string_view kPassword = "right horse";
constexpr std::string_view kAliceAndIt = "Authorization: Basic YWxpY2U6cmlnaHQgaG9yc2U=";

// The first line of what a command that succeeds prints.
std::string printed(const Finished& finished) {
    EXPECT_EQ(finished.status, 0) << finished.err;
    return finished.out.substr(0, finished.out.find('\n'));
}

class ServeAccess : public testing::Test {
  protected:
    ServeAccess() { directory_.write("rolls/base.yml", "metrics:\n- base\n"); }

    void configure(std::string_view access) {
        config_ =
            directory_
                .write("kurabe.yml", fmt::format("config:\n  data_dir: data\n  rolls_dir: rolls\n{}"
                                                 "---\nservice: s\nservers:\n"
                                                 "- {{ roll: base.yml, hosts: [ web1, db1 ] }}\n",
                                                 access))
                .string();
    }
    [[nodiscard]] std::string path(std::string_view name) const {
        return (directory_.path() / name).string();
    }
    [[nodiscard]] Finished set_user(const std::string& name, std::string_view password) const {
        return run({"/bin/sh", "-c",
                    "printf '%s\\n' \"$4\" | \"$1\" user set \"$2\" --users \"$3\"", "sh",
                    KURABE_PROGRAM, name, path("users"), std::string(password)});
    }
    [[nodiscard]] Finished with_config(std::vector<std::string> words) const {
        words.insert(words.end(), {"--config", config_});
        return kurabe(std::move(words));
    }
    [[nodiscard]] static RawResponse ask(const Server& server, std::string_view method,
                                         std::string_view target, std::string_view header,
                                         std::string_view body = "") {
        const std::string_view url = server.url();
        RawClient client(
            static_cast<std::uint16_t>(std::stoi(std::string(url.substr(url.rfind(':') + 1)))));
        const std::string length =
            method == "POST" ? fmt::format("Content-Length: {}\r\n", body.size()) : "";
        client.send(fmt::format("{} {} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{}{}{}\r\n{}",
                                method, target, header, header.empty() ? "" : "\r\n", length,
                                body));
        return client.receive();
    }
    // Of another series each time, so that none is there already.
    [[nodiscard]] int push(const Server& server, std::string_view host, std::string_view header) {
        return ask(server, "POST", "/api/v1/lines", header,
                   fmt::format("{}\tbase.metrics.m{}.gauge\t1\t{}\n", host, ++pushed_,
                               seconds_now()))
            .status;
    }

    TemporaryDirectory directory_;
    std::string config_;
    int pushed_ = 0;
};

// Its secrets lie where root's configuration does, and its data may be where only --data says.
TEST_F(ServeAccess, RootChecksWithTheEyesOfTheServersUser) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root makes files for others";
    constexpr uid_t kService = 61'234;
    configure("  access: { mode: basic, users: users }\n");
    ASSERT_EQ(printed(set_user("alice", kPassword)), "the password of 'alice' is set");
    for (const char* const data : {"data", "elsewhere"}) {
        std::filesystem::create_directories(path(data));
    }
    ASSERT_EQ(::chown(path("users").c_str(), kService, kService), 0);
    ASSERT_EQ(::chown(path("elsewhere").c_str(), kService, kService), 0);
    const Finished of_root = kurabe({"config", "check", config_});
    EXPECT_EQ(of_root.status, 1);
    EXPECT_THAT(of_root.err, HasSubstr("users: belongs to another user"));
    EXPECT_EQ(kurabe({"config", "check", config_, "--data", path("elsewhere")}).status, 0);
    ASSERT_EQ(::chown(path("data").c_str(), kService, kService), 0);
    const Finished checked = kurabe({"config", "check", config_});
    EXPECT_EQ(checked.status, 0) << checked.err;
    ASSERT_EQ(::chown(path("users").c_str(), kService + 1, kService), 0);
    EXPECT_EQ(kurabe({"config", "check", config_}).status, 1);
}

// A server asks with them from its start, and follows no configuration without them.
TEST_F(ServeAccess, FilesForHostsThatAreAskedAreChecked) {
    const auto check = [this](std::string_view method) {
        config_ = directory_
                      .write("kurabe.yml",
                             fmt::format("config:\n  data_dir: data\n  rolls_dir: rolls\n"
                                         "  snmp: {{ credentials: snmp.yml }}\n"
                                         "  ssh: {{ identity: key }}\n---\nservice: s\nservers:\n"
                                         "- {{ roll: base.yml, collect: {}, hosts: [ web1 ] }}\n",
                                         method))
                      .string();
        return kurabe({"config", "check", config_});
    };
    EXPECT_EQ(check("local").status, 0);
    EXPECT_EQ(check("snmp").status, 1);
    EXPECT_THAT(check("snmp").err, HasSubstr("snmp.yml"));
    EXPECT_EQ(check("ssh").status, 1);
    EXPECT_THAT(check("ssh").err, HasSubstr("key"));
    for (const char* const file : {"snmp.yml", "key"}) {
        directory_.write(file, "all: { hosts: [ '*' ], community: env:OF_THE_SERVICE }\n");
        std::filesystem::permissions(path(file), std::filesystem::perms::owner_read);
    }
    EXPECT_EQ(check("snmp").status, 0) << check("snmp").err;
    EXPECT_EQ(check("ssh").status, 0) << check("ssh").err;
}

// Hosts are what a token is for by their addresses, whatever they are called later.
TEST_F(ServeAccess, ATokenIsForTheAddressOfAName) {
    config_ =
        directory_
            .write("kurabe.yml",
                   "config:\n  data_dir: data\n  rolls_dir: rolls\n---\nservice: s\nservers:\n"
                   "- { roll: base.yml, hosts: [ 10.0.0.1 www1, 10.0.0.2 twin, 10.0.0.3 twin "
                   "] }\n")
            .string();
    const Server server(config_);
    EXPECT_EQ(with_config({"token", "create", "a", "--write", "--hosts", "www1", "--hosts", "db*"})
                  .status,
              0);
    EXPECT_THAT(with_config({"token", "list"}).out, HasSubstr("  10.0.0.1 db*\n"));
    const Finished twin = with_config({"token", "create", "b", "--write", "--hosts", "twin"});
    EXPECT_EQ(twin.status, 1);
    EXPECT_THAT(twin.err, HasSubstr("--hosts: twin is the name of several hosts, such as 10.0.0.2 "
                                    "and 10.0.0.3; use the address"));
}

// What was pushed under it lies where no line goes any more.
TEST_F(ServeAccess, AStoredHostThatANameHidesIsWarnedOf) {
    configure("");
    {
        const Server server(config_);
        EXPECT_EQ(push(server, "www1", ""), 200);
        EXPECT_THAT(server.log(), Not(HasSubstr("has the name")));
    }
    directory_.write("kurabe.yml",
                     "config:\n  data_dir: data\n  rolls_dir: rolls\n---\nservice: s\nservers:\n"
                     "- { roll: base.yml, hosts: [ 10.0.0.1 www1 ] }\n");
    const Server server(config_);
    EXPECT_TRUE(wait_for([&server] {
        return server.log().contains(
            "a stored host has the name of another one host=www1 address=10.0.0.1");
    })) << server.log();
}

TEST_F(ServeAccess, UsersTokensAndSignaturesAreMadeAndTakenBackWhileItRuns) {
    configure("  access: { mode: basic, users: users, admins: [ alice ] }\n");
    EXPECT_THAT(with_config({"token", "list"}).err, HasSubstr("is not a data directory"));
    const Finished missing = with_config({"serve", "--listen", "127.0.0.1:0"});
    EXPECT_EQ(missing.status, 2);
    constexpr const char* kMissing = "there is no such file of users; make it with";
    EXPECT_THAT(missing.err, HasSubstr(kMissing));
    const Finished checked = kurabe({"config", "check", config_});
    EXPECT_EQ(checked.status, 1);
    EXPECT_THAT(checked.err, HasSubstr(kMissing));
    ASSERT_EQ(printed(set_user("alice", kPassword)), "the password of 'alice' is set");
    ASSERT_EQ(printed(set_user("bob", "wrong horse")), "the password of 'bob' is set");
    EXPECT_THAT(read_file(path("users")), Not(HasSubstr(kPassword)));
    EXPECT_EQ(kurabe({"config", "check", config_}).status, 0);
    const Server server(config_, {"--access-log", path("access.log")});
    EXPECT_EQ(ask(server, "GET", "/", "").status, 401);
    EXPECT_EQ(ask(server, "GET", "/health", "").status, 200);
    EXPECT_EQ(ask(server, "GET", "/", kAliceAndIt).status, 200);
    const std::string line =
        fmt::format("web1\tbase.metrics.loadavg-1.gauge\t1\t{}\n", seconds_now());
    EXPECT_EQ(ask(server, "POST", "/api/v1/lines", kAliceAndIt, line).status, 200);
    EXPECT_EQ(push(server, "web1", "Authorization: Basic Ym9iOndyb25nIGhvcnNl"), 403);

    const std::string secret = printed(with_config(
        {"token", "create", "web", "--read", "--write", "--hosts", "web*", "--expires", "90d"}));
    EXPECT_THAT(secret, StartsWith("kurabe_"));
    EXPECT_THAT(read_file(path("data/tokens")), Not(HasSubstr(secret.substr(7))));
    EXPECT_THAT(with_config({"token", "list"}).out, StartsWith("web  read,write  expires 20"));
    EXPECT_EQ(with_config({"token", "create", "web", "--read"}).status, 1);
    const std::string header = "Authorization: Bearer " + secret;
    ASSERT_TRUE(wait_for([&] { return push(server, "web1", header) == 200; }));
    EXPECT_EQ(push(server, "web1", "X-Api-Key: " + secret), 200);
    EXPECT_EQ(push(server, "db1", header), 403);
    EXPECT_EQ(ask(server, "GET", "/api/series?host=web1", header).status, 200);
    EXPECT_EQ(ask(server, "GET", "/api/series?host=db1", header).status, 403);

    // What is about all hosts is not for a token of some.
    EXPECT_EQ(ask(server, "GET", "/metrics", "").status, 401);
    EXPECT_EQ(ask(server, "GET", "/metrics", header).status, 403);
    const std::string reader =
        printed(with_config({"token", "create", "prometheus", "--read", "--expires", "90d"}));
    EXPECT_TRUE(wait_for([&] {
        return ask(server, "GET", "/metrics", "Authorization: Bearer " + reader).status == 200;
    }));

    // Our own agent brings it in its file.
    const auto file = directory_.write("token", secret + "\n");
    std::filesystem::permissions(file, std::filesystem::perms{0600});
    const Finished collected = kurabe({"collect", "local", "--once", "--host", "web9", "--server",
                                       server.url(), "--token-file", file.string()});
    EXPECT_EQ(collected.status, 0) << collected.err;

    // And commands that read.
    const std::vector<std::string> fetch{"fetch", "web1/base/loadavg-1.gauge", "AVERAGE",
                                         "--server", server.url()};
    std::vector<std::string> with_token = fetch;
    with_token.insert(with_token.end(), {"--token-file", file.string()});
    EXPECT_EQ(kurabe(with_token).status, 0);
    EXPECT_THAT(kurabe(fetch).err, HasSubstr("this needs a login"));

    const std::string signed_url = printed(with_config({"sign", std::string(kGraph)}));
    EXPECT_THAT(signed_url, StartsWith(std::string(kGraph) + "&expires="));
    ASSERT_TRUE(wait_for([&] { return ask(server, "GET", signed_url, "").status == 200; }));
    EXPECT_THAT(ask(server, "GET", signed_url, "").head, HasSubstr("Content-Type: image/png"));
    EXPECT_EQ(ask(server, "GET", signed_url + "&width=999", "").status, 403);
    EXPECT_EQ(ask(server, "GET", std::string(kGraph), "").status, 401);
    EXPECT_EQ(with_config({"sign", "/server?address=web1"}).status, 1);

    const std::string asked = read_file(path("access.log"));
    EXPECT_THAT(asked, HasSubstr(" caller=- method=GET path=/ status=401 "));
    EXPECT_THAT(asked, HasSubstr(" caller=alice method=POST path=/api/v1/lines status=200 "));
    EXPECT_THAT(asked, HasSubstr(" caller=web method=GET path=/api/series status=200 "));
    EXPECT_THAT(asked, HasSubstr(" caller=prometheus method=GET path=/metrics status=200 "));
    const std::string signature = signed_url.substr(signed_url.rfind('=') + 1);
    for (const std::string& hidden : {secret, signature, std::string("expires=")}) {
        EXPECT_THAT(asked, Not(HasSubstr(hidden)));
    }

    EXPECT_EQ(printed(with_config({"token", "revoke", "web"})), "the token 'web' is revoked");
    EXPECT_EQ(with_config({"token", "revoke", "web"}).status, 1);
    EXPECT_TRUE(wait_for([&] { return push(server, "web1", header) == 401; }));
    EXPECT_EQ(printed(kurabe({"user", "remove", "alice", "--users", path("users")})),
              "the user 'alice' is removed");
    EXPECT_EQ(kurabe({"user", "list", "--users", path("users")}).out, "bob\n");
    EXPECT_TRUE(wait_for([&] { return ask(server, "GET", "/", kAliceAndIt).status == 401; }));

    // Nor does a reload let in or keep out anybody but whom it names.
    configure("  access: { mode: basic, users: users, admins: [ bob ] }\n");
    const std::string bob = "Authorization: Basic Ym9iOndyb25nIGhvcnNl";
    EXPECT_TRUE(wait_for([&] { return push(server, "web1", bob) == 200; }));
    configure("  access: { mode: basic, users: others }\n");
    EXPECT_TRUE(wait_for(
        [&] { return server.log().find("configuration not followed") != std::string::npos; }));
    EXPECT_EQ(push(server, "web1", bob), 200);
    EXPECT_THAT(ask(server, "GET", "/", "").body, Not(HasSubstr("others")))
        << "what is wrong is not for everybody";
    EXPECT_THAT(ask(server, "GET", "/", bob).body, HasSubstr("others"));

    const std::string log = server.log();
    EXPECT_THAT(log, HasSubstr("write user=alice"));
    EXPECT_THAT(log, HasSubstr("write token=web"));
    EXPECT_THAT(log, HasSubstr("access refused"));
    for (const std::string_view canary :
         {std::string_view(secret).substr(7), std::string_view("YWxpY2U6"), kPassword,
          std::string_view(signed_url).substr(signed_url.size() - 64)}) {
        EXPECT_THAT(log, Not(HasSubstr(canary)));
    }
}

TEST_F(ServeAccess, ListensElsewhereOnlyWhenToldWhoMayLook) {
    configure("");
    const Finished refused = with_config({"serve", "--listen", "0.0.0.0:0"});
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err, HasSubstr("'access' is needed to listen on 0.0.0.0"));
    EXPECT_FALSE(std::filesystem::exists(path("data"))) << "nothing was begun";
    configure("  access: { mode: open }\n");
    ChildProcess open({KURABE_PROGRAM, "serve", "--config", config_, "--listen", "0.0.0.0:0"});
    EXPECT_TRUE(wait_for([&] { return open.err().find("info listening") != std::string::npos; }))
        << open.err();
    EXPECT_THAT(open.err(), HasSubstr("warning access is open: whoever reaches this address "
                                      "may look and write"));
}

TEST_F(ServeAccess, PasswordsThatCannotBeUsedAreRefused) {
    EXPECT_THAT(set_user("alice", "").err, HasSubstr("the password is empty"));
    EXPECT_THAT(set_user("alice", "1234567").err, HasSubstr("8 characters are the least"));
    EXPECT_THAT(set_user("alice", std::string(73, 'x')).err, HasSubstr("over 72 bytes"));
    EXPECT_THAT(set_user("al:ice", "x").err, HasSubstr("the name holds a ':'"));
    EXPECT_FALSE(std::filesystem::exists(path("users")));
}

}  // namespace
}  // namespace kurabe::tests
