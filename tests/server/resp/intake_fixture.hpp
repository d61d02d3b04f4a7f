// An intake of lines whose store is in memory, for tests of what agents are answered.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include <gtest/gtest.h>
#include <unistd.h>

#include "server/ingest.hpp"
#include "server/line_intake.hpp"
#include "tests/server/site_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::server {

class IntakeFixture : public testing::Test {
  protected:
    static constexpr store::Time kNow{store::Seconds{1795344400}};

    IntakeFixture()
        : metadata_(Metadata::open(directory_.path() / "metadata.sqlite", Metadata::Access::kWrite)
                        .value()),
          ingest_(store_, *metadata_, log_, [] { return kNow; }),
          intake_(ingest_, rules_, log_, [] { return kNow; }) {
        store_.appending = [this](const store::Batch& batch) -> Result<store::AppendReport> {
            const std::lock_guard lock(mutex_);
            if (failure_) return std::unexpected(*failure_);
            samples_ += batch.samples.size();
            return store::AppendReport{.stored = batch.samples.size(), .refused = {}};
        };
    }
    [[nodiscard]] std::size_t samples() {
        const std::lock_guard lock(mutex_);
        return samples_;
    }
    void fail_with(std::optional<Error> failure) {
        const std::lock_guard lock(mutex_);
        failure_ = std::move(failure);
    }

    [[nodiscard]] CurrentIntake current_intake() {
        return [this] { return std::shared_ptr<LineIntake>(std::shared_ptr<void>(), &intake_); };
    }

    tests::TemporaryDirectory directory_;
    Log log_{STDERR_FILENO, LogLevel::kError};
    FakeStore store_;
    std::unique_ptr<Metadata> metadata_;
    SenderRules rules_;
    Ingest ingest_;
    LineIntake intake_;

  private:
    std::mutex mutex_;
    std::size_t samples_ = 0;
    std::optional<Error> failure_;
};

}  // namespace kurabe::server
