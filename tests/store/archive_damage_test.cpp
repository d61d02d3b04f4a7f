// Damaged archives are errors or, where only rows are hit, values; never a crash.
#include <cstring>
#include <random>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/store/archive_fixture.hpp"
#include "tests/support/nightly.hpp"

namespace kurabe::store {
namespace {

class ArchiveDamage : public ArchiveFixture {
  protected:
    const std::uint64_t kSeeds = tests::is_nightly() ? 50'000 : 2000;

    // An archive with values, closed; its layout.
    ArchiveLayout make_archive() {
        HostArchive archive = create();
        for (int minute = 0; minute < 30; ++minute) {
            append(archive, {gauge("a", minute, minute), gauge("b", 1, minute)});
        }
        if (!archive.checkpoint()) throw std::runtime_error("checkpoint");
        return archive.layout();
    }
    // Uses whatever opens: must end without a crash.
    void use() {
        auto archive = HostArchive::open(path(), MappedFile::Access::kWrite);
        if (!archive) {
            EXPECT_TRUE(archive.error().code == ErrorCode::kDamaged ||
                        archive.error().code == ErrorCode::kUnsupported)
                << archive.error().message;
            EXPECT_NE(archive.error().message.find("a.kurabe"), std::string::npos);
            return;
        }
        for (const Column& column : archive->columns()) {
            (void)archive->fetch(column.name(), {.start = kBegin, .end = kBegin + kMinute * 100});
        }
        (void)tests::append(*archive, "host", std::vector{gauge("a", 1, 200), gauge("c", 1, 200)});
        (void)archive->checkpoint();
    }
};

TEST_F(ArchiveDamage, EveryCutIsReported) {
    const ArchiveLayout layout = make_archive();
    const std::string bytes = read_file();
    for (std::size_t size = 0; size < bytes.size(); size += size < 5000 ? 13 : 509) {
        write_file(bytes.substr(0, size));
        const auto archive = HostArchive::open(path(), MappedFile::Access::kWrite);
        ASSERT_FALSE(archive) << size;
        EXPECT_EQ(archive.error().code, ErrorCode::kDamaged);
    }
}

TEST_F(ArchiveDamage, ACutThatWasFilledWithZeroesIsReportedOrHitsRowsOnly) {
    const ArchiveLayout layout = make_archive();
    const std::string bytes = read_file();
    for (std::size_t size = 0; size < bytes.size(); size += 251) {
        std::string zeroed = bytes;
        std::fill(zeroed.begin() + static_cast<std::ptrdiff_t>(size), zeroed.end(), '\0');
        write_file(zeroed);
        if (size < layout.state_offset(0)) {
            EXPECT_FALSE(HostArchive::open(path(), MappedFile::Access::kWrite)) << size;
        }
        use();
    }
}

TEST_F(ArchiveDamage, FlippedBytesNeverCrash) {
    const ArchiveLayout layout = make_archive();
    const std::string bytes = read_file();
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        std::mt19937_64 random(seed);
        std::string mutated = bytes;
        const std::size_t end = random() % 3 == 0 ? bytes.size() : layout.rings()[0].offset;
        for (std::uint64_t flips = random() % 4 + 1; flips > 0; --flips) {
            mutated[random() % end] ^= static_cast<char>(random() % 255 + 1);
        }
        write_file(mutated);
        use();
    }
}

// Rows that have a checksum are what they were, or unknown; also when an older state counts.
TEST_F(ArchiveDamage, FlippedBytesNeverMakeAnotherValue) {
    make_archive();
    const std::string bytes = read_file();
    // Rows that both rings hold. The last minute's run is not whole; all others are.
    const auto values_of = [](const HostArchive& archive, Cf cf, Seconds resolution) {
        return resolution == kMinute ? fetch(archive, "a.gauge", 20, 28, cf, resolution)
                                     : fetch(archive, "a.gauge", 9, 27, cf, resolution);
    };
    const std::vector<std::pair<Cf, Seconds>> rings{{Cf::kAverage, kMinute},
                                                    {Cf::kAverage, 3 * kMinute},
                                                    {Cf::kMin, 3 * kMinute},
                                                    {Cf::kMax, 3 * kMinute}};
    std::vector<std::vector<Value>> originals;
    {
        const HostArchive archive = open();
        for (const auto& [cf, resolution] : rings) {
            originals.push_back(values_of(archive, cf, resolution));
        }
    }
    const std::size_t rows_begin = open().layout().rings()[0].offset;
    std::uint64_t unknown = 0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        std::mt19937_64 random(seed);
        std::string mutated = bytes;
        const std::size_t begin = random() % 4 == 0 ? kHeaderBytes : rows_begin;
        for (std::uint64_t flips = random() % 30 + 1; flips > 0; --flips) {
            const std::size_t place = begin + random() % (mutated.size() - begin);
            mutated[place] ^= static_cast<char>(random() % 255 + 1);
        }
        write_file(mutated);
        const auto archive = HostArchive::open(path(), MappedFile::Access::kRead);
        if (!archive || archive->find({"plugin", "a.gauge"}) == nullptr) continue;
        for (std::size_t ring = 0; ring < rings.size(); ++ring) {
            const auto found = values_of(*archive, rings[ring].first, rings[ring].second);
            ASSERT_EQ(found.size(), originals[ring].size());
            for (std::size_t row = 0; row < found.size(); ++row) {
                if (is_unknown(found[row])) {
                    unknown += is_unknown(originals[ring][row]) ? 0 : 1;
                    continue;
                }
                ASSERT_EQ(found[row], originals[ring][row]) << ring << ' ' << row;
            }
        }
    }
    EXPECT_GT(unknown, kSeeds / 4) << "hardly a row was hit";
}

