// Definitions put together, and the state that a new file begins with.
#include "store/rrd/definitions.hpp"

#include <array>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/rrd/initial_state.hpp"

namespace kurabe::store::rrd {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

constexpr Time kBegin{Seconds{1'000'000'123}};

Result<Header> define(std::initializer_list<std::string_view> texts) {
    Definitions definitions("a.rrd", Seconds{300});
    for (const std::string_view text : texts) {
        if (auto added = definitions.add(text); !added) return std::unexpected(added.error());
    }
    return definitions.finish(kBegin);
}

std::string complaint(std::initializer_list<std::string_view> texts) {
    const auto header = define(texts);
    EXPECT_FALSE(header);
    return header ? "" : header.error().message;
}

std::vector<std::string> cfs(const Header& header) {
    std::vector<std::string> names;
    for (const RraRecord& rra : header.rras) names.emplace_back(text_of(rra.cf));
    return names;
}

constexpr std::string_view kGauge = "DS:a:GAUGE:600:0:U";
constexpr std::string_view kRra = "RRA:AVERAGE:0.5:12:10";

TEST(RrdDefinitions, BeginUnknown) {
    const auto header = define({kGauge, kRra});
    ASSERT_TRUE(header) << header.error().message;
    EXPECT_EQ(header->version, kVersionOfMicros);
    EXPECT_EQ(header->last_update(), SampleTime{kBegin.time_since_epoch()});
    // The row of an hour began 2 923 seconds ago, the PDP 223.
    EXPECT_EQ(header->pdps[0].slots[PdpRecord::kUnknownSeconds].count(), 223U);
    EXPECT_EQ(header->cdp(0, 0).slots[CdpRecord::kUnknownPdps].count(), 9U);
    EXPECT_LT(header->current_rows[0], 10U);
}

TEST(RrdDefinitions, APredictionBringsItsCompanions) {
    const auto header = define({kGauge, kRra, "RRA:HWPREDICT:100:0.1:0.01:20"});
    ASSERT_TRUE(header) << header.error().message;
    EXPECT_THAT(cfs(*header), ElementsAre("AVERAGE", "HWPREDICT", "SEASONAL", "DEVSEASONAL",
                                          "DEVPREDICT", "FAILURES"));
    const auto partner = [&](std::size_t rra) {
        return header->rras[rra].parameters[RraRecord::kPartner].count();
    };
    EXPECT_EQ(partner(1), 2U);
    EXPECT_EQ(partner(2), 1U);
    EXPECT_EQ(partner(3), 1U);
    EXPECT_EQ(partner(4), 3U);
    EXPECT_EQ(partner(5), 3U);
    EXPECT_EQ(header->version, kVersionOfMicros);
}

TEST(RrdDefinitions, TheVersionIsWhatTheyNeed) {
    EXPECT_EQ(define({kGauge, "RRA:MHWPREDICT:100:0.1:0.01:20"})->version, kVersionOfSmoothing);
    EXPECT_EQ(define({kGauge, "DS:b:DDERIVE:9:U:U", kRra})->version, kVersionOfNewTypes);
}

TEST(RrdDefinitions, SomethingMustBeThere) {
    EXPECT_EQ(complaint({}), "you must define at least one Round Robin Archive");
    EXPECT_EQ(complaint({kGauge}), "you must define at least one Round Robin Archive");
    EXPECT_EQ(complaint({kRra}), "you must define at least one Data Source");
    EXPECT_NE(complaint({kGauge, "RRA:SEASONAL:20:0.1:7"}), "");
    EXPECT_THAT(complaint({kGauge, "RRA:AVERAGE:0.5:1000000:1000000000"}),
                StartsWith("RRA 0 covers more time"));
}

TEST(RrdDefinitions, ATemplateComesFirst) {
    const auto header = define({kGauge, "DS:c:COMPUTE:a,2,*", kRra});
    ASSERT_TRUE(header);
    Definitions definitions("b.rrd", Seconds{60});
    definitions.add_all(*header);
    EXPECT_FALSE(definitions.add("DS:a:GAUGE:600:U:U"));
    ASSERT_TRUE(definitions.add("DS:b=x[2]:GAUGE:600:U:U"));
    ASSERT_TRUE(definitions.add("DS:d:COMPUTE:a,b,+"));
    const auto both = definitions.finish(kBegin);
    ASSERT_TRUE(both) << both.error().message;
    EXPECT_EQ(both->step, Seconds{60});
    EXPECT_EQ(find_source(*both, "d"), 3U);
    ASSERT_EQ(definitions.mappings().size(), 4U);
    EXPECT_EQ(definitions.mappings()[0].name, "a");
    EXPECT_EQ(definitions.mappings()[2].name, "x");
    EXPECT_EQ(definitions.mappings()[2].file, 1U);
}

// Files of one layout do not all go on to their next block at once.
TEST(RrdInitialRow, IsSpreadOverTheRing) {
    std::array<int, 10> files{};
    for (int i = 0; i < 10'000; ++i) {
        const std::uint64_t row = initial_row(fmt::format("host-{}/load.rrd", i), 3, 1000);
        ASSERT_LT(row, 1000U);
        ++files[row / 100];
    }
    for (const int count : files) EXPECT_NEAR(count, 1000, 150);
    EXPECT_EQ(initial_row("a.rrd", 0, 1), 0U);
    EXPECT_EQ(initial_row("a.rrd", 0, 1000), initial_row("a.rrd", 0, 1000));
}

}  // namespace
}  // namespace kurabe::store::rrd
