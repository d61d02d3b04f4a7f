// Events: whom they are about, what is found again, reboots.
#include "server/event_log.hpp"

#include <initializer_list>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/metadata.hpp"
#include "server/sqlite_handles.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::server {
namespace {

using store::Seconds;
using store::Time;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Time kLoggedNow{Seconds{1'767'323'045}};

class EventLogTest : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(Metadata::open(file(), Metadata::Access::kWrite));
        open();
    }
    void open() {
        log_.reset();
        auto opened = EventLog::open(file(), EventLog::Access::kWrite);
        ASSERT_TRUE(opened) << opened.error().message;
        log_ = *std::move(opened);
    }
    [[nodiscard]] std::filesystem::path file() const {
        return directory_.path() / "metadata.sqlite";
    }
    void change(const char* sql) const {
        Database other;
        ASSERT_TRUE(connect(file().native(), SQLITE_OPEN_READWRITE, file(), other));
        ASSERT_TRUE(execute(other.get(), sql, file()));
    }
    std::int64_t add(std::string text, Seconds ago, EventScope scope = {}, Seconds length = {}) {
        Event event{.time = kLoggedNow - ago, .text = std::move(text), .scope = std::move(scope)};
        if (length > Seconds{0}) event.end = event.time + length;
        return log_->add(event, kLoggedNow).value();
    }
    static std::vector<std::string> texts(const std::vector<Event>& events) {
        std::vector<std::string> all;
        for (const Event& event : events) all.push_back(event.text);
        return all;
    }
    [[nodiscard]] std::vector<std::string> of(const EventPlace& place, Seconds ago = Seconds{3600},
                                              std::size_t most = 10) const {
        return texts(log_->of(place, kLoggedNow - ago, kLoggedNow, most));
    }

    tests::TemporaryDirectory directory_;
    std::unique_ptr<EventLog> log_;
};

constexpr EventPlace kWeb1{.service = "shop",
                           .section = "www",
                           .role = "httpd",
                           .host = "10.0.0.1",
                           .plugin = "base",
                           .graph = "cpu"};

TEST_F(EventLogTest, ThoseOfWiderScopesAreInherited) {
    add("fleet", Seconds{60});
    add("service", Seconds{50}, {.service = "shop"});
    add("section", Seconds{40}, {.service = "shop", .section = "www"});
    add("role", Seconds{30}, {.role = "httpd"});
    add("host", Seconds{20}, {.host = "10.0.0.1"});
    add("graph", Seconds{10}, {.host = "10.0.0.1", .plugin = "base", .graph = "cpu"});
    add("elsewhere", Seconds{10}, {.service = "blog"});
    add("other graph", Seconds{10}, {.host = "10.0.0.1", .plugin = "base", .graph = "traffic"});
    EXPECT_THAT(of(kWeb1), ElementsAre("fleet", "service", "section", "role", "host", "graph"));
    EXPECT_THAT(of({.host = "10.0.0.2"}), ElementsAre("fleet"));
    EXPECT_THAT(of(kWeb1, Seconds{3600}, 2), ElementsAre("host", "graph"));
    EXPECT_EQ(log_->all(kLoggedNow - Seconds{3600}, kLoggedNow, 100).size(), 8U);
}

TEST_F(EventLogTest, AreFoundWhereTheyReachIntoARange) {
    add("before", Seconds{7200});
    add("long", Seconds{7200}, {}, Seconds{7000});
    add("over", Seconds{7200}, {}, Seconds{100});
    add("inside", Seconds{100});
    add("later", Seconds{-100});
    EXPECT_THAT(of(kWeb1), ElementsAre("long", "inside"));
}

TEST_F(EventLogTest, AreThereAfterARestart) {
    add("deploy", Seconds{60}, {.service = "shop"}, Seconds{30});
    const auto gone = add("mistake", Seconds{60});
    ASSERT_TRUE(log_->remove(gone));
    EXPECT_EQ(log_->remove(gone).error().code, ErrorCode::kNotFound);
    open();
    const auto events = log_->of(kWeb1, kLoggedNow - Seconds{3600}, kLoggedNow, 10);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].text, "deploy");
    EXPECT_EQ(events[0].end, kLoggedNow - Seconds{30});
    EXPECT_EQ(events[0].scope, EventScope{.service = "shop"});
    EXPECT_TRUE(log_->find(events[0].id));
    EXPECT_FALSE(log_->find(gone));
    EXPECT_NE(add("next", Seconds{1}), gone) << "ids are never used again";
}

