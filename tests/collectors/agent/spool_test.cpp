// What waits for the server: in order, within its limits, and there again after a kill.
#include "collectors/agent/spool.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "tests/support/temporary_directory.hpp"

namespace kurabe::collectors::agent {
namespace {

using testing::HasSubstr;

class SpoolTest : public testing::Test {
  protected:
    [[nodiscard]] std::filesystem::path path() const { return directory_.path() / "spool"; }
    [[nodiscard]] Spool open(const SpoolLimits& limits = {}) const {
        auto spool = Spool::open(path(), limits);
        EXPECT_TRUE(spool) << spool.error().message;
        return *std::move(spool);
    }
    static std::string all(Spool& spool) {
        const auto batches = spool.oldest(1 << 20);
        EXPECT_TRUE(batches);
        return *batches ? (*batches)->lines : "";
    }
    static void add(Spool& spool, const std::string& lines) {
        const auto added = spool.add(lines);
        EXPECT_TRUE(added) << added.error().message;
    }
    [[nodiscard]] std::size_t files() const {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(path())) {
            count += entry.path().extension() == ".lines" ? 1 : 0;
        }
        return count;
    }

    tests::TemporaryDirectory directory_;
};

TEST_F(SpoolTest, GivesTheOldestFirstUntilTheyAreTaken) {
    Spool spool = open();
    EXPECT_FALSE(spool.oldest(100).value());
    for (const char* lines : {"a\n", "b\n", "c\n"}) add(spool, lines);
    add(spool, "");
    EXPECT_EQ(spool.batches(), 3U);
    const auto first = spool.oldest(4).value();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->lines, "a\nb\n");
    EXPECT_EQ(all(spool), "a\nb\nc\n");
    EXPECT_TRUE(spool.remove_through(first->last));
    EXPECT_EQ(all(spool), "c\n");
    EXPECT_EQ(files(), 1U);
    EXPECT_EQ(spool.oldest(1).value()->lines, "c\n");  // one at least
}

TEST_F(SpoolTest, IsThereAgainInOrderWithWhatCameLater) {
    {
        Spool spool = open();
        for (int i = 0; i < 12; ++i) add(spool, fmt::format("{}\n", i));
        EXPECT_TRUE(spool.remove_through(spool.oldest(1).value()->last));
    }
    Spool again = open();
    add(again, "12\n");
    EXPECT_EQ(all(again), "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n");
}

TEST_F(SpoolTest, BelongsToOneAgent) {
    const Spool spool = open();
    const auto second = Spool::open(path());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::kInUse);
}

TEST_F(SpoolTest, GivesUpTheOldestAtItsLimits) {
    const SpoolLimits limits{.bytes = 10, .memory_bytes = 10, .batches = 3};
    {
        Spool spool = open(limits);
        for (const char* lines : {"aaa\n", "bbb\n", "ccc\n"}) add(spool, lines);
        EXPECT_EQ(all(spool), "bbb\nccc\n");
        EXPECT_EQ(spool.dropped(), 1U);
        for (const char* lines : {"d\n", "e\n"}) add(spool, lines);
        EXPECT_EQ(all(spool), "ccc\nd\ne\n");
    }
    EXPECT_EQ(files(), 3U);
    Spool smaller = open({.bytes = 4, .memory_bytes = 10, .batches = 3});
    EXPECT_EQ(all(smaller), "d\ne\n");
    EXPECT_EQ(files(), 2U);
}

TEST_F(SpoolTest, KeepsToItsLimitsInMemory) {
    auto spool = Spool::open(std::nullopt, {.bytes = 100, .memory_bytes = 10, .batches = 3});
    ASSERT_TRUE(spool);
    for (const char* lines : {"aaa\n", "bbb\n", "ccc\n"}) add(*spool, lines);
    EXPECT_EQ(all(*spool), "bbb\nccc\n");
    EXPECT_FALSE(spool->is_lasting());
    EXPECT_TRUE(spool->remove_through(2));
    EXPECT_EQ(all(*spool), "ccc\n");
}

