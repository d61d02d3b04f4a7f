// Which retentions are possible, and the names that go with them.
#include "store/retention.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace kurabe::store {
namespace {

TEST(Retention, OfKuradoIsPossible) {
    const Retention retention = Retention::kurado();
    EXPECT_TRUE(retention.check());
    ASSERT_EQ(retention.rings.size(), 4);
    EXPECT_EQ(retention.rings[3].pdp_per_row, 1440);
}

TEST(Retention, RefusesEveryImpossibleNumber) {
    const auto refused = [](auto change) {
        Retention retention = Retention::kurado();
        change(retention);
        return !retention.check();
    };
    EXPECT_TRUE(refused([](Retention& r) { r.step = Seconds{0}; }));
    EXPECT_TRUE(refused([](Retention& r) { r.step = kStepMax + Seconds{1}; }));
    EXPECT_TRUE(refused([](Retention& r) { r.heartbeat = Seconds{0}; }));
    EXPECT_TRUE(refused([](Retention& r) { r.xff = 1; }));
    EXPECT_TRUE(refused([](Retention& r) { r.xff = -0.1; }));
    EXPECT_TRUE(refused([](Retention& r) { r.xff = kUnknown; }));
    EXPECT_TRUE(refused([](Retention& r) { r.rings.clear(); }));
    EXPECT_TRUE(refused([](Retention& r) { r.rings.resize(kRingsMax + 1, r.rings[0]); }));
    EXPECT_TRUE(refused([](Retention& r) { r.rings[0].rows = 0; }));
    EXPECT_TRUE(refused([](Retention& r) { r.rings[0].rows = kRowsMax + 1; }));
    EXPECT_TRUE(refused([](Retention& r) { r.rings[0].pdp_per_row = 0; }));
    EXPECT_TRUE(refused([](Retention& r) { r.rings[0].cfs.clear(); }));
    EXPECT_TRUE(refused([](Retention& r) { r.rings[0].cfs = {Cf::kMin, Cf::kMin}; }));
}

TEST(Names, ReadBackAsWhatTheyName) {
    for (const Cf cf : {Cf::kAverage, Cf::kMin, Cf::kMax, Cf::kLast}) {
        EXPECT_EQ(parse_cf(cf_name(cf)), cf);
    }
    EXPECT_EQ(parse_cf("average"), std::nullopt);
    EXPECT_EQ(parse_ds_type("GAUGE"), DsType::kGauge);
    EXPECT_EQ(parse_ds_type("DDERIVE"), DsType::kDDerive);
    EXPECT_EQ(parse_ds_type("gauge"), std::nullopt);
    EXPECT_EQ(parse_ds_type_suffix("absolute"), DsType::kAbsolute);
    EXPECT_EQ(parse_ds_type_suffix("dderive"), std::nullopt);
    EXPECT_EQ(parse_ds_type_suffix("GAUGE"), std::nullopt);
}

}  // namespace
}  // namespace kurabe::store
