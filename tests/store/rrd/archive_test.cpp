// Files in use: read and changed in place, locked against rrdtool and threads, cut and replaced.
#include "store/rrd/archive.hpp"

#include <atomic>
#include <cstring>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "tests/support/child_process.hpp"
#include "tests/support/files.hpp"
#include "tests/support/rrdtool_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace kurabe::store::rrd {
namespace {

using testing::HasSubstr;
using Access = File::Access;

constexpr LockWait kAtOnce{std::chrono::milliseconds{0}};

// Opens a file in a thread of its own, while another writes it.
class Waiting {
  public:
    // Returns when the thread is at it: it holds its descriptor and is not let in.
    Waiting(const std::filesystem::path& path, Access access) {
        EXPECT_EQ(Archive::open(path, access, kAtOnce).error().code, ErrorCode::kInUse);
        const auto before = descriptors_of(path);
        thread_ = std::thread([this, path, access] {
            opened_ = Archive::open(path, access);
            has_ended_ = true;
        });
        while (descriptors_of(path) == before) std::this_thread::yield();
    }
    ~Waiting() { (void)opened(); }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

    [[nodiscard]] bool has_ended() const { return has_ended_; }
    // What it opened, once it was let in.
    Result<Archive> opened() {
        if (thread_.joinable()) thread_.join();
        return std::move(opened_);
    }

  private:
    // How many of this process's are of that file.
    static std::size_t descriptors_of(const std::filesystem::path& path) {
        std::size_t count = 0;
        for (const auto& link : std::filesystem::directory_iterator("/proc/self/fd")) {
            std::error_code closed_meanwhile;
            if (std::filesystem::read_symlink(link, closed_meanwhile) == path) ++count;
        }
        return count;
    }

