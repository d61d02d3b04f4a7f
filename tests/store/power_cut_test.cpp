// What a power cut leaves: everything that was synced, and of all else any part, in any order. The
// store that opens it holds a beginning of what was appended, all of it that was committed.
#include <array>
#include <fstream>
#include <map>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "store/host_archive.hpp"
#include "store/journal.hpp"
#include "tests/store/store_scenario.hpp"
#include "tests/support/nightly.hpp"
#include "tests/support/system_calls.hpp"

namespace kurabe::store {
namespace {

namespace fs = std::filesystem;
using tests::SystemCall;
using Inode = ino_t;

std::string read_file(const fs::path& path) {
    std::string bytes(fs::file_size(path), '\0');
    std::ifstream(path, std::ios::binary).read(bytes.data(), std::ssize(bytes));
    return bytes;
}

// What a disk holds of a directory: the contents of files as of their last sync, the names of a
// directory as of its last one.
class Disk {
  public:
    explicit Disk(fs::path root) : root_(std::move(root)) {}

    // To be called after every system call.
    void see(const SystemCall& call) {
        const std::string_view name = call.name;
        if (name == "fdatasync" || name == "fsync") {
            sync(fs::path(fmt::format("/proc/self/fd/{}", call.descriptor)));
        } else if (name == "msync") {
            sync(mapped_file(call.memory));
        }
    }

    // A disk as it may be found when the power is cut now.
    void cut(std::mt19937_64& random, const fs::path& image) const {
        std::map<Inode, std::string> current;
        for (const auto& entry : fs::recursive_directory_iterator(root_)) {
            if (entry.is_regular_file()) current[inode_of(entry)] = read_file(entry);
        }
        for (const char* name : {".", "hosts", "journal"}) {
            const fs::path directory = root_ / name;
            if (!fs::is_directory(directory)) continue;
            fs::create_directories(image / name);
            const auto synced = names_.find(inode_of(directory));
            const bool is_old = random() % 2 == 0;
            const auto names = is_old && synced != names_.end() ? synced->second
                               : is_old                         ? std::map<std::string, Inode>{}
                                                                : names_in(directory);
            for (const auto& [file, inode] : names) {
                std::ofstream(image / name / file, std::ios::binary)
                    << mixed(random, inode, current);
            }
        }
    }

  private:
    static Inode inode_of(const fs::path& path) {
        struct stat status{};
        return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
    }
    static std::map<std::string, Inode> names_in(const fs::path& directory) {
        std::map<std::string, Inode> names;
        for (const auto& entry : fs::directory_iterator(directory)) {
            if (entry.is_regular_file()) names[entry.path().filename()] = inode_of(entry);
        }
        return names;
    }
    // A link to it that works when the file has no name any more.
    static fs::path mapped_file(const void* memory) {
        const auto address = reinterpret_cast<std::uintptr_t>(memory);
        for (const auto& entry : fs::directory_iterator("/proc/self/map_files")) {
            std::uintptr_t begin = 0;
            std::sscanf(entry.path().filename().c_str(), "%lx", &begin);
            if (begin == address) return entry.path();
        }
        return {};
    }

    void sync(const fs::path& file) {
        struct stat status{};
        if (::stat(file.c_str(), &status) != 0) return;
        if (S_ISDIR(status.st_mode)) {
            names_[status.st_ino] = names_in(fs::read_symlink(file));
        } else {
            contents_[status.st_ino] = read_file(file);
        }
    }

    // Pieces of what was synced and of what is there now, of either size.
    std::string mixed(std::mt19937_64& random, Inode inode,
                      const std::map<Inode, std::string>& current) const {
        constexpr std::size_t kPieceBytes = 512;
        const auto find = [&](const std::map<Inode, std::string>& contents) {
            const auto found = contents.find(inode);
            return found == contents.end() ? std::string() : found->second;
        };
        const std::string synced = find(contents_);
        const std::string now = current.contains(inode) ? find(current) : synced;
        std::string mix = random() % 2 == 0 ? synced : now;
        const std::uint64_t of_ten = random() % 11;
        for (std::size_t begin = 0; begin < mix.size(); begin += kPieceBytes) {
            const std::string& from = random() % 10 < of_ten ? synced : now;
            for (std::size_t i = begin; i < std::min(begin + kPieceBytes, mix.size()); ++i) {
                mix[i] = i < from.size() ? from[i] : '\0';
            }
        }
        return mix;
    }

    const fs::path root_;
    std::map<Inode, std::string> contents_;
    std::map<Inode, std::map<std::string, Inode>> names_;
};

class PowerCut : public testing::TestWithParam<int> {
  protected:
    void SetUp() override { fs::create_directories(root_); }
    void TearDown() override { fs::remove_all(root_); }