TEST_F(EventLogTest, OldOnesAreForgotten) {
    add("old", kEventLifetime - Seconds{10});
    const auto added = log_->add({.time = kLoggedNow, .text = "new"}, kLoggedNow + Seconds{60});
    ASSERT_TRUE(added);
    EXPECT_EQ(texts(log_->all(Time{}, kLoggedNow + Seconds{60}, 10)),
              std::vector<std::string>{"new"});
    open();
    EXPECT_EQ(log_->all(Time{}, kLoggedNow + Seconds{60}, 10).size(), 1U);
}

// The database refuses one in the midst of them.
TEST_F(EventLogTest, SeveralAreAddedTogetherOrNotAtAll) {
    Database other;
    ASSERT_TRUE(connect(file().native(), SQLITE_OPEN_READWRITE, file(), other));
    ASSERT_TRUE(execute(other.get(),
                        "CREATE TRIGGER never BEFORE INSERT ON event WHEN new.section = 'bad'"
                        " BEGIN SELECT RAISE(ABORT, 'never'); END",
                        file()));
    const auto of_sections = [](std::initializer_list<const char*> sections) {
        std::vector<Event> events;
        for (const char* section : sections) {
            events.push_back({.time = kLoggedNow, .text = section, .scope = {.section = section}});
        }
        return events;
    };
    EXPECT_FALSE(log_->add_all(of_sections({"a", "bad", "b"}), kLoggedNow));
    EXPECT_THAT(log_->all(kLoggedNow, kLoggedNow, 9), IsEmpty());
    const auto first = log_->add_all(of_sections({"c", "d"}), kLoggedNow);
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_EQ(log_->find(*first).value().text, "c");
    EXPECT_EQ(log_->find(*first + 1).value().text, "d");
    open();
    EXPECT_THAT(texts(log_->all(kLoggedNow, kLoggedNow, 9)), ElementsAre("c", "d"));
}

TEST_F(EventLogTest, AHostsVersionChangesWithWhatItsGraphsMayShow) {
    const auto web = [this] { return log_->version("10.0.0.1"); };
    EXPECT_EQ(web(), EventsVersion());
    const auto first = add("disk", Seconds{60}, {.host = "10.0.0.1"});
    const EventsVersion own = web();
    EXPECT_NE(own, EventsVersion());
    add("another host", Seconds{60}, {.host = "10.0.0.2"});
    EXPECT_EQ(web(), own);
    const auto deploy = add("deploy", Seconds{60}, {.role = "web"});
    const EventsVersion both = web();
    EXPECT_NE(both, own);
    ASSERT_TRUE(log_->remove(deploy));
    EXPECT_EQ(web(), own);

    // A list that was forgotten begins with versions that it never had.
    ASSERT_TRUE(log_->remove(first));
    EXPECT_EQ(web(), EventsVersion());
    add("disk again", Seconds{60}, {.host = "10.0.0.1"});
    EXPECT_NE(web(), own);
    EXPECT_NE(web(), EventsVersion());
}

TEST_F(EventLogTest, AHostThatWasStartedAnewIsMarked) {
    const auto note = [this](Seconds uptime, Seconds later) {
        const Time now = kLoggedNow + later;
        ASSERT_TRUE(log_->note_uptime("10.0.0.1", uptime, {.told = now, .received = now}));
    };
    note(Seconds{1000}, Seconds{0});
    note(Seconds{1060}, Seconds{60});
    note(Seconds{1000}, Seconds{120});  // its clock was set by two minutes
    EXPECT_THAT(log_->all(Time{}, kLoggedNow + Seconds{999}, 10), IsEmpty());
    note(Seconds{30}, Seconds{180});
    open();
    note(Seconds{90}, Seconds{240});
    const auto events = log_->all(Time{}, kLoggedNow + Seconds{999}, 10);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].text, "reboot");
    EXPECT_EQ(events[0].time, kLoggedNow + Seconds{150});
    EXPECT_EQ(events[0].scope, EventScope{.host = "10.0.0.1"});
}