    Result<Archive> opened_ = fail(ErrorCode::kInvalid, "not opened yet");
    std::atomic<bool> has_ended_ = false;
    std::thread thread_;
};

class RrdArchive : public testing::Test {
  protected:
    void SetUp() override {
        if (!tests::RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
        rrdtool(
            "create {} -b 1000000000 -s 60 DS:a:GAUGE:600:U:U DS:b:COUNTER:600:0:100 "
            "RRA:AVERAGE:0.5:1:10 RRA:MAX:0.5:5:8");
        rrdtool("update {} 1000000060:1:100 1000000120:2:200 1000000180:3:300 1000000245.5:4:400");
    }
    void rrdtool(std::string command) {
        command.replace(command.find("{}"), 2, path_.string());
        const auto answer = rrdtool_.run(command);
        ASSERT_TRUE(answer.ok) << answer.text;
    }

    tests::TemporaryDirectory directory_;
    const std::filesystem::path path_ = directory_.path() / "a.rrd";
    tests::RrdtoolProcess rrdtool_;
};

TEST_F(RrdArchive, HeaderOfRrdtoolIsEncodedByteForByte) {
    const auto archive = Archive::open(path_, Access::kRead);
    ASSERT_TRUE(archive) << archive.error().message;
    const Header& header = archive->header();
    EXPECT_EQ(header.last_update(), SampleTime{std::chrono::milliseconds{1'000'000'245'500}});
    const std::string file = tests::read_file(path_);
    ASSERT_EQ(file.size(), header.file_bytes());
    std::vector<std::byte> bytes(header.bytes());
    encode_header(header, bytes);
    EXPECT_TRUE(std::memcmp(bytes.data(), file.data(), bytes.size()) == 0);
}

TEST_F(RrdArchive, ReadsRowsAroundTheEndOfTheRing) {
    const auto archive = Archive::open(path_, Access::kRead);
    ASSERT_TRUE(archive);
    const std::uint64_t newest = archive->header().current_rows[0];
    std::vector<Value> rows(20);
    ASSERT_TRUE(archive->read_rows(0, (newest + 1) % 10, rows));
    EXPECT_DOUBLE_EQ(rows[18], (40 * 3 + 20 * 4) / 60.0);
    EXPECT_DOUBLE_EQ(rows[16], (40 * 2 + 20 * 3) / 60.0);
    EXPECT_TRUE(is_unknown(rows[0]));
}

TEST_F(RrdArchive, CommitsRowsAndStateThatRrdtoolReads) {
    auto archive = Archive::open(path_, Access::kWrite);
    ASSERT_TRUE(archive);
    Header& state = archive->state();
    state.live = {.last_update_seconds = 1'000'000'300, .last_update_micros = 0};
    state.current_rows[0] = (state.current_rows[0] + 1) % 10;
    RowWrites rows(2);
    const auto row = rows.add({.rra = 0, .row = state.current_rows[0]});
    row[0] = 42;
    row[1] = as_stored(kUnknown);
    ASSERT_TRUE(archive->commit(rows));
    archive->unlock();
    EXPECT_EQ(rrdtool_.run("last " + path_.string()).text, "1000000300\n");
    EXPECT_THAT(
        rrdtool_.run("fetch " + path_.string() + " AVERAGE -s 1000000240 -e 1000000299").text,
        HasSubstr("1000000260: 4.2000000000e+01 -nan"));
}

TEST_F(RrdArchive, DiscardTakesBackWhatWasNotCommitted) {
    auto archive = Archive::open(path_, Access::kWrite);
    ASSERT_TRUE(archive);
    archive->state().live.last_update_seconds = 5;
    archive->state().pdps[1] = {};
    ASSERT_TRUE(archive->discard());
    EXPECT_EQ(archive->header().live.last_update_seconds, 1'000'000'245);
    EXPECT_EQ(text_of(archive->header().pdps[1].last_reading), "400");
}

TEST_F(RrdArchive, WritersExcludeRrdtoolAndEachOther) {
    auto archive = Archive::open(path_, Access::kWrite);
    ASSERT_TRUE(archive);
    EXPECT_THAT(rrdtool_.run("info " + path_.string()).text, HasSubstr("could not lock RRD"));
    EXPECT_EQ(Archive::open(path_, Access::kRead, kAtOnce).error().message, "could not lock RRD");
    const auto second = Archive::open(path_, Access::kWrite, {std::chrono::milliseconds{30}});
    EXPECT_EQ(second.error().code, ErrorCode::kInUse);
    EXPECT_THAT(second.error().message, HasSubstr("could not lock RRD (another program"));
    archive->unlock();
    EXPECT_TRUE(rrdtool_.run("info " + path_.string()).ok);
    EXPECT_TRUE(Archive::open(path_, Access::kWrite, kAtOnce));
}

TEST_F(RrdArchive, ReadersShareAndKeepWritersOut) {
    const auto one = Archive::open(path_, Access::kRead);
    EXPECT_TRUE(Archive::open(path_, Access::kRead, kAtOnce));
    EXPECT_TRUE(rrdtool_.run("info " + path_.string()).ok);
    EXPECT_THAT(rrdtool_.run("update " + path_.string() + " N:1:1").text,
                HasSubstr("could not lock RRD"));
}

TEST_F(RrdArchive, AWriterWaitsUntilTheOtherIsDone) {
    auto archive = Archive::open(path_, Access::kWrite);
    ASSERT_TRUE(archive);
    Waiting waiting(path_, Access::kWrite);
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    EXPECT_FALSE(waiting.has_ended());
    archive->unlock();
    EXPECT_TRUE(waiting.opened());
}

TEST_F(RrdArchive, AReaderWaitsToo) {
    auto archive = Archive::open(path_, Access::kWrite);
    ASSERT_TRUE(archive);
    Waiting waiting(path_, Access::kRead);
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    EXPECT_FALSE(waiting.has_ended());
    archive->unlock();
    EXPECT_TRUE(waiting.opened());
}

// The old file lives on under a second name, as a backup of hard links has it.
TEST_F(RrdArchive, AWriterWhoWaitedFindsTheFileThatReplacedTheOther) {
    const auto backup = directory_.path() / "backup.rrd";
    std::filesystem::create_hard_link(path_, backup);
    const std::string before = tests::read_file(backup);
    auto archive = Archive::open(path_, Access::kWrite);
    ASSERT_TRUE(archive);
    Waiting waiting(path_, Access::kWrite);
    std::filesystem::copy(path_, directory_.path() / "new.rrd");
    std::filesystem::rename(directory_.path() / "new.rrd", path_);
    archive->unlock();
    auto found = waiting.opened();
    ASSERT_TRUE(found) << found.error().message;
    found->state().live.last_update_seconds = 1'000'000'300;
    ASSERT_TRUE(found->commit(RowWrites(2)));
    EXPECT_EQ(tests::read_file(backup), before);
    EXPECT_EQ(rrdtool_.run("last " + backup.string()).text, "1000000245\n");
    found->unlock();
    EXPECT_EQ(rrdtool_.run("last " + path_.string()).text, "1000000300\n");
}

TEST_F(RrdArchive, AFileWithoutANameOpensByItsDescriptor) {
    const auto file = File::open(path_, Access::kWrite);
    ASSERT_TRUE(file);
    std::filesystem::remove(path_);
    const std::string path = "/dev/fd/" + std::to_string(file->descriptor());
    for (const Access access : {Access::kRead, Access::kWrite}) {
        auto archive = Archive::open(path, access);
        ASSERT_TRUE(archive) << archive.error().message;
        EXPECT_EQ(archive->header().live.last_update_seconds, 1'000'000'245);
        archive->unlock();
        EXPECT_TRUE(archive->lock_again());
    }
}

TEST_F(RrdArchive, SeesWhatOthersDidWhileItWasUnlocked) {
    auto archive = Archive::open(path_, Access::kWrite);
    ASSERT_TRUE(archive);
    archive->unlock();
    rrdtool("update {} 1000000360:7:700");
    rrdtool("tune {} -h a:1234");
    ASSERT_TRUE(archive->lock_again());
    EXPECT_EQ(archive->header().live.last_update_seconds, 1'000'000'360);
    EXPECT_EQ(archive->header().source(0).heartbeat, Seconds{1234});
}

TEST_F(RrdArchive, NoticesThatItWasReplacedOrCut) {
    auto archive = Archive::open(path_, Access::kWrite);
    ASSERT_TRUE(archive);
    archive->unlock();
    std::filesystem::copy(path_, directory_.path() / "b.rrd");
    std::filesystem::rename(directory_.path() / "b.rrd", path_);
    EXPECT_EQ(archive->lock_again().error().code, ErrorCode::kNotFound);

    archive = Archive::open(path_, Access::kWrite);
    ASSERT_TRUE(archive);
    std::filesystem::resize_file(path_, 0);
    EXPECT_EQ(archive->discard().error().message,
              "'" + path_.string() + "' was cut while it was in use");
    EXPECT_EQ(archive->commit(RowWrites(2)).error().code, ErrorCode::kDamaged);
    archive->unlock();
    EXPECT_EQ(archive->lock_again().error().code, ErrorCode::kDamaged);
    EXPECT_TRUE(lock_file(File::open(path_, Access::kWrite).value(), Access::kWrite, kAtOnce))
        << "whose use failed has no lock";
}

TEST_F(RrdArchive, RefusesWhatIsNoRegularFile) {
    const auto message = [](const std::filesystem::path& path) {
        return Archive::open(path, Access::kRead, kAtOnce).error().message;
    };
    const auto at = [&](const char* name) { return directory_.path() / name; };
    EXPECT_EQ(message(at("none.rrd")),
              "opening '" + at("none.rrd").string() + "': No such file or directory");
    EXPECT_THAT(message(directory_.path()), HasSubstr("Is a directory"));
    ASSERT_EQ(mkfifo(at("pipe").c_str(), 0600), 0);
    EXPECT_THAT(message(at("pipe")), HasSubstr("Invalid argument"));
    EXPECT_THAT(message("/dev/zero"), HasSubstr("Invalid argument"));
    std::ofstream(at("empty")).flush();
    EXPECT_THAT(message(at("empty")), HasSubstr("is empty"));
    std::filesystem::create_symlink(path_, at("link.rrd"));
    EXPECT_TRUE(Archive::open(at("link.rrd"), Access::kWrite));
}

// Of which a copy can have no room for its rows; rrdtool dies of SIGBUS when the disk is full then.
class RrdArchiveWithHoles : public RrdArchive {
  protected:
    void SetUp() override {
        RrdArchive::SetUp();
        if (IsSkipped()) return;
        rrdtool("create {} -b 1000000000 -s 60 DS:a:GAUGE:600:U:U RRA:AVERAGE:0.5:1:100000");
        file_bytes_ = std::filesystem::file_size(path_);
    }
    // `behind` bytes follow the file's own.
    void copy_sparsely(const std::filesystem::path& to, std::size_t behind = 0) const {
        std::ofstream(to, std::ios::binary) << tests::read_file(path_).substr(0, 4096);
        std::filesystem::resize_file(to, file_bytes_);
        std::ofstream(to, std::ios::binary | std::ios::app) << std::string(behind, 'x');
    }
    // Holes have no blocks.
    static bool has_holes(const std::filesystem::path& path) {
        struct stat status {};
        EXPECT_EQ(::stat(path.c_str(), &status), 0);
        return status.st_blocks * 512 < status.st_size;
    }

    std::uint64_t file_bytes_ = 0;
};

TEST_F(RrdArchiveWithHoles, HolesAreFilledBeforeAnythingIsStored) {
    const auto sparse = directory_.path() / "sparse.rrd";
    for (const std::size_t behind : {0, 2'000'000}) {
        copy_sparsely(sparse, behind);
        if (!has_holes(sparse)) GTEST_SKIP() << "this file system has no holes";
        const std::string before = tests::read_file(sparse);
        ASSERT_TRUE(Archive::open(sparse, Access::kWrite));
        EXPECT_FALSE(has_holes(sparse)) << behind;
        EXPECT_EQ(tests::read_file(sparse), before);
    }
}

TEST_F(RrdArchiveWithHoles, WithoutRoomForHolesAFileIsOnlyRead) {
    const auto small = directory_.path() / "small";
    std::filesystem::create_directory(small);
    if (mount("tmpfs", small.c_str(), "tmpfs", 0, "size=64k") != 0) {
        GTEST_SKIP() << "mounting a small file system takes root";
    }
    copy_sparsely(small / "a.rrd");
    EXPECT_EQ(Archive::open(small / "a.rrd", Access::kWrite).error().code, ErrorCode::kNoSpace);
    EXPECT_TRUE(Archive::open(small / "a.rrd", Access::kRead));
    EXPECT_EQ(umount(small.c_str()), 0);
}

}  // namespace
}  // namespace kurabe::store::rrd
