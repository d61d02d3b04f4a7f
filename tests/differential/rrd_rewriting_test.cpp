// What can come between while a file is made or rewritten: no room, no permission, a kill, an
// update. The file is always the old one or the new one, and nothing is left beside it.
#include <csignal>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/differential/rrd_twin.hpp"
#include "tests/support/files.hpp"
#include "tests/support/small_disk.hpp"

namespace kurabe::tests {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

// Every file of a directory with its bytes.
using Contents = std::set<std::pair<std::string, std::string>>;

Contents contents_of(const std::filesystem::path& directory) {
    Contents contents;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        contents.emplace(entry.path().filename(), read_file(entry.path()));
    }
    return contents;
}

// 400 000 bytes in a.rrd, to which these add as many or more.
const std::string kSmall = "create a.rrd -b 1000000000 -s 1 DS:a:GAUGE:9:U:U RRA:LAST:0.5:1:50000";
const std::vector<std::string> kRewriting{
    "create a.rrd -b 1000000000 -s 1 DS:a:GAUGE:9:U:U RRA:LAST:0.5:1:100000",
    "create new.rrd -b 1000000000 -s 1 DS:a:GAUGE:9:U:U RRA:LAST:0.5:1:100000",
    "create a.rrd -s 1 -r a.rrd DS:a:GAUGE:9:U:U RRA:LAST:0.5:1:100000",
    "tune a.rrd RRA#0:+50000",
    "tune a.rrd RRA:MAX:0.5:1:50000",
    "tune a.rrd DS:b:GAUGE:9:U:U",
    "resize a.rrd 0 GROW 50000",
    "dump a.rrd out.xml",
    "restore -f a.xml a.rrd",
    "restore a.xml new.rrd"};

// For restore: a file twice as large.
const std::string kXml = "create b.rrd -b 1000000000 -s 1 DS:a:GAUGE:9:U:U RRA:LAST:0.5:1:100000";

class RrdRewriting : public testing::Test {
  protected:
    void SetUp() override {
        if (!RrdtoolProcess::is_installed()) GTEST_SKIP() << "rrdtool is not installed";
    }

    // In the directory that is current.
    void make_files() {
        ASSERT_TRUE(twin_.run_ours(kXml).ok);
        ASSERT_TRUE(twin_.run_ours("dump b.rrd " + (twin_.theirs() / "a.xml").string()).ok);
        std::filesystem::remove("b.rrd");
        ASSERT_TRUE(twin_.run_ours(kSmall).ok);
        ASSERT_TRUE(twin_.run_ours("update a.rrd 1000000001:1 1000000002:2").ok);
    }
    // The dump lies where there is room.
    [[nodiscard]] std::string with_dump(const std::string& command) const {
        const auto place = command.find("a.xml");
        if (place == std::string::npos) return command;
        return std::string(command).replace(place, 5, (twin_.theirs() / "a.xml").string());
    }
    void expect_no_effect(const std::string& command, const testing::Matcher<std::string>& reason) {
        SCOPED_TRACE(command);
        const Contents before = contents_of(".");
        const auto answer = twin_.run_ours(with_dump(command));
        EXPECT_FALSE(answer.ok);
        EXPECT_THAT(answer.text, reason);
        EXPECT_TRUE(contents_of(".") == before);
    }

    RrdTwin twin_;
};

