// Plugins that nobody describes: what an agent's own plugins push.
#include "server/named_pages.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/site_fixture.hpp"

namespace kurabe::server {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::StartsWith;

TEST(NamedPages, StandWhereNobodyTellsOne) {
    EXPECT_THAT(with_named_pages({}, "app", {}), IsEmpty());
    EXPECT_THAT(with_named_pages({}, "app", {"users.gauge"}), Contains(Key("definition")));
    const MetaMap told = {{"definition.a", "{}"}};
    EXPECT_EQ(with_named_pages(told, "app", {"users.gauge"}), told);
}

class PushedPlugin : public SiteFixture {
  protected:
    void SetUp() override {
        directory_.write("rolls/app.yml", "metrics:\n- base\n- app\n- later\n");
        open("---\nservice: shop\nservers:\n- { roll: app.yml, hosts: [ 10.0.0.1 ] }\n");
        for (const char* key : {"users.gauge", "queue.in.derive", "queue.out.derive"}) {
            store_.series_values[{"10.0.0.1", "app", key}] = 1;
        }
    }
};

TEST_F(PushedPlugin, IsDrawnByTheNamesOfItsSeries) {
    const std::string page = get("/server?address=10.0.0.1", "GET", "en").body;
    EXPECT_THAT(page, AllOf(HasSubstr("plugin_identifier=app&amp;graph=queue"),
                            HasSubstr("plugin_identifier=app&amp;graph=users"),
                            Not(HasSubstr("plugin_identifier=later&amp;graph")),
                            Not(HasSubstr("no definition"))));
    const Response graph =
        get("/graph?address=10.0.0.1&plugin_identifier=app&graph=queue&term=day");
    EXPECT_EQ(graph.status, 200);
    EXPECT_THAT(graph.body, StartsWith("\x89PNG"));
    EXPECT_EQ(get("/graph?address=10.0.0.1&plugin_identifier=app&graph=other").status, 404);
}

}  // namespace
}  // namespace kurabe::server
