// Writers and readers of the same hosts at full speed: every row that is read is one that was
// written, whole, and all that come before a known one are known; also while archives grow, are
// closed and opened, and checkpoints are written.
#include <atomic>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/journal_segment.hpp"
#include "store/store.hpp"
#include "tests/support/nightly.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::store {
namespace {

constexpr Time kThreadsBegin{Seconds{1'700'006'400}};
constexpr std::int64_t kRows = 10;

class StoreThreads : public testing::Test {
  protected:
    StoreThreads() {
        StoreOptions options;
        options.retention.rings = {{1, kRows, {Cf::kAverage}},
                                   {5, 8, {Cf::kAverage, Cf::kMin, Cf::kMax}}};
        options.values_per_run = 4;
        options.commit_interval = std::chrono::milliseconds{1};
        options.journal_segment_bytes = kSegmentBytesMin;
        options.open_archives_max = 3;
        store_ = Store::open(directory_.path() / "data", options).value();
    }

    static std::string host(std::int64_t number) { return fmt::format("host{}", number); }

    // Minute n has the value n, the highest of a longer row, in all series, of which there are more
    // and more.
    void write(std::int64_t number) {
        for (std::int64_t minute = 0; minute < minutes_; ++minute) {
            Batch batch{.host = host(number), .samples = {}};
            for (std::int64_t series = 0; series <= minute * 40 / minutes_; ++series) {
                batch.samples.push_back({"plugin", fmt::format("s{}.gauge", series),
                                         RawValue::of(static_cast<double>(minute)),
                                         kThreadsBegin + Seconds{60 * minute}});
            }
            EXPECT_EQ(store_->append(batch)->refused_count, 0);
            written_[static_cast<std::size_t>(number)] = minute;
        }
    }

    void read(std::int64_t number) const {
        std::int64_t last = 0;
        while (last + 1 < minutes_) {
            last = written_[static_cast<std::size_t>(number)];
            const Time end = kThreadsBegin + Seconds{60 * last};
            const auto fetched = store_->fetch({host(number), "plugin", "s0.gauge"},
                                               {.cf = RraCf::kMax,
                                                .start = end - Seconds{60 * (kRows - 1)},
                                                .end = end - Seconds{60}});
            if (!fetched) {
                EXPECT_EQ(fetched.error().code, ErrorCode::kNotFound);
                continue;
            }
            expect_rows(*fetched, last);
            (void)store_->series(host(number));
        }
    }

    // Of the rows that were asked for, those that a later sample has pushed out are unknown.
    static void expect_rows(const FetchedSeries& fetched, std::int64_t last) {
        bool is_known = false;
        for (std::size_t i = 0; i + 1 < fetched.values.size(); ++i) {
            const Value value = fetched.values[i];
            const Time time = fetched.start + fetched.step * static_cast<std::int64_t>(i + 1);
            const auto minute = static_cast<double>((time - kThreadsBegin) / Seconds{60});
            if (is_unknown(value)) {
                EXPECT_FALSE(is_known && minute <= static_cast<double>(last)) << "a hole";
                continue;
            }
            is_known = true;
            ASSERT_EQ(value, minute);
        }
    }

    const std::int64_t minutes_ = tests::is_nightly() ? 20'000 : 1500;
    static constexpr std::int64_t kHosts = 4;
    tests::TemporaryDirectory directory_;
    std::unique_ptr<Store> store_;
    std::array<std::atomic<std::int64_t>, kHosts> written_{};
};

TEST_F(StoreThreads, ReadersSeeWholeRowsWhileWritersGoOn) {
    std::vector<std::jthread> readers;
    std::vector<std::thread> writers;
    for (std::int64_t number = 0; number < kHosts; ++number) {
        writers.emplace_back([this, number] { write(number); });
        readers.emplace_back([this, number] { read(number); });
        readers.emplace_back([this, number] { read(number); });
    }
    std::jthread checkpoints([this](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            EXPECT_TRUE(store_->checkpoint(std::chrono::milliseconds{5}, stop));
        }
    });
    for (std::thread& writer : writers) writer.join();
    checkpoints.request_stop();
    checkpoints.join();
    readers.clear();
    EXPECT_TRUE(store_->damaged().empty());
    EXPECT_TRUE(store_->close());
}

}  // namespace
}  // namespace kurabe::store