TEST_F(ArchiveDamage, AnyChangeOfTheHeaderPageIsReported) {
    make_archive();
    const std::string bytes = read_file();
    for (std::size_t offset = 0; offset < kHeaderBytes; offset += offset < 300 ? 1 : 97) {
        std::string mutated = bytes;
        mutated[offset] ^= 0x11;
        write_file(mutated);
        EXPECT_FALSE(HostArchive::open(path(), MappedFile::Access::kWrite)) << offset;
    }
}

// Mutations with right checksums: what a malicious file could hold.
TEST_F(ArchiveDamage, ForgedStatesWithRightChecksumsNeverCrash) {
    const ArchiveLayout layout = make_archive();
    const std::string bytes = read_file();
    const HostArchive archive = open();
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        std::mt19937_64 random(seed);
        std::vector<Column> columns(archive.columns().begin(), archive.columns().end());
        Column& column = columns[random() % columns.size()];
        const auto any = [&] { return static_cast<std::int64_t>(random() >> (random() % 64)); };
        switch (random() % 7) {
            case 0:
                column.last_time = SampleTime{std::chrono::microseconds{any()}};
                break;
            case 1:
                column.history_start = Time{Seconds{any() / 1000}};
                break;
            case 2:
                column.source.heartbeat = Seconds{any() % 1'000'000};
                break;
            case 3:
                column.pdp.unknown_seconds = random();
                break;
            case 4:
                column.cdps[random() % 3].unknown_pdps = random();
                break;
            case 5:
                column.last_raw = RawValue::of_integer(WideInteger{any()} << 64);
                break;
            default:
                column.key = "a.gauge";
                break;
        }
        const auto state = encode_state({.sequence = 1000}, columns);
        std::string forged = bytes;
        std::memcpy(&forged[layout.state_offset(0)], state.data(), state.size());
        write_file(forged);
        use();
    }
}

