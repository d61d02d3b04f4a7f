// Probes of services that answer and of such as do not: what is lost is counted, with its reason,
// and no probe fails or stops probing because of it.
#include "collectors/fetch/probe.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/collectors/fetch/dns_peer.hpp"
#include "tests/collectors/fetch/fetching.hpp"
#include "tests/collectors/fetch/peer.hpp"
#include "tests/support/loopback.hpp"
#include "tests/support/service.hpp"
#include "tests/support/waiting.hpp"

namespace kurabe::collectors::fetch {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using tests::answering;
using tests::dns_answer;
using tests::DnsPeer;
using tests::http_answer;
using tests::Peer;
using tests::PeerConnection;

constexpr std::chrono::milliseconds kProbeDeadline{1000};

struct Line {
    std::string kind;
    int port = 0;
    std::string name = {};
    std::string path = {};
    std::string tries = "3";
};

Target target_of(const Line& line, const std::string& host = "127.0.0.1") {
    auto recipe = std::make_shared<Recipe>();
    Step& step = recipe->steps.emplace_back();
    step.request =
        ProbeRequest<TextTemplate>{text_of(line.kind), text_of(std::to_string(line.port)),
                                   text_of(line.name), text_of(line.path), text_of(line.tries)};
    step.parse.row = true;
    recipe->reading.metrics = {{"loss.gauge", {{"loss"}}},
                               {"median.gauge", {.fields = {"median"}, .otherwise = "U"}}};
    return Target::of(host, fmt::format("{}:{}", line.kind, line.port), std::move(recipe), {}, {});
}

// The fields of a probe; "" where there is none.
struct Probed {
    Fields fields;
    std::string error;  // of a probe that failed