TEST_F(EventLogTest, NeitherASetClockNorALateReportIsAReboot) {
    constexpr Seconds kHour{3600};
    const auto note = [this](Seconds uptime, Seconds told, Seconds received) {
        ASSERT_TRUE(log_->note_uptime(
            "10.0.0.1", uptime, {.told = kLoggedNow + told, .received = kLoggedNow + received}));
    };
    const auto reboots = [this] {
        std::vector<Time> times;
        for (const Event& event : log_->all(Time{}, kLoggedNow + Seconds{86'400}, 10)) {
            times.push_back(event.time);
        }
        return times;
    };
    note(Seconds{100}, -kHour, Seconds{0});  // its clock is an hour slow
    open();
    note(Seconds{160}, Seconds{60}, Seconds{60});  // and is set
    note(Seconds{220}, Seconds{120}, Seconds{120} + 2 * kHour);
    EXPECT_THAT(reboots(), IsEmpty());
    open();
    note(Seconds{30}, 3 * kHour, 4 * kHour);  // started anew, and cut off for an hour
    EXPECT_THAT(reboots(), ElementsAre(kLoggedNow + 3 * kHour - Seconds{30}));
    note(Seconds{90}, 3 * kHour + Seconds{60}, 4 * kHour);
    note(Seconds{90} + kHour, 4 * kHour + Seconds{60}, 4 * kHour + Seconds{60});
    EXPECT_EQ(reboots().size(), 1U);
    // Cut off again, and started twice meanwhile: all is told at once.
    const Seconds at_once = 9 * kHour;
    note(Seconds{60}, 5 * kHour, at_once);
    note(Seconds{60} + kHour, 6 * kHour, at_once);
    note(Seconds{60}, 7 * kHour, at_once);
    EXPECT_THAT(reboots(), ElementsAre(kLoggedNow + 3 * kHour - Seconds{30},
                                       kLoggedNow + 5 * kHour - Seconds{60},
                                       kLoggedNow + 7 * kHour - Seconds{60}));
}

TEST_F(EventLogTest, ARebootThatCannotBeKeptIsMarkedByTheNextReport) {
    const auto note = [this](Seconds uptime, Seconds later) {
        const Time now = kLoggedNow + later;
        return log_->note_uptime("10.0.0.1", uptime, {.told = now, .received = now});
    };
    ASSERT_TRUE(note(Seconds{5000}, Seconds{0}));
    change("CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT raise(ABORT, 'full'); END");
    EXPECT_FALSE(note(Seconds{30}, Seconds{60}));
    open();
    change("DROP TRIGGER full");
    ASSERT_TRUE(note(Seconds{90}, Seconds{120}));
    EXPECT_EQ(log_->all(Time{}, kLoggedNow + Seconds{999}, 10).size(), 1U);
}

TEST_F(EventLogTest, AReaderHasWhatIsThereAndAddsNothing) {
    add("deploy", Seconds{60});
    log_.reset();
    auto reader = EventLog::open(file(), EventLog::Access::kRead).value();
    EXPECT_EQ(reader->all(Time{}, kLoggedNow, 10).size(), 1U);
    EXPECT_FALSE(reader->add({.time = kLoggedNow, .text = "x"}, kLoggedNow));
    EXPECT_FALSE(reader->remove(1));
    auto nothing = EventLog::open(directory_.path() / "absent", EventLog::Access::kRead).value();
    EXPECT_THAT(nothing->all(Time{}, kLoggedNow, 10), IsEmpty());
}

}  // namespace
}  // namespace kurabe::server
