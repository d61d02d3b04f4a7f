// A series that moves between a host archive and an .rrd file in the middle of its life: rrdtool
// must go on where the store stopped, and the store where rrdtool stopped, bit for bit.
#include <algorithm>
#include <bit>
#include <fstream>
#include <tuple>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/host_archive.hpp"
#include "store/rrd/series_file.hpp"
#include "store/rrd/series_import.hpp"
#include "tests/differential/rrd_file.hpp"
#include "tests/differential/schedule.hpp"
#include "tests/support/archive_append.hpp"
#include "tests/support/nightly.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::tests {
namespace {

using namespace store;

std::uint64_t bits(double value) {
    return is_unknown(value) ? UINT64_MAX : std::bit_cast<std::uint64_t>(value);
}

// In one order, whatever made the file.
std::vector<RrdRra> sorted_rras(RrdFile file) {
    std::ranges::stable_sort(file.rras, {}, [](const RrdRra& rra) {
        return std::tuple(rra.cf, rra.pdp_per_row, rra.rows);
    });
    return std::move(file.rras);
}

class SeriesFileDifferential : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    }

    void rrdtool(const std::string& command) {
        const auto answer = rrdtool_.run(command);
        ASSERT_TRUE(answer.ok) << answer.text << '\n' << command;
    }

    HostArchive new_archive(const Schedule& schedule) {
        std::filesystem::remove(archive_);
        auto archive =
            HostArchive::create(archive_, {.retention = schedule.retention, .columns = 1});
        EXPECT_TRUE(archive) << archive.error().message;
        return std::move(*archive);
    }

    static void append(HostArchive& archive, const Schedule& schedule) {
        const auto report = tests::append(archive, "host", schedule.store_samples());
        EXPECT_TRUE(report) << report.error().message;
    }

    static void write_series(const HostArchive& archive, const Schedule& schedule,
                             const std::filesystem::path& path) {
        const auto copy = archive.copy({"plugin", schedule.key()});
        ASSERT_TRUE(copy) << copy.error().message;
        std::ofstream(path, std::ios::binary) << rrd::series_file(*copy);
    }

    static void insert_file(HostArchive& archive, const Schedule& schedule,
                            const std::filesystem::path& path) {
        const auto file = rrd::Archive::open(path, File::Access::kRead);
        ASSERT_TRUE(file) << file.error().message;
        auto imported = rrd::import_series(*file, 0, archive.layout().shape().retention);
        ASSERT_TRUE(imported) << imported.error().message;
        EXPECT_TRUE(imported->losses.empty()) << imported->losses.front();
        imported->copy.column.plugin = "plugin";
        imported->copy.column.key = schedule.key();
        const auto inserted = archive.insert(imported->copy);
        ASSERT_TRUE(inserted) << inserted.error().message;
    }

    static Retention rings_of(const std::filesystem::path& path) {
        const auto file = rrd::Archive::open(path, File::Access::kRead);
        EXPECT_TRUE(file) << file.error().message;
        return rrd::retention_of(file->header()).value();
    }

    static void expect_same_rras(const RrdFile& ours, const RrdFile& theirs) {
        const auto our_rras = sorted_rras(ours);
        const auto their_rras = sorted_rras(theirs);
        ASSERT_EQ(our_rras.size(), their_rras.size());
        for (std::size_t i = 0; i < our_rras.size(); ++i) {
            const RrdRra& rra = our_rras[i];
            ASSERT_EQ(rra.values.size(), their_rras[i].values.size());
            for (const auto& [time, value] : their_rras[i].values) {
                ASSERT_TRUE(rra.values.contains(time)) << rra.cf << " at " << time;
                ASSERT_EQ(bits(rra.values.at(time)), bits(value))
                    << rra.cf << ' ' << rra.pdp_per_row << " at " << time;
            }
            if (rra.pdp_per_row == 1) continue;
            EXPECT_EQ(bits(rra.cdp_value), bits(their_rras[i].cdp_value)) << rra.cf;
            EXPECT_EQ(rra.cdp_unknown, their_rras[i].cdp_unknown) << rra.cf;
        }
    }

    // The whole schedule on one side only, as a file.
    void expect_same_files(const std::filesystem::path& ours, const std::filesystem::path& theirs) {
        const RrdFile our_file = RrdFile::read(ours);
        const RrdFile their_file = RrdFile::read(theirs);
        EXPECT_EQ(bits(our_file.pdp_value), bits(their_file.pdp_value));
        EXPECT_EQ(our_file.pdp_unknown_seconds, their_file.pdp_unknown_seconds);
        expect_same_rras(our_file, their_file);
    }

    template <typename Check>
    void for_random_schedules(Check check) {
        const std::uint64_t schedules = is_nightly() ? 3000 : 200;
        for (std::uint64_t seed = 1; seed <= schedules; ++seed) {
            SCOPED_TRACE(fmt::format("seed {}", seed));
            Random random(seed);
            const Schedule schedule = Schedule::make(random);
            const auto count = static_cast<std::int64_t>(schedule.samples.size());
            check(schedule, static_cast<std::size_t>(pick(random, 1, count)));
            if (HasFailure()) return;
        }
    }

    TemporaryDirectory directory_;
    const std::filesystem::path archive_ = directory_.path() / "a.kurabe";
    const std::filesystem::path ours_ = directory_.path() / "ours.rrd";
    const std::filesystem::path theirs_ = directory_.path() / "theirs.rrd";
    RrdtoolProcess rrdtool_;
};