    [[nodiscard]] std::string operator[](const std::string& name) const {
        const std::string* const found = fields.find(name);
        return found == nullptr ? "" : *found;
    }
};

std::vector<Probed> probe_all(std::vector<Target> targets, std::chrono::milliseconds deadline) {
    std::vector<Probed> probed;
    auto fetcher = Fetcher::create(
        [] { return std::chrono::floor<store::Seconds>(std::chrono::system_clock::now()); },
        [&probed](const Target&, const Outcome& outcome) {
            probed.push_back(
                {outcome.fields, outcome.report ? "" : outcome.report.error().message});
        },
        1, deadline);
    EXPECT_TRUE(fetcher.has_value());
    for (Target& target : targets) (*fetcher)->add(std::move(target));
    (*fetcher)->begin();
    while ((*fetcher)->busy() > 0) (*fetcher)->work(std::chrono::seconds{1});
    return probed;
}

Probed probe(const Line& line, std::chrono::milliseconds deadline = kLongDeadline) {
    std::vector<Target> targets;
    targets.push_back(target_of(line));
    auto probed = probe_all(std::move(targets), deadline);
    EXPECT_EQ(probed.size(), 1U);
    return probed.front();
}

void expect_timed(const Probed& probed) {
    EXPECT_EQ(probed.error, "");
    EXPECT_EQ(probed["loss"], "0") << probed["reason"];
    ASSERT_NE(probed["median"], "");
    EXPECT_GT(std::stod(probed["min"]), 0);
    EXPECT_LE(std::stod(probed["min"]), std::stod(probed["median"]));
    EXPECT_LE(std::stod(probed["median"]), std::stod(probed["max"]));
}

void expect_lost(const Probed& probed, const testing::Matcher<std::string>& reason) {
    EXPECT_EQ(probed.error, "") << "a loss is what a probe is for";
    EXPECT_EQ(probed["loss"], "100");
    EXPECT_EQ(probed["median"], "");
    EXPECT_THAT(probed["reason"], reason);
}

TEST(Probe, TimesConnectionsEachOfItsOwn) {
    const Peer peer([](const PeerConnection& connection) { connection.stay_silent(); });
    expect_timed(probe({.kind = "tcp", .port = peer.port(), .tries = "5"}));
    EXPECT_TRUE(tests::wait_for([&peer] { return peer.connections() == 5; }));
}

TEST(Probe, TimesNginxWithTls) {
    const auto nginx = tests::start_tls_nginx();
    if (!nginx) GTEST_SKIP() << "nginx or openssl is not installed";
    const Probed unnamed = probe({.kind = "tls", .port = nginx->port()});
    expect_timed(unnamed);
    EXPECT_NEAR(std::stod(unnamed["days_left"]), 9, 0.1);
    EXPECT_THAT(unnamed["good_until"], HasSubstr(" UTC"));
    const Probed named = probe({.kind = "tls", .port = nginx->port(), .name = "www.example.org"});
    expect_timed(named);
    EXPECT_NEAR(std::stod(named["days_left"]), 90, 0.1) << "the name goes into the handshake";
    const Probed https = probe({.kind = "https", .port = nginx->port(), .name = "www.example.org"});
    expect_timed(https);
    EXPECT_EQ(https["status"], "200");
    EXPECT_NEAR(std::stod(https["days_left"]), 90, 0.1);
}

TEST(Probe, TimesTheFirstByteWhateverTheStatus) {
    std::string heard;
    const Peer peer([&heard](const PeerConnection& connection) {
        heard = connection.read_until("\r\n\r\n");
        connection.write(http_answer(std::string(100'000, 'x'), "503 Service Unavailable"));
    });
    const Probed probed = probe({.kind = "http",
                                 .port = peer.port(),
                                 .name = "www.example.org",
                                 .path = "/a?b",
                                 .tries = "1"});
    expect_timed(probed);
    EXPECT_EQ(probed["status"], "503");
    EXPECT_THAT(heard, StartsWith("GET /a?b HTTP/1.1\r\n"));
    EXPECT_THAT(heard, HasSubstr(fmt::format("\r\nHost: www.example.org:{}\r\n", peer.port())));
}

TEST(Probe, AsksDnsmasq) {
    const auto dnsmasq = tests::start_dnsmasq();
    if (!dnsmasq) GTEST_SKIP() << "dnsmasq is not installed";
    const auto ask = [&dnsmasq](const char* name) {
        return probe({.kind = "dns", .port = dnsmasq->port(), .name = name});
    };
    expect_timed(ask("www.example.org"));
    expect_timed(ask("only6.example.org"));  // no address of version 4 is an answer, too
    expect_lost(ask("nosuch.example.org"), HasSubstr("NXDOMAIN"));
    expect_lost(ask("www.example.com"), HasSubstr("REFUSED"));
}

TEST(Probe, AsksDnsOnceForEachTry) {
    DnsPeer refusing([](const std::string& question) {
        return std::vector<std::string>{dns_answer(question, 2)};
    });
    expect_lost(probe({.kind = "dns", .port = refusing.port(), .name = "example.org"}),
                HasSubstr("SERVFAIL"));
    EXPECT_EQ(refusing.questions(), 3);
    DnsPeer silent([](const std::string&) { return std::vector<std::string>{}; });
    expect_lost(
        probe({.kind = "dns", .port = silent.port(), .name = "example.org"}, kProbeDeadline),
        HasSubstr("no answer in time"));
    EXPECT_EQ(silent.questions(), 3);
}

TEST(Probe, HearsOnlyWhatAnswersItsQuestion) {
    const auto lost = [](const DnsPeer::Behaviour& behaviour) {
        DnsPeer peer(behaviour);
        expect_lost(probe({.kind = "dns", .port = peer.port(), .name = "example.org", .tries = "2"},
                          kProbeDeadline),
                    HasSubstr("no answer in time"));
    };
    lost([](std::string question) {
        question.at(0) = static_cast<char>(question.at(0) ^ 1);
        return std::vector<std::string>{dns_answer(question, 0)};
    });
    lost([](const std::string& question) {
        std::string other = dns_answer(question, 0);
        other.at(13) = 'X';  // of the name
        return std::vector<std::string>{other};
    });
    lost([](const std::string& question) {
        return std::vector<std::string>{"", "x", question.substr(0, 5), std::string(600, '\xff')};
    });
}

TEST(Probe, TakesTheRightAnswerAmongWrongOnesAndACutOne) {
    DnsPeer peer([](const std::string& question) {
        std::string wrong = dns_answer(question, 2);
        wrong.at(1) = static_cast<char>(wrong.at(1) ^ 1);
        return std::vector<std::string>{"junk", wrong, dns_answer(question, 0, true)};
    });
    expect_timed(probe({.kind = "dns", .port = peer.port(), .name = "example.org"}));
    EXPECT_EQ(peer.questions(), 3) << "a cut answer is not asked for again over TCP";
}

TEST(Probe, CountsRefusalsAsLost) {
    const tests::ReservedPort closed;
    for (const char* kind : {"tcp", "tls", "http", "https"}) {
        expect_lost(probe({.kind = kind, .port = closed.number()}),
                    HasSubstr("cannot connect: Connection refused"));
    }
    expect_lost(probe({.kind = "dns", .port = closed.number(), .name = "example.org"}),
                HasSubstr("Connection refused"));
}

TEST(Probe, CountsWhatIsNeitherTlsNorHttpAsLost) {
    const Peer garbage([](const PeerConnection& connection) {
        connection.write("SSH-2.0-x\r\n\x16\x03\x01 no \xff handshake\r\n");
        connection.stay_silent();
    });
    const Peer rude([](const PeerConnection&) {});
    for (const Peer* peer : {&garbage, &rude}) {
        expect_lost(probe({.kind = "tls", .port = peer->port()}),
                    StartsWith("no handshake of TLS: "));
        expect_lost(probe({.kind = "http", .port = peer->port()}),
                    StartsWith("no answer of HTTP: "));
    }
}

TEST(Probe, CountsSilenceAsLostWithinTheDeadline) {
    const Peer silent([](const PeerConnection& connection) { connection.stay_silent(); });
    for (const char* kind : {"tls", "http", "https"}) {
        expect_lost(probe({.kind = kind, .port = silent.port()}, kProbeDeadline),
                    HasSubstr("no answer in time"));
    }
    EXPECT_GE(silent.connections(), 9) << "each try has its share of the time";
}

TEST(Probe, CountsHalfAHeaderAsLost) {
    const Peer slow([](const PeerConnection& connection) {
        connection.write("HTTP/1.1 20");
        connection.stay_silent();
    });
    expect_lost(probe({.kind = "http", .port = slow.port(), .tries = "2"}, kProbeDeadline),
                HasSubstr("no answer in time"));
}

// A socket whose queue is full answers nothing at all to those who want to connect.
TEST(Probe, CountsHalfOpenConnectionsAsLost) {
    const Descriptor listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const system = reinterpret_cast<sockaddr*>(&address);
    ASSERT_EQ(::bind(listening.number(), system, size), 0);
    ASSERT_EQ(::listen(listening.number(), 0), 0);
    ASSERT_EQ(::getsockname(listening.number(), system, &size), 0);
    constexpr int kFilling = 8;
    std::vector<Descriptor> clients;
    for (int i = 0; i < kFilling; ++i) {
        clients.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        (void)::connect(clients.back().number(), system, size);
    }
    const Probed probed =
        probe({.kind = "tcp", .port = ntohs(address.sin_port), .tries = "2"}, kProbeDeadline);
    if (probed["loss"] != "100") GTEST_SKIP() << "this kernel takes more connections than it said";
    expect_lost(probed, HasSubstr("no answer in time"));
}

// The kernel makes connections without anybody who accepts them.
TEST(Probe, ReachesAddressesOfVersion6WithAndWithoutAName) {
    const Descriptor listening(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    socklen_t size = sizeof address;
    auto* const system = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listening.number(), system, size) != 0) GTEST_SKIP() << "no IPv6 here";
    ASSERT_EQ(::listen(listening.number(), 16), 0);
    ASSERT_EQ(::getsockname(listening.number(), system, &size), 0);
    for (const char* name : {"", "www.example.org"}) {
        std::vector<Target> targets;
        targets.push_back(target_of(
            {.kind = "tcp", .port = ntohs(address.sin6_port), .name = name, .tries = "2"}, "::1"));
        expect_timed(probe_all(std::move(targets), kLongDeadline).front());
    }
}

TEST(Probe, CountsSomeAsLost) {
    std::atomic<int> asked = 0;
    const Peer peer([&asked](const PeerConnection& connection) {
        (void)connection.read_until("\r\n\r\n");
        if (++asked % 2 == 0) connection.write(http_answer("x"));
    });
    const Probed probed = probe({.kind = "http", .port = peer.port(), .tries = "4"});
    EXPECT_EQ(probed["loss"], "50");
    EXPECT_NE(probed["median"], "");
    EXPECT_NE(probed["reason"], "");
}

TEST(Probe, GoesOnInAnOutageRoundAfterRound) {
    const tests::ReservedPort closed;
    std::vector<std::string> told;
    auto fetcher = Fetcher::create(
                       [] { return store::Time{store::Seconds{1'800'000'000}}; },
                       [&told](const Target&, const Outcome& outcome) {
                           told.push_back(outcome.report ? "told" : outcome.report.error().message);
                       },
                       1, std::chrono::milliseconds{300})
                       .value();
    fetcher->add(target_of({.kind = "tcp", .port = closed.number(), .tries = "1"}));
    fetcher->add(target_of({.kind = "dns", .port = 53, .name = "x", .tries = "1"}, "no.invalid"));
    for (int round = 0; round < 3; ++round) {
        fetcher->begin();
        while (fetcher->busy() > 0) fetcher->work(std::chrono::seconds{1});
    }
    EXPECT_EQ(std::ranges::count(told, "told"), 3);
    EXPECT_THAT(told, testing::Each(Not(HasSubstr("left alone"))))
        << "neither is a host left alone whose name cannot be looked up";
}

// Beside more silent ones than there may be at once.
TEST(Probe, IsNotHeldUpByThoseThatWait) {
    const Peer silent([](const PeerConnection& connection) { connection.stay_silent(); });
    const Peer good(answering(http_answer("x")));
    std::vector<Target> targets;
    for (std::size_t i = 0; i < 2 * kProbesMax; ++i) {
        targets.push_back(target_of({.kind = "http", .port = silent.port(), .tries = "1"}));
    }
    targets.push_back(target_of({.kind = "http", .port = good.port(), .tries = "1"}));
    const auto probed = probe_all(std::move(targets), std::chrono::seconds{8});
    ASSERT_EQ(probed.size(), 2 * kProbesMax + 1);
    EXPECT_EQ(probed.front()["loss"], "0") << "its turn came before the others had ended";
}

TEST(Probe, LeavesNothingOpen) {
    const auto open = [] {
        const std::filesystem::directory_iterator begin("/proc/self/fd");
        return std::distance(begin, std::filesystem::directory_iterator{});
    };
    const Peer silent([](const PeerConnection& connection) { connection.stay_silent(); });
    auto fetcher = Fetcher::create([] { return store::Time{}; },
                                   [](const Target&, const Outcome&) {}, 1, kProbeDeadline)
                       .value();
    for (const char* kind : {"tcp", "tls", "https"}) {
        fetcher->add(target_of({.kind = kind, .port = silent.port(), .tries = "4"}));
    }
    DnsPeer deaf([](const std::string&) { return std::vector<std::string>{}; });
    fetcher->add(target_of({.kind = "dns", .port = deaf.port(), .name = "x", .tries = "4"}));
    const auto before = open();
    fetcher->begin();
    while (fetcher->busy() > 0) fetcher->work(std::chrono::milliseconds{50});
    EXPECT_TRUE(tests::wait_for([&] { return open() <= before; })) << open() << " of " << before;
    fetcher->begin();
    const int questions = deaf.questions();
    while (deaf.questions() == questions) fetcher->work(std::chrono::milliseconds{50});
    fetcher.reset();  // in the middle
    EXPECT_TRUE(tests::wait_for([&] { return open() < before; })) << open() << " of " << before;
}

}  // namespace
}  // namespace kurabe::collectors::fetch
