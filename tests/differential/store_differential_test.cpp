// The same samples to a host archive and to rrdtool: every row, every accumulator and every fetch
// must be the same. Prints the seed of a schedule that differs.
#include <algorithm>
#include <bit>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/host_archive.hpp"
#include "tests/differential/rrd_file.hpp"
#include "tests/differential/schedule.hpp"
#include "tests/support/archive_append.hpp"
#include "tests/support/nightly.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

using namespace store;

// Every unknown is the same, every other number is a bit pattern.
std::uint64_t value_bits(double value) {
    return is_unknown(value) ? UINT64_MAX : std::bit_cast<std::uint64_t>(value);
}

std::int64_t seconds(Time time) {
    return time.time_since_epoch().count();
}

// What `rrdtool fetch` prints: row times and values as text.
struct Printed {
    std::vector<std::pair<std::int64_t, std::string>> rows;
    explicit Printed(const std::string& text) {
        std::istringstream lines(text);
        std::string line;
        while (std::getline(lines, line)) {
            const auto colon = line.find(": ");
            if (colon == std::string::npos) continue;
            std::string value = line.substr(colon + 2);
            if (value.ends_with("nan")) value = "nan";
            rows.emplace_back(std::stoll(line), value);
        }
    }
    explicit Printed(const FetchedSeries& fetched) {
        Time time = fetched.start;
        for (const Value value : fetched.values) {
            time += fetched.step;
            rows.emplace_back(seconds(time),
                              is_unknown(value) ? "nan" : fmt::format("{:.10e}", value));
        }
    }
};

class StoreDifferential : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    }

    // Both sides of one schedule.
    HostArchive run(const Schedule& schedule, Random& random) {
        std::filesystem::remove(rrd_);
        std::filesystem::remove(archive_);
        const auto created = rrdtool_.run(schedule.create_command(rrd_.string()));
        EXPECT_TRUE(created.ok) << created.text;
        const auto updated = rrdtool_.run(schedule.update_command(rrd_.string()));
        EXPECT_TRUE(updated.ok) << updated.text;

        auto archive = HostArchive::create(
            archive_, {.retention = schedule.retention,
                       .columns = 1,
                       .values_per_run = static_cast<std::uint32_t>(pick(random, 1, 20))});
        EXPECT_TRUE(archive) << archive.error().message;
        const auto report = tests::append(*archive, "host", schedule.store_samples());
        EXPECT_TRUE(report) << report.error().message;
        return std::move(*archive);
    }

    void expect_same_state(const Schedule& schedule, const HostArchive& archive) {
        const RrdFile rrd = RrdFile::read(rrd_);
        const Column& column = archive.columns().front();
        EXPECT_EQ(value_bits(column.pdp.value), value_bits(rrd.pdp_value));
        EXPECT_EQ(column.pdp.unknown_seconds, rrd.pdp_unknown_seconds);
        std::size_t cdp = 0;
        for (const RrdRra& rra : rrd.rras) {
            expect_same_rows(schedule, archive, rra);
            if (rra.pdp_per_row == 1) continue;
            EXPECT_EQ(value_bits(column.cdps[cdp].value), value_bits(rra.cdp_value)) << rra.cf;
            EXPECT_EQ(column.cdps[cdp].unknown_pdps, rra.cdp_unknown) << rra.cf;
            ++cdp;
        }
    }

    // Only where the resolution tells the ring.
    void expect_same_rows(const Schedule& schedule, const HostArchive& archive, const RrdRra& rra) {
        const auto same_resolution =
            std::ranges::count(schedule.retention.rings, rra.pdp_per_row, &RingShape::pdp_per_row);
        if (same_resolution > 1) return;
        const auto cf = parse_cf(rra.cf);
        ASSERT_TRUE(cf);
        const Seconds resolution =
            schedule.retention.step * static_cast<std::int64_t>(rra.pdp_per_row);
        const Time begin = Time{Seconds{rra.values.begin()->first}} - resolution;
        const Time end = Time{Seconds{rra.values.rbegin()->first}};
        const auto fetched =
            archive.fetch({"plugin", schedule.key()}, {rra_cf_of(*cf), begin, end, resolution});
        ASSERT_TRUE(fetched) << fetched.error().message;
        ASSERT_EQ(fetched->step, resolution);
        ASSERT_EQ(fetched->values.size(), rra.rows + 1);
        auto ours = fetched->values.begin();
        for (const auto& [time, value] : rra.values) {
            ASSERT_EQ(value_bits(*ours), value_bits(value))
                << rra.cf << " at " << time << ": ours " << *ours << ", rrdtool " << value;
            ++ours;
        }
    }

    void expect_same_fetch(const Schedule& schedule, const HostArchive& archive, Random& random) {
        const SampleTime last = archive.columns().front().last_time;
        const auto span = seconds(std::chrono::floor<Seconds>(last)) -
                          seconds(archive.columns().front().history_start);
        const auto step = schedule.retention.step.count();
        const auto around = [&] {
            auto time = seconds(std::chrono::floor<Seconds>(last)) -
                        pick(random, -5 * step, one_in(random, 2) ? span + 5 * step : 50 * step);
            return one_in(random, 3) ? time / step * step : time;
        };
        std::int64_t start = std::max<std::int64_t>(around(), 315'532'801);
        std::int64_t end = std::max<std::int64_t>(around(), 315'532'801);
        if (start > end) std::swap(start, end);
        if (start == end) ++end;
        end = std::min(end, start + 20'000 * step);
        const Cf cf = static_cast<Cf>(pick(random, 0, 3));
        const std::int64_t resolution = one_in(random, 2) ? 1 : step * pick(random, 1, 14);
        const auto theirs = rrdtool_.run(fmt::format("fetch {} {} -s {} -e {} -r {}", rrd_.string(),
                                                     cf_name(cf), start, end, resolution));
        const auto ours = archive.fetch(
            {"plugin", schedule.key()},
            {rra_cf_of(cf), Time{Seconds{start}}, Time{Seconds{end}}, Seconds{resolution}});
        const std::string what =
            fmt::format("{} {}...{} resolution {}", cf_name(cf), start, end, resolution);
        ASSERT_EQ(ours.has_value(), theirs.ok) << what << " " << theirs.text;
        if (!ours) {
            EXPECT_NE(theirs.text.find(ours.error().message), std::string::npos) << theirs.text;
            return;
        }
        const Printed printed(theirs.text);
        ASSERT_EQ(Printed(*ours).rows, printed.rows) << what;
    }

    TemporaryDirectory directory_;
    const std::filesystem::path rrd_ = directory_.path() / "a.rrd";
    const std::filesystem::path archive_ = directory_.path() / "a.kurabe";
    RrdtoolProcess rrdtool_;
};

TEST_F(StoreDifferential, RandomSchedulesGiveTheSameNumbersAsRrdtool) {
    const std::uint64_t schedules = is_nightly() ? 5000 : 400;
    for (std::uint64_t seed = 1; seed <= schedules; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        Random random(seed);
        const Schedule schedule = Schedule::make(random);
        const HostArchive archive = run(schedule, random);
        expect_same_state(schedule, archive);
        for (int i = 0; i < 10; ++i) expect_same_fetch(schedule, archive, random);
        if (HasFailure()) {
            ADD_FAILURE() << schedule.create_command("a.rrd") << '\n'
                          << schedule.update_command("a.rrd").substr(0, 2000);
            return;
        }
    }
}

}  // namespace
}  // namespace kurabe::tests