TEST_F(ArchiveDamage, ANewerVersionIsUnsupported) {
    make_archive();
    std::string bytes = read_file();
    bytes[8] = 2;
    write_file(bytes);
    const auto archive = HostArchive::open(path(), MappedFile::Access::kWrite);
    ASSERT_FALSE(archive);
    EXPECT_EQ(archive.error().code, ErrorCode::kUnsupported);
}

TEST_F(ArchiveDamage, OnlyRegularFilesAreOpened) {
    ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
    EXPECT_EQ(HostArchive::open(path(), MappedFile::Access::kWrite).error().code,
              ErrorCode::kDamaged);
    std::filesystem::remove(path());
    std::filesystem::create_symlink("/etc/passwd", path());
    EXPECT_EQ(HostArchive::open(path(), MappedFile::Access::kRead).error().code,
              ErrorCode::kDamaged);
}

TEST_F(ArchiveDamage, AFileCutInUseIsAnErrorOfEveryOperation) {
    make_archive();
    HostArchive archive = open();
    append(archive, {gauge("a", 1, 299)});
    ASSERT_EQ(::truncate(path().c_str(), kHeaderBytes), 0);
    const FetchRequest request{.start = kBegin + kMinute * 290, .end = kBegin + kMinute * 299};
    EXPECT_EQ(archive.fetch({"plugin", "a.gauge"}, request).error().code, ErrorCode::kDamaged);
    const std::vector samples{gauge("a", 1, 300)};
    EXPECT_EQ(tests::append(archive, "host", samples).error().code, ErrorCode::kDamaged);
    const auto written = archive.checkpoint();
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::kDamaged);
    EXPECT_EQ(std::filesystem::file_size(path()), kHeaderBytes);
}

// What lies behind the cut in its page reads as zeroes, without a fault; rows of a full block have
// a checksum, the others look like values.
TEST_F(ArchiveDamage, AFileCutInsideAPageIsAnError) {
    make_archive();
    const HostArchive archive = open();
    const std::int64_t last = 29;
    const std::uint64_t row = static_cast<std::uint64_t>(row_at(kBegin, kMinute) + last);
    const RingPlace& ring = archive.layout().rings()[0];
    const std::size_t open_block = archive.columns()[0].open_block(0);
    const std::uint64_t value = ArchiveLayout::open_offset(ring, 0, open_block, row);
    const FetchRequest request{.start = kBegin + kMinute * (last - 1),
                               .end = kBegin + kMinute * last};
    ASSERT_TRUE(archive.fetch({"plugin", "a.gauge"}, request));
    ASSERT_EQ(::truncate(path().c_str(), static_cast<off_t>(value)), 0);
    const auto fetched = archive.fetch({"plugin", "a.gauge"}, request);
    ASSERT_FALSE(fetched);
    EXPECT_EQ(fetched.error().code, ErrorCode::kDamaged);
}

TEST_F(ArchiveDamage, TheGuardTurnsAFaultIntoAFlagAndLeavesOthersAlone) {
    write_file(std::string(3 * 4096, 'x'));
    auto file = File::open(path(), File::Access::kWrite);
    auto mapping = MappedFile::map(*file, MappedFile::Access::kWrite, 3 * 4096);
    ASSERT_TRUE(mapping);
    ASSERT_EQ(::truncate(path().c_str(), 4096), 0);
    auto* bytes = reinterpret_cast<volatile unsigned char*>(mapping->bytes().data());
    {
        const BusGuard guard(*mapping);
        EXPECT_EQ(+bytes[0], 'x');
        EXPECT_FALSE(guard.tripped());
        EXPECT_EQ(+bytes[2 * 4096], 0);
        EXPECT_TRUE(guard.tripped());
        bytes[2 * 4096 + 1] = 1;
    }
    {
        const BusGuard later(*mapping);
        EXPECT_EQ(+bytes[2 * 4096], 0);
        EXPECT_TRUE(later.tripped()) << "zeroes in the place of lost bytes look like values";
    }
    EXPECT_DEATH((void)bytes[4096], "");
}

}  // namespace
}  // namespace kurabe::store
