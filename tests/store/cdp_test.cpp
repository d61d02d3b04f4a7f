// Consolidation by example; random schedules run in tests/differential/.
#include "store/cdp.hpp"

#include <optional>
#include <vector>

#include <gtest/gtest.h>

namespace kurabe::store {
namespace {

// Folds PDPs one by one from number 0 on; the values of the rows that they close.
std::vector<Value> rows_of(const Consolidation& rule, const std::vector<Value>& pdps) {
    CdpState state;
    std::vector<Value> rows;
    for (std::size_t i = 0; i < pdps.size(); ++i) {
        const PdpRun run{.first = i, .count = 1, .value = pdps[i]};
        const RowSpan span = rows_of_run(run, rule.pdp_per_row);
        const RowValues values = consolidate(state, rule, run, span);
        if (span.rows > 0) rows.push_back(values.primary);
    }
    return rows;
}

Consolidation four(Cf cf, double xff = 0.5) {
    return {.cf = cf, .pdp_per_row = 4, .xff = xff};
}

TEST(Consolidate, EachCfFoldsInItsOwnWay) {
    const std::vector<Value> pdps{3, 1, 8, 4};
    EXPECT_EQ(rows_of(four(Cf::kAverage), pdps), std::vector<Value>{4});
    EXPECT_EQ(rows_of(four(Cf::kMin), pdps), std::vector<Value>{1});
    EXPECT_EQ(rows_of(four(Cf::kMax), pdps), std::vector<Value>{8});
    EXPECT_EQ(rows_of(four(Cf::kLast), pdps), std::vector<Value>{4});
}

TEST(Consolidate, UnknownPdpsDoNotWeighIn) {
    EXPECT_EQ(rows_of(four(Cf::kAverage), {2, kUnknown, 4, 6}), std::vector<Value>{4});
    EXPECT_EQ(rows_of(four(Cf::kMin), {2, 9, 4, kUnknown}), std::vector<Value>{2});
}

TEST(Consolidate, ExactlyXffUnknownIsStillKnown) {
    EXPECT_EQ(rows_of(four(Cf::kMax), {2, kUnknown, kUnknown, 6}), std::vector<Value>{6});
    EXPECT_TRUE(is_unknown(rows_of(four(Cf::kMax), {2, kUnknown, kUnknown, kUnknown})[0]));
    EXPECT_TRUE(is_unknown(rows_of(four(Cf::kMax, 0), {2, kUnknown, 3, 4})[0]));
}

TEST(Consolidate, ARowDoesNotRememberTheOneBefore) {
    EXPECT_EQ(rows_of(four(Cf::kMax), {9, 9, 9, 9, 1, 2, 3, 2}), (std::vector<Value>{9, 3}));
    EXPECT_EQ(rows_of(four(Cf::kMin), {0, 0, 0, 0, 1, 2, 3, 2}), (std::vector<Value>{0, 1}));
}

TEST(Consolidate, ALongRunClosesItsFirstRowWithWhatWasThereBefore) {
    CdpState state;
    const Consolidation rule = four(Cf::kAverage);
    const PdpRun begin{.first = 0, .count = 2, .value = 10};
    (void)consolidate(state, rule, begin, rows_of_run(begin, 4));
    const PdpRun run{.first = 2, .count = 11, .value = 2};
    const RowSpan span = rows_of_run(run, 4);
    EXPECT_EQ(span.first_row, 1);
    EXPECT_EQ(span.rows, 3);
    EXPECT_EQ(span.carried, 1);
    const RowValues values = consolidate(state, rule, run, span);
    EXPECT_EQ(values.primary, 6);
    EXPECT_EQ(values.secondary, 2);
    EXPECT_EQ(state.value, 2);
}

TEST(Consolidate, OnePdpPerRowIsThePdpItself) {
    EXPECT_EQ(rows_of({Cf::kMin, 1, 0.5}, {3, 1}), (std::vector<Value>{3, 1}));
}

TEST(CdpState, BeginsWithThePdpsBeforeItUnknown) {
    const Time time{Seconds{60 * (4 * 1000 + 3) + 20}};
    EXPECT_EQ(CdpState::beginning(time, Seconds{60}, 4).unknown_pdps, 3);
}

}  // namespace
}  // namespace kurabe::store
