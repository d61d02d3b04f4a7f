// What a host's page says when its polls fail and when they succeed again.
#include "cli/poll_outcomes.hpp"

#include <memory>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "collectors/descriptor.hpp"
#include "server/ingest.hpp"
#include "server/log.hpp"
#include "server/metadata.hpp"
#include "store/store.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::cli {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr store::Time kNow{store::Seconds{1'700'000'000}};

class PollOutcomesTest : public testing::Test {
  protected:
    // Those of a process that has begun just now.
    PollOutcomes begin() {
        return {"ssh", kHostTexts, [this] { return now_; }, ingest_, log_};
    }
    [[nodiscard]] Result<collectors::Report> good() const {
        collectors::Report report;
        report.batch.host = "web1";
        report.time = now_;
        report.meta.push_back({"base", "uptime", "1"});
        return report;
    }
    [[nodiscard]] auto warnings() const {
        return metadata_->warnings("web1", "base", now_).value();
    }

    const Result<collectors::Report> bad_ = fail(ErrorCode::kSystem, "cannot connect");
    tests::TemporaryDirectory directory_;
    store::Time now_ = kNow;
    std::unique_ptr<store::Store> store_ =
        store::Store::open(directory_.path(), {.now = [this] { return now_; }}).value();
    std::unique_ptr<server::Metadata> metadata_ =
        server::Metadata::open(directory_.path() / "metadata.sqlite",
                               server::Metadata::Access::kWrite)
            .value();
    const collectors::Descriptor nowhere_{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
    server::Log log_{nowhere_.number(), server::LogLevel::kInfo};
    server::Ingest ingest_{*store_, *metadata_, log_, [this] { return now_; }};
};

TEST_F(PollOutcomesTest, AWarningOfPollsEndsWhenOneSucceeds) {
    PollOutcomes outcomes = begin();
    outcomes.take({.host = "web1"}, good());
    outcomes.take({.host = "web1"}, bad_);
    ASSERT_EQ(warnings().size(), 1U);
    EXPECT_EQ(warnings()[0].text, "cannot connect");
    outcomes.take({.host = "web1"}, good());
    EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(PollOutcomesTest, AWarningStaysUntilTheNextPollButOne) {
    PollOutcomes outcomes = begin();
    outcomes.take({.host = "web1", .interval = store::Seconds{3600}}, bad_);
    now_ += store::Seconds{7199};
    EXPECT_THAT(warnings(), SizeIs(1));
    now_ += store::Seconds{2};
    EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(PollOutcomesTest, AGoodPollEndsTheWarningOfAnEarlierProcess) {
    const PolledPlugin polled{.host = "web1", .interval = store::Seconds{3600}};
    begin().take(polled, bad_);
    EXPECT_THAT(warnings(), SizeIs(1));
    begin().take(polled, good());
    EXPECT_THAT(warnings(), IsEmpty());
}

}  // namespace
}  // namespace kurabe::cli