TEST_F(SeriesFileDifferential, RrdtoolGoesOnWithAnExportedSeries) {
    for_random_schedules([this](const Schedule& schedule, std::size_t moved) {
        HostArchive archive = new_archive(schedule);
        append(archive, schedule.before(moved));
        write_series(archive, schedule, theirs_);
        append(archive, schedule.from(moved));
        if (moved < schedule.samples.size()) {
            rrdtool(schedule.from(moved).update_command(theirs_.string()));
        }
        write_series(archive, schedule, ours_);
        expect_same_files(ours_, theirs_);
    });
}

TEST_F(SeriesFileDifferential, TheStoreGoesOnWithAnImportedFile) {
    for_random_schedules([this](const Schedule& schedule, std::size_t moved) {
        std::filesystem::remove(theirs_);
        rrdtool(schedule.create_command(theirs_.string()));
        rrdtool(schedule.before(moved).update_command(theirs_.string()));
        Schedule same_xff = schedule;  // rrdtool reads 0.999 as the next number
        same_xff.retention.xff = rings_of(theirs_).xff;
        HostArchive archive = new_archive(same_xff);
        insert_file(archive, schedule, theirs_);
        append(archive, schedule.from(moved));
        if (moved < schedule.samples.size()) {
            rrdtool(schedule.from(moved).update_command(theirs_.string()));
        }
        write_series(archive, schedule, ours_);
        expect_same_files(ours_, theirs_);
    });
}

TEST_F(SeriesFileDifferential, AnArchiveOfTheFilesOwnRingsLosesNothing) {
    for_random_schedules([this](const Schedule& schedule, std::size_t) {
        std::filesystem::remove(theirs_);
        rrdtool(schedule.create_command(theirs_.string()));
        rrdtool(schedule.update_command(theirs_.string()));
        Schedule own = schedule;
        own.retention = rings_of(theirs_);
        HostArchive archive = new_archive(own);
        insert_file(archive, own, theirs_);
        for (const RingShape& ring : own.retention.rings) {
            const auto longest = std::ranges::max(schedule.retention.rings, {}, [&](const auto& r) {
                return r.pdp_per_row == ring.pdp_per_row ? r.rows : 0;
            });
            EXPECT_EQ(ring.rows, longest.rows);
        }
    });
}

}  // namespace
}  // namespace kurabe::tests
