// Every system call of a store's life fails once: the store says so or does without, keeps all that
// it acknowledged, and opens again.
#include <array>
#include <map>
#include <set>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/store/store_scenario.hpp"
#include "tests/support/nightly.hpp"
#include "tests/support/system_calls.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::store {
namespace {

namespace fs = std::filesystem;
using tests::SystemCall;

constexpr std::int64_t kBatches = 24;

class StoreFault : public testing::TestWithParam<int> {
  protected:
    void SetUp() override { fs::create_directories(root_); }
    void TearDown() override { fs::remove_all(root_); }

    struct Outcome {
        bool was_reached = false;
        std::string call;
        std::set<std::int64_t> refused;
    };

    // A scenario with a checkpoint after every fifth batch, opened twice, in which one call fails.
    Outcome run(std::uint64_t seed, std::uint64_t failing_call, int error) {
        Outcome outcome;
        const tests::SystemCalls calls(
            [&, count = std::uint64_t{0}](const SystemCall& call) mutable {
                if (++count != failing_call) return 0;
                outcome.was_reached = true;
                outcome.call = call.name;
                return error;
            });
        tests::Scenario scenario(seed);
        for (std::int64_t number = 0; number < kBatches;) {
            auto store = Store::open(root_ / "data", options_);
            // The second attempt finds the disk in order.
            if (!store) store = Store::open(root_ / "data", options_);
            EXPECT_TRUE(store) << store.error().message;
            if (!store) return outcome;
            for (const std::int64_t end = number + kBatches / 2; number < end; ++number) {
                const auto report = (*store)->append(scenario.next());
                EXPECT_TRUE(report || !report.error().message.empty());
                if (!report || !tests::is_taken(*report)) outcome.refused.insert(number);
                if (number % 5 == 4) (void)(*store)->checkpoint();
            }
            if (number == kBatches) (void)(*store)->close();
        }
        return outcome;
    }

    // Without those refused, or with the first of them that a host had: it may have been stored
    // before the call that failed.
    void expect_contents(std::uint64_t seed, const Outcome& outcome) {
        const auto reopened = tests::open_store(root_ / "data", options_);
        const auto without = tests::open_store(root_ / "without", options_);
        const auto with = tests::open_store(root_ / "with", options_);
        std::set<std::string> refused_hosts;
        tests::Scenario scenario(seed);
        for (std::int64_t number = 0; number < kBatches; ++number) {
            const Batch batch = scenario.next();
            const bool is_refused = outcome.refused.contains(number);
            const bool is_first = is_refused && refused_hosts.insert(batch.host).second;
            ASSERT_TRUE(is_refused || without->append(batch));
            ASSERT_TRUE((is_refused && !is_first) || with->append(batch));
        }
        for (std::int64_t i = 0; i < static_cast<std::int64_t>(tests::kScenarioHosts); ++i) {
            const std::string host = tests::scenario_host(i);
            const std::string found = tests::contents_of(*reopened, host);
            EXPECT_TRUE(found == tests::contents_of(*without, host) ||
                        found == tests::contents_of(*with, host))
                << host;
        }
        EXPECT_TRUE(reopened->damaged().empty());
    }

    const StoreOptions options_ = tests::scenario_options(std::chrono::milliseconds{0});
    const fs::path root_ =
        tests::fast_directory() / fmt::format("kurabe-fault-{}-{}", ::getpid(), GetParam());
};

// Parts, so that they run side by side.
constexpr int kFaultParts = 4;

TEST_P(StoreFault, OfAnyCallLosesNothingThatWasAcknowledged) {
    constexpr std::array kErrors{EIO, ENOSPC, EMFILE, EROFS, ENOMEM};
    const std::uint64_t seeds = tests::is_nightly() ? 40 : 1;
    std::set<std::string> seen;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        for (std::uint64_t call = static_cast<std::uint64_t>(GetParam()) + 1;;
             call += kFaultParts) {
            const int error = kErrors[call / kFaultParts % kErrors.size()];
            SCOPED_TRACE(fmt::format("seed {}, call {}, error {}", seed, call, error));
            const Outcome outcome = run(seed, call, error);
            if (!outcome.was_reached) {
                fs::remove_all(root_ / "data");
                break;
            }
            seen.insert(outcome.call);
            SCOPED_TRACE(outcome.call);
            expect_contents(seed, outcome);
            if (HasFailure()) return;
            for (const char* name : {"data", "with", "without"}) fs::remove_all(root_ / name);
        }
    }
    EXPECT_GE(seen.size(), 6U) << "the calls are no longer seen";
}

INSTANTIATE_TEST_SUITE_P(Parts, StoreFault, testing::Range(0, kFaultParts));

// A batch of several records goes on after one that was refused: what it says is not all.
TEST(StoreFaultInABatch, OfASyncInTheMiddleOfABatchIsNotForgotten) {
    const tests::TemporaryDirectory directory;
    StoreOptions options;
    options.retention.rings = {{1, 10, {Cf::kAverage}}};
    options.values_per_run = 4;
    const auto store = tests::open_store(directory.path() / "data", options);
    const auto sample = [](std::int64_t minute) {
        return Sample{"plugin", "a.gauge", RawValue::of(1),
                      Time{Seconds{1'700'000'100 + 60 * minute}}};
    };
    ASSERT_TRUE(store->append({.host = "a", .samples = {sample(0)}}));
    ASSERT_TRUE(store->checkpoint());
    Batch many{.host = "a", .samples = {}};
    for (std::int64_t minute = 1; minute <= 30; ++minute) many.samples.push_back(sample(minute));
    bool was_reached = false;
    {
        const tests::SystemCalls calls([&](const tests::SystemCall& call) {
            if (was_reached || std::string_view(call.name) != "msync") return 0;
            was_reached = true;
            return EIO;
        });
        const auto report = store->append(many);
        EXPECT_TRUE(!report || report->refused_count > 0);
    }
    EXPECT_TRUE(was_reached);
    EXPECT_EQ(store->damaged().size(), 1);
    EXPECT_FALSE(store->append({.host = "a", .samples = {sample(40)}}));
    EXPECT_FALSE(store->checkpoint());
}

}  // namespace
}  // namespace kurabe::store
