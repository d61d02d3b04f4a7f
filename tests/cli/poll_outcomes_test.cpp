// What a host's page says when its polls fail and when they succeed again.
#include "cli/poll_outcomes.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "server/ingest.hpp"
#include "server/log.hpp"
#include "server/metadata.hpp"
#include "store/store.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::cli {
namespace {

using testing::IsEmpty;

constexpr store::Time kNow{store::Seconds{1'700'000'000}};

TEST(PollOutcomes, AWarningOfPollsEndsWhenOneSucceeds) {
    const tests::TemporaryDirectory directory;
    const auto now = [] { return kNow; };
    const auto store = store::Store::open(directory.path(), {.now = now}).value();
    const auto metadata = server::Metadata::open(directory.path() / "metadata.sqlite",
                                                 server::Metadata::Access::kWrite)
                              .value();
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    server::Log log(nowhere, server::LogLevel::kInfo);
    server::Ingest ingest(*store, *metadata, log, now);
    PollOutcomes outcomes("ssh", kHostTexts, now, ingest, log);
    const auto warnings = [&] { return metadata->warnings("web1", "base", kNow).value(); };

    collectors::Report good;
    good.batch.host = "web1";
    good.time = kNow;
    good.meta.push_back({"base", "uptime", "1"});
    outcomes.take({.host = "web1"}, good);
    outcomes.take({.host = "web1"}, fail(ErrorCode::kSystem, "cannot connect"));
    ASSERT_EQ(warnings().size(), 1U);
    EXPECT_EQ(warnings()[0].text, "cannot connect");
    outcomes.take({.host = "web1"}, good);
    EXPECT_THAT(warnings(), IsEmpty());
    ::close(nowhere);
}

}  // namespace
}  // namespace kurabe::cli