TEST_F(SpoolTest, PassesOverWhatIsNoneOfItsFiles) {
    {
        Spool spool = open();
        add(spool, "a\n");
    }
    std::ofstream(path() / ".kurabe-1-0") << "half a batch";
    std::ofstream(path() / "1.lines") << "x";
    std::ofstream(path() / "000000000000000000x1.lines") << "x";
    std::filesystem::create_directory(path() / "00000000000000000007.lines");
    Spool again = open();
    EXPECT_EQ(all(again), "a\n");
    EXPECT_FALSE(std::filesystem::exists(path() / ".kurabe-1-0"));
}

TEST_F(SpoolTest, SetsNothingAsideForWantOfDescriptors) {
    Spool spool = open();
    for (const char* lines : {"a\n", "b\n"}) add(spool, lines);
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
    const auto oldest = spool.oldest(100);
    ::setrlimit(RLIMIT_NOFILE, &before);
    ASSERT_FALSE(oldest);
    EXPECT_EQ(oldest.error().code, ErrorCode::kLimit);
    EXPECT_FALSE(Spool::is_lost(oldest.error().code));
    EXPECT_EQ(all(spool), "a\nb\n");
}

TEST_F(SpoolTest, SetsAsideWhatIsNoFile) {
    Spool spool = open();
    for (const char* lines : {"a\n", "b\n", "c\n"}) add(spool, lines);
    const auto second = path() / "00000000000000000002.lines";
    std::filesystem::remove(second);
    std::filesystem::create_symlink("/etc/passwd", second);  // not followed
    const auto first = spool.oldest(100).value();
    EXPECT_EQ(first->lines, "a\n");
    EXPECT_TRUE(spool.remove_through(first->last));
    EXPECT_FALSE(spool.oldest(100));
    EXPECT_EQ(all(spool), "c\n");
    EXPECT_TRUE(std::filesystem::is_symlink(second.string() + ".bad"));
}

// Files of this process may have no byte, as on a full disk, for as long as it lives.
class FullDisk {
  public:
    FullDisk() : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit none{.rlim_cur = 0, .rlim_max = before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &none);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

  private:
    rlimit before_{};
    void (*handler_)(int);
};

TEST_F(SpoolTest, AFullDiskTakesNoFileAway) {
    const SpoolLimits limits{.bytes = 100, .memory_bytes = 8, .batches = 10};
    {
        Spool spool = open(limits);
        for (const char* lines : {"aaa\n", "bbb\n"}) add(spool, lines);
        {
            const FullDisk full;
            for (const char* lines : {"ccc\n", "ddd\n", "eee\n"}) {
                const auto added = spool.add(lines);
                ASSERT_FALSE(added);
                EXPECT_EQ(added.error().code, ErrorCode::kNoSpace);
            }
        }
        EXPECT_EQ(spool.dropped(), 1U);
        EXPECT_EQ(files(), 2U);
        EXPECT_FALSE(spool.is_lasting());
        EXPECT_EQ(all(spool), "aaa\nbbb\nddd\neee\n");
        add(spool, "fff\n");
        EXPECT_TRUE(spool.is_lasting());
        EXPECT_EQ(files(), 5U);
    }
    Spool again = open(limits);
    EXPECT_EQ(all(again), "aaa\nbbb\nddd\neee\nfff\n");
}

TEST_F(SpoolTest, KeepsInMemoryWhatTheDiskDoesNotTake) {
    Spool spool = open();
    add(spool, "a\n");
    std::filesystem::remove_all(path());
    const auto failed = spool.add("b\n");
    ASSERT_FALSE(failed);
    EXPECT_THAT(failed.error().message, HasSubstr("No such file"));
    EXPECT_FALSE(spool.oldest(100));  // the file of the first is gone
    EXPECT_EQ(all(spool), "b\n");
    EXPECT_TRUE(spool.remove_through(2));
    EXPECT_EQ(spool.batches(), 0U);
}

}  // namespace
}  // namespace kurabe::collectors::agent