    // Runs a scenario until call number `cut_at`; what the disk holds then is in the directory
    // "image", and what had been committed is the result.
    std::int64_t run(std::uint64_t seed, std::uint64_t cut_at, bool commits_always) {
        std::mt19937_64 random(seed);
        const fs::path data = root_ / "data";
        Disk disk(data);
        std::int64_t committed = -1;
        std::int64_t committed_at_cut = -1;
        bool is_cut = false;
        const auto cut = [&] {
            if (std::exchange(is_cut, true)) return;
            committed_at_cut = committed;
            disk.cut(random, root_ / "image");
        };
        const tests::SystemCalls calls(
            [&, count = std::uint64_t{0}](const SystemCall&) mutable {
                if (++count == cut_at) cut();
                return 0;
            },
            [&](const SystemCall& call) { disk.see(call); });
        using namespace std::chrono_literals;
        auto options = tests::scenario_options(commits_always ? 0ms : 3'600'000ms);
        // Archives that are closed to open others are written at any time.
        if (seed % 3 == 0) options.open_archives_max = 3;
        const auto store = tests::open_store(data, options);
        tests::Scenario scenario(seed);
        for (std::int64_t number = 0; number < 60 && !is_cut; ++number) {
            // Which makes another one the least recently used.
            const auto any = static_cast<std::int64_t>(random() % tests::kScenarioHosts);
            (void)store->series(tests::scenario_host(any));
            const auto report = store->append(scenario.next());
            EXPECT_TRUE(report) << report.error().message;
            if (commits_always) committed = number;
            if (random() % 10 != 0) continue;
            EXPECT_TRUE(store->checkpoint());
            committed = number;
        }
        cut();
        return committed_at_cut;
    }

    // An archive that is ahead of the journal would miss the records that get its numbers later.
    void expect_no_archive_ahead() {
        const auto end = replay_journal(root_ / "image" / "journal",
                                        [](JournalRecord&) { return Result<void>{}; });
        ASSERT_TRUE(end);
        for (const auto& entry : fs::directory_iterator(root_ / "image" / "hosts")) {
            if (entry.path().extension() != ".kurabe") continue;
            const auto archive = HostArchive::open(entry, MappedFile::Access::kRead);
            ASSERT_TRUE(archive) << archive.error().message;
            EXPECT_LE(archive->applied_sequence(), end->last_sequence) << entry.path();
        }
    }

    void expect_a_beginning(std::uint64_t seed, std::int64_t committed) {
        auto options = tests::scenario_options(std::chrono::milliseconds{0});
        fs::create_directories(root_ / "image" / "hosts");
        expect_no_archive_ahead();
        const auto recovered = tests::open_store(root_ / "image", options);
        const std::int64_t last = tests::last_batch_of(*recovered);
        EXPECT_GE(last, committed) << "what was committed is lost";
        EXPECT_TRUE(recovered->recovery().complaints.empty())
            << recovered->recovery().complaints.front();
        const auto twin = tests::open_store(root_ / "twin", options);
        tests::Scenario scenario(seed);
        for (std::int64_t number = 0; number <= last; ++number) {
            ASSERT_TRUE(twin->append(scenario.next()));
        }
        EXPECT_EQ(tests::difference(*recovered, *twin), "");
        EXPECT_TRUE(recovered->damaged().empty());
    }

    const fs::path root_ =
        tests::fast_directory() / fmt::format("kurabe-power-{}-{}", ::getpid(), GetParam());
};

// Parts, so that they run side by side.
constexpr int kParts = 4;

TEST_P(PowerCut, LeavesABeginningWithAllThatWasCommitted) {
    const std::uint64_t seeds = (tests::is_nightly() ? 8000 : 240) / kParts;
    for (std::uint64_t i = 0; i < seeds; ++i) {
        const std::uint64_t seed = 1 + i * kParts + static_cast<std::uint64_t>(GetParam());
        SCOPED_TRACE(fmt::format("seed {}", seed));
        const std::uint64_t cut_at = 1 + seed * 0x9e3779b97f4a7c15 % 500;
        const std::int64_t committed = run(seed, cut_at, seed % 2 == 0);
        expect_a_beginning(seed, committed);
        if (HasFailure()) return;
        for (const char* name : {"data", "image", "twin"}) fs::remove_all(root_ / name);
    }
}

INSTANTIATE_TEST_SUITE_P(Parts, PowerCut, testing::Range(0, kParts));

}  // namespace
}  // namespace kurabe::store