TEST_F(RrdRewriting, AFileSizeLimitIsAnErrorAndLeavesNothing) {
    make_files();
    for (const std::string& command : kRewriting) {
        const FileSizeLimit limit(600'000);
        expect_no_effect(command, HasSubstr("File too large"));
    }
}

TEST_F(RrdRewriting, AFullDiskIsAnErrorAndLeavesNothing) {
    const SmallDisk disk("1m");
    if (!disk.is_mounted()) GTEST_SKIP() << SmallDisk::kNeedsRoot;
    std::filesystem::current_path(disk.path());
    make_files();
    for (const std::string& command : kRewriting) {
        expect_no_effect(command, HasSubstr("No space left on device"));
    }
    std::filesystem::current_path(twin_.ours());
}

TEST_F(RrdRewriting, AReadOnlyDirectoryIsAnErrorAndLeavesNothing) {
    const SmallDisk disk("8m");
    if (!disk.is_mounted()) GTEST_SKIP() << SmallDisk::kNeedsRoot;
    std::filesystem::current_path(disk.path());
    make_files();
    ASSERT_TRUE(disk.make_read_only());
    for (const std::string& command : kRewriting) {
        expect_no_effect(command, HasSubstr("Read-only file system"));
    }
    expect_no_effect("tune a.rrd -h a:5", HasSubstr("Read-only file system"));
    std::filesystem::current_path(twin_.ours());
}

TEST_F(RrdRewriting, NoDirectoryIsAnError) {
    make_files();
    expect_no_effect("create none/a.rrd DS:a:GAUGE:9:U:U RRA:LAST:0.5:1:10",
                     HasSubstr("No such file or directory"));
    expect_no_effect("restore a.xml none/a.rrd", HasSubstr("No such file or directory"));
    expect_no_effect("dump a.rrd none/out.xml", HasSubstr("No such file or directory"));
}

// A child process that does `work` until it is done or killed.
class Child {
  public:
    explicit Child(const std::function<void()>& work) : pid_(::fork()) {
        if (pid_ != 0) return;
        work();
        ::_exit(0);
    }
    ~Child() { stop(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    void stop() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }
    [[nodiscard]] bool is_running() {
        if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = 0;
        return pid_ > 0;
    }

  private:
    pid_t pid_;
};

// Calls `look` before and after each system call of a child process that does `work`: what is there
// then is what a kill at that moment leaves.
void at_every_call(const std::function<void()>& work, const std::function<void()>& look) {
    const pid_t pid = ::fork();
    ASSERT_NE(pid, -1);
    if (pid == 0) {
        ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        ::raise(SIGSTOP);
        work();
        ::_exit(0);
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
        look();
        ::ptrace(PTRACE_SYSCALL, pid, nullptr, nullptr);
    }
    EXPECT_TRUE(WIFEXITED(status));
}

TEST_F(RrdRewriting, AKillLeavesTheOldOrTheNewFile) {
    make_files();
    const std::string old = read_file("a.rrd");
    for (const char* command : {"create a.rrd -b 1000000000 -s 1 DS:a:GAUGE:9:U:U "
                                "RRA:LAST:0.5:1:100000",
                                "restore -f a.xml a.rrd", "tune a.rrd RRA#0:+50000"}) {
        SCOPED_TRACE(command);
        ASSERT_TRUE(twin_.run_ours(with_dump(command)).ok);
        const std::string made = read_file("a.rrd");
        std::ofstream("a.rrd", std::ios::binary) << old;
        int before = 0;
        int after = 0;
        int neither = 0;
        at_every_call([&] { (void)twin_.run_ours(with_dump(command)); },
                      [&] {
                          const std::string left = read_file("a.rrd");
                          ++(left == old ? before : left == made ? after : neither);
                      });
        EXPECT_GT(before, 0);
        EXPECT_GT(after, 0);
        EXPECT_EQ(neither, 0);
        std::ofstream("a.rrd", std::ios::binary) << old;
    }
}

TEST_F(RrdRewriting, AKillLeavesNoHalfOfResize) {
    make_files();
    ASSERT_TRUE(twin_.run_ours("resize a.rrd 0 GROW 50000").ok);
    const std::string made = read_file("resize.rrd");
    std::filesystem::remove("resize.rrd");
    int before = 0;
    int after = 0;
    int neither = 0;
    at_every_call([&] { (void)twin_.run_ours("resize a.rrd 0 GROW 50000"); },
                  [&] {
                      const bool is_there = std::filesystem::exists("resize.rrd");
                      ++(!is_there ? before : read_file("resize.rrd") == made ? after : neither);
                  });
    EXPECT_GT(before, 0);
    EXPECT_GT(after, 0);
    EXPECT_EQ(neither, 0);
}

// An updater that waited for the old file's lock goes on with the new file.
TEST_F(RrdRewriting, UpdatesGoIntoTheNewFile) {
    constexpr int kUpdates = 1000;
    ASSERT_TRUE(twin_
                    .run_ours("create a.rrd -b 1000000000 -s 1 DS:a:GAUGE:9:U:U "
                              "RRA:LAST:0.5:1:1000")
                    .ok);
    Child updater([&] {
        for (int i = 1; i <= kUpdates; ++i) {
            const auto updated =
                twin_.run_ours(fmt::format("update a.rrd {}:{}", 1'000'000'000 + i, i));
            if (!updated.ok) return static_cast<void>(fmt::print("{}\n", updated.text));
        }
    });
    int tuned = 0;
    while (updater.is_running()) {
        const char* const command =
            tuned % 2 == 0 ? "tune a.rrd RRA#0:+500" : "tune a.rrd RRA#0:=1000";
        ASSERT_TRUE(twin_.run_ours(command).ok);
        ++tuned;
    }
    fmt::print("rewritten {} times\n", tuned);
    ASSERT_TRUE(twin_.run_ours("tune a.rrd RRA#0:=1000").ok);
    const std::string dump = twin_.run_ours("dump a.rrd").text;
    EXPECT_THAT(dump, HasSubstr("<lastupdate>1000001000<"));
    EXPECT_EQ(dump.find("<v>NaN"), std::string::npos) << "an update is missing";
}

}  // namespace
}  // namespace kurabe::tests
